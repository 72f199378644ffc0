# SPDX-License-Identifier: Apache-2.0
"""The log of what a custom resource has become, for `kubectl smlogs`."""
