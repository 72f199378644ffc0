# SPDX-License-Identifier: Apache-2.0
"""Scripts for users, each runnable as a module and as a file."""
