# SPDX-License-Identifier: Apache-2.0
"""How the check prints what it found: one format a file."""
