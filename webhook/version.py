# SPDX-License-Identifier: Apache-2.0
"""The version, and the only place that says it: the package's metadata is built from this line."""

VERSION = "0.1.0"
