# SPDX-License-Identifier: Apache-2.0
"""The rules, one file each; found by `webhook.review`, listed nowhere."""
