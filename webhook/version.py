# SPDX-License-Identifier: Apache-2.0
"""The version, as installed."""

from importlib.metadata import version

VERSION = version("kube-sagemaker")
