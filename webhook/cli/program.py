# SPDX-License-Identifier: Apache-2.0
"""What the command was called as."""

from __future__ import annotations

import click


def program() -> str:
    """Return `kube-sagemaker`, or as kubectl's plugin `kubectl sagemaker`."""
    context = click.get_current_context(silent=True)
    return (context.find_root().info_name if context else None) or "kube-sagemaker"
