# SPDX-License-Identifier: Apache-2.0
"""The gate: every SageMaker custom resource judged, and completed, at admission."""
