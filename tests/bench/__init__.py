# SPDX-License-Identifier: Apache-2.0
"""The gate's benchmark: `make bench`. Never part of the tests, since machines differ."""
