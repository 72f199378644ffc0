# SPDX-License-Identifier: Apache-2.0
"""The gate's CA and certificate in its cluster: two Secrets, and the caBundle of the webhooks.

The CA with its key is a Secret of its own, which no pod mounts; the gate mounts the other. What
is written is written against the version that was read, so that of two who install at once the
slower one starts again and finds the work done.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import httpx2
from lightkube import Client
from lightkube.core.exceptions import ApiError, ConfigError
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.admissionregistration_v1 import (
    MutatingWebhookConfiguration,
    ValidatingWebhookConfiguration,
)
from lightkube.resources.core_v1 import Secret
from lightkube.types import PatchType

from certs.authority import Pair, issue, make_authority
from certs.errors import CertificateError
from certs.renewal import is_usable, verify_authority
from webhook.adapters.kubeconfig import ClusterError, misconfigured, open_config

CONFIGURATION: Final = "kube-sagemaker"
"""Name of both webhook configurations."""

MANAGER: Final = "kube-sagemaker-certs"
LABELS: Final = {
    "app.kubernetes.io/name": "kube-sagemaker",
    "app.kubernetes.io/component": "gate",
}
ATTEMPTS: Final = 5
"""Each lost race means that somebody else has won one; five in a row is no race any more."""

TIMEOUT: Final = 15.0
"""Seconds for one request."""

CONFLICT: Final = 409
NOT_FOUND: Final = 404

Configuration = type[MutatingWebhookConfiguration] | type[ValidatingWebhookConfiguration]
CONFIGURATIONS: Final[tuple[Configuration, ...]] = (
    ValidatingWebhookConfiguration,
    MutatingWebhookConfiguration,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the certificate is kept, and the DNS names that it is for."""

    namespace: str
    secret: str
    names: tuple[str, ...]

    @property
    def authority(self) -> str:
        """Name of the Secret that keeps the CA."""
        return f"{self.secret}-ca"


@dataclass(frozen=True, slots=True)
class Installed:
    """What was done. Configurations by name, as kubectl writes them."""

    new_authority: bool
    certificate: str
    """"made", "renewed" or "kept"."""
    bundled: dict[str, str]
    """Configuration -> "set", "kept" or "missing"."""


def install(kubeconfig: Path | None, place: Place, now: datetime) -> Installed:
    """Keep CA and certificate in a cluster, and set the caBundle of the configurations there.

    `kubeconfig` None is the pod's own cluster. Raises ClusterError, and CertificateError for a
    Secret that holds something unusable.
    """
    config = open_config(kubeconfig)
    try:
        timeout = httpx2.Timeout(TIMEOUT)
        with Client(config=config, timeout=timeout, field_manager=MANAGER) as client:
            return _retried(client, place, now)
    except ApiError as error:
        raise _refused(error, place) from None
    except httpx2.HTTPError as error:
        chosen = config.get()
        server = chosen.cluster.server if chosen is not None else "?"
        why = str(error) or type(error).__name__
        raise ClusterError(f"the cluster at {server} cannot be reached: {why}") from None
    except (ConfigError, OSError, ValueError, KeyError, TypeError) as error:
        raise misconfigured(kubeconfig, error) from None


def _retried(client: Client, place: Place, now: datetime) -> Installed:
    for _ in range(ATTEMPTS):
        try:
            return _install(client, place, now)
        except ApiError as error:
            if error.status.code != CONFLICT:
                raise
    raise ClusterError(
        f"Secret {place.namespace}/{place.secret} or a webhook configuration was changed by others"
        f" {ATTEMPTS} times in a row; try again"
    )


def _install(client: Client, place: Place, now: datetime) -> Installed:
    # in this order: a certificate of ours that is there has its CA there
    serving = _read(client, Secret, place.secret, place.namespace)
    kept = _read(client, Secret, place.authority, place.namespace)
    leaf = _pair(serving, "tls") if serving is not None else None
    if kept is None and leaf is not None:
        # made with `certs --out`: it is kept while it is good, and its CA is elsewhere
        bundle = _foreign(serving, leaf, place, now)
        return Installed(new_authority=False, certificate="kept", bundled=_bundle(client, bundle))
    authority = _authority(client, place, kept, now)
    certificate = authority.certificate
    if leaf is not None and is_usable(leaf, certificate, place.names, (), now):
        state = "kept"
    else:
        state = "made" if leaf is None else "renewed"
        _store(client, place, serving, authority, issue(authority, place.names, (), now))
    return Installed(kept is None, state, _bundle(client, certificate))


