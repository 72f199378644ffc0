# SPDX-License-Identifier: Apache-2.0
"""The defaults, one file each; found by `webhook.defaulting`, listed nowhere."""
