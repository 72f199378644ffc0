# SPDX-License-Identifier: Apache-2.0
"""Which cluster is meant: a kubeconfig's current context, or the one that the pod is in."""

from __future__ import annotations

import os
from pathlib import Path

from lightkube.config.kubeconfig import KubeConfig
from lightkube.core.exceptions import ConfigError

from webhook.adapters.yamlfile import FileError, read_yaml


class ClusterError(Exception):
    """The cluster cannot be used as configured: which file or object, and why."""


def default_kubeconfig() -> Path:
    """Return the file that kubectl would read: $KUBECONFIG, else ~/.kube/config.

    Raises ClusterError where there is none, or where kubectl would merge several.
    """
    named = os.environ.get("KUBECONFIG", "")
    if os.pathsep in named:
        raise ClusterError(f"KUBECONFIG={named} names several files; give one as --kubeconfig F")
    path = Path(named) if named else Path.home() / ".kube" / "config"
    if not path.exists():
        raise ClusterError(f"{path} does not exist; give --kubeconfig F, or --in-cluster in a pod")
    return path


def open_config(kubeconfig: Path | None) -> KubeConfig:
    """Read a kubeconfig, None for the pod's own cluster. Raises ClusterError."""
    try:
        if kubeconfig is None:
            return KubeConfig.from_service_account()
        if not isinstance(read_yaml(kubeconfig).value, dict):
            raise ClusterError(f"--kubeconfig {kubeconfig}: is no kubeconfig")
        config = KubeConfig.from_file(str(kubeconfig))
        chosen = config.get()
    except (ConfigError, FileError, OSError, ValueError, KeyError, TypeError) as error:
        raise misconfigured(kubeconfig, error) from None
    if chosen is None or chosen.user is None:
        raise ClusterError(f"--kubeconfig {kubeconfig}: its current context names no user")
    return config


def misconfigured(kubeconfig: Path | None, error: Exception) -> ClusterError:
    """Return the error for a configuration that a client cannot be made from."""
    where = f"--kubeconfig {kubeconfig}" if kubeconfig is not None else "--in-cluster"
    return ClusterError(f"{where}: {error}")