def _authority(client: Client, place: Place, kept: Secret | None, now: datetime) -> Pair:
    """Return the CA that is kept, or make one; another's that was faster is a conflict."""
    if kept is None:
        made = make_authority("kube-sagemaker CA", now)
        data = {"ca.crt": made.certificate, "ca.key": made.key}
        client.create(_secret(place.authority, place.namespace, "Opaque", data))
        return made
    where = f"Secret {place.namespace}/{place.authority}"
    found = _pair(kept, "ca")
    if found is None:
        raise CertificateError(f"{where} lacks ca.crt or ca.key; remove the Secret")
    try:
        verify_authority(found, "ca.crt", "ca.key", now)
    except CertificateError as error:
        raise CertificateError(f"{where}: {error}: delete the Secret") from None
    return found


def _foreign(serving: Secret | None, leaf: Pair, place: Place, now: datetime) -> bytes:
    """Return the certificate of a CA whose key is not in the cluster. Raises CertificateError."""
    found = _value(serving, "ca.crt")
    if found is not None and is_usable(leaf, found, place.names, (), now):
        return found
    raise CertificateError(
        f"the certificate in Secret {place.namespace}/{place.secret} is due or not for this"
        f" Service, and there is no Secret {place.authority} with its CA's key: renew it where"
        " you made it, with --out DIR, or delete the Secret to begin with a new CA"
    )


def _store(client: Client, place: Place, found: Secret | None, authority: Pair, leaf: Pair) -> None:
    data = {"ca.crt": authority.certificate, "tls.crt": leaf.certificate, "tls.key": leaf.key}
    version = found.metadata.resourceVersion if found is not None and found.metadata else None
    made = _secret(place.secret, place.namespace, "kubernetes.io/tls", data, version)
    if found is None:
        client.create(made)
    else:
        client.apply(made, force=True)


def _bundle(client: Client, authority: bytes) -> dict[str, str]:
    """Set the caBundle of each configuration that exists; say what was done."""
    wanted = base64.b64encode(authority).decode()
    done = {}
    for kind in CONFIGURATIONS:
        name = f"{kind.__name__.lower()}/{CONFIGURATION}"
        found = _read(client, kind, CONFIGURATION)
        if found is None or found.metadata is None:
            done[name] = "missing"
        elif all(each.clientConfig.caBundle == wanted for each in found.webhooks or ()):
            done[name] = "kept"
        else:
            body = {
                "apiVersion": "admissionregistration.k8s.io/v1",
                "kind": kind.__name__,
                "metadata": {"resourceVersion": found.metadata.resourceVersion},
                "webhooks": [
                    {"name": each.name, "clientConfig": {"caBundle": wanted}}
                    for each in found.webhooks or ()
                ],
            }
            client.patch(kind, CONFIGURATION, body, patch_type=PatchType.APPLY, force=True)
            done[name] = "set"
    return done


def _read(client: Client, kind: Any, name: str, namespace: str | None = None) -> Any:
    """Return an object, None where there is none."""
    try:
        return client.get(kind, name, namespace=namespace)
    except ApiError as error:
        if error.status.code == NOT_FOUND:
            return None
        raise


def _pair(secret: Secret, name: str) -> Pair | None:
    """Return a Secret's pair, None when either half is missing."""
    certificate, key = _value(secret, f"{name}.crt"), _value(secret, f"{name}.key")
    return Pair(certificate, key) if certificate and key else None


def _value(secret: Secret | None, key: str) -> bytes | None:
    found = (secret.data or {}).get(key) if secret is not None else None
    return base64.b64decode(found) if found else None


def _secret(
    name: str, namespace: str, kind: str, data: dict[str, bytes], version: str | None = None
) -> Secret:
    return Secret(
        metadata=ObjectMeta(
            name=name, namespace=namespace, labels=dict(LABELS), resourceVersion=version
        ),
        type=kind,
        data={key: base64.b64encode(value).decode() for key, value in data.items()},
    )


def _refused(error: ApiError, place: Place) -> ClusterError:
    if error.status.code == NOT_FOUND:
        return ClusterError(
            f"namespace {place.namespace!r} does not exist: apply manifests/installer.yaml first"
        )
    return ClusterError(f"the API server refused ({error.status.code}): {error.status.message}")
