# SPDX-License-Identifier: Apache-2.0
"""Helm, built from its Go module."""
