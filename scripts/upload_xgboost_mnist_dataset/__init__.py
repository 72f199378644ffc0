# SPDX-License-Identifier: Apache-2.0
"""MNIST as CSV in S3, where the XGBoost samples look for it."""
