# SPDX-License-Identifier: Apache-2.0
"""The rules' cases: one file per rule, in AWS names, rendered into every group."""
