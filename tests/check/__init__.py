# SPDX-License-Identifier: Apache-2.0
"""The check: the gate's verdict on files."""
