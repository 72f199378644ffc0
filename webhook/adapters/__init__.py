# SPDX-License-Identifier: Apache-2.0
"""The only doors to the outside: the cluster, AWS, files."""
