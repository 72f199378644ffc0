# SPDX-License-Identifier: Apache-2.0
"""YAML as Kubernetes reads it: texts, and what its own library makes of them."""
