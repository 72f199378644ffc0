# SPDX-License-Identifier: Apache-2.0
"""Tests of what prints the log of a job."""
