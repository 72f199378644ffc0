# SPDX-License-Identifier: Apache-2.0
"""A kubeconfig of a service account: what is run with it has the account's rights, and no more."""

from __future__ import annotations

import json
from pathlib import Path

from tests.controlplane.plane import ControlPlane
from tests.gateprocess import ROOT
from webhook.controllers import OWN_SERVICE_ACCOUNT

LIFE = "--duration=6h"
"""Of a token: longer than any test."""


def token_of(plane: ControlPlane, account: str, namespace: str, *more: str) -> str:
    """Return a token, as the kubelet would mount it. Raises PlaneError."""
    done = plane.kubectl("create", "token", account, "-n", namespace, LIFE, *more, check=True)
    return done.stdout.strip()


def kubeconfig_of(plane: ControlPlane, account: str, namespace: str, folder: Path) -> Path:
    """Write the kubeconfig of an account that is there; return its path. Raises PlaneError."""
    config = json.loads(plane.kubeconfig.read_text())
    config["users"][0]["user"] = {"token": token_of(plane, account, namespace)}
    path = folder / f"{account}.kubeconfig"
    path.write_text(json.dumps(config))
    return path


def install(plane: ControlPlane, namespace: str, folder: Path) -> Path:
    """Apply the namespaced installer; return a kubeconfig of its account. Raises PlaneError."""
    text = (ROOT / "manifests" / "namespaced" / "operator.yaml").read_text()
    text = text.replace("PLACEHOLDER-NAMESPACE", namespace)
    plane.kubectl("apply", "-f", "-", stdin=text, check=True)
    return kubeconfig_of(plane, OWN_SERVICE_ACCOUNT, namespace, folder)
