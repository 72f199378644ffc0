# SPDX-License-Identifier: Apache-2.0
"""Tests; the tree mirrors the packages."""
