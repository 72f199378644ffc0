# SPDX-License-Identifier: Apache-2.0
"""What a cluster needs of a certificate: the Secret, and the caBundle of the configurations."""

from __future__ import annotations

import base64
import json
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from certs.errors import CertificateError
from certs.folder import Kept, keep_pair

LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
"""A DNS label, as Kubernetes demands of names of services and namespaces."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was written."""

    kept: Kept
    secret: Path
    patch: Path


def write_bundle(
    folder: Path, service: str, namespace: str, secret_name: str, now: datetime | None = None
) -> Bundle:
    """Make or keep CA and certificate in a folder, and render Secret and caBundle patch.

    Raises CertificateError for names that no Service can have; OSError.
    """
    kept = keep_pair(folder, service_names(service, namespace, secret_name), now=now)
    secret, patch = folder / "secret.yaml", folder / "cabundle.yaml"
    handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(_secret(kept, namespace, secret_name))
    patch.write_text(_patch(kept))
    return Bundle(kept, secret, patch)


def service_names(service: str, namespace: str, secret_name: str) -> list[str]:
    """Return the DNS names under which a Service is asked, the API server's first.

    Raises CertificateError for names that none can have.
    """
    for what, name in (("service", service), ("namespace", namespace), ("secret", secret_name)):
        if not LABEL.fullmatch(name):
            raise CertificateError(
                f"--{what} {name!r} is no DNS label: lower-case letters, digits and hyphens"
            )
    host = f"{service}.{namespace}"
    return [f"{host}.svc", service, host, f"{host}.svc.cluster.local"]


def _encoded(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def _secret(kept: Kept, namespace: str, name: str) -> str:
    return (
        "apiVersion: v1\n"
        "kind: Secret\n"
        "type: kubernetes.io/tls\n"
        "metadata:\n"
        f"  name: {name}\n"
        f"  namespace: {namespace}\n"
        "data:\n"
        f"  ca.crt: {_encoded(kept.authority)}\n"
        f"  tls.crt: {_encoded(kept.certificate)}\n"
        f"  tls.key: {_encoded(kept.key)}\n"
    )


def _patch(kept: Kept) -> str:
    """Return a JSON patch, which is YAML too: each configuration has one webhook."""
    operation = {
        "op": "add",
        "path": "/webhooks/0/clientConfig/caBundle",
        "value": _encoded(kept.authority),
    }
    return json.dumps([operation], indent=2) + "\n"
