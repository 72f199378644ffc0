# SPDX-License-Identifier: Apache-2.0
"""What must be right before the server starts: policy, certificate, cluster."""

from __future__ import annotations

from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path

import msgspec

from webhook.adapters.policyfile import load_policy
from webhook.adapters.yamlfile import FileError, read_yaml
from webhook.admission import Gate
from webhook.catalog import load_catalog
from webhook.defaulting import discover_defaults
from webhook.namespaces import Namespaces, NoCluster
from webhook.policy import EMPTY, Policy
from webhook.review import discover_rules
from webhook.schema import default_engine
from webhook.server.run import StartError
from webhook.server.state import State


def open_gate(
    policy: Path | None,
    kubeconfig: Path | None,
    in_cluster: bool,  # noqa: FBT001 - a flag of the command line
    refuses_early: bool,  # noqa: FBT001 - a flag of the command line
    state: State,
) -> Gate:
    """Read the policy, connect to the cluster where one is named, and load rules and defaults.

    A kind's schema is compiled at its first review, some milliseconds. Raises StartError.
    """
    parsed = _load_policy(policy) if policy is not None else EMPTY
    if parsed.selects_by_label and kubeconfig is None and not in_cluster:
        raise StartError(
            f"{policy}: a section selects namespaces by label, which needs"
            " --kubeconfig F or --in-cluster"
        )
    namespaces = _namespaces(kubeconfig, in_cluster, state)
    gate = Gate(
        catalog=load_catalog(),
        engine=default_engine(),
        policy=parsed,
        digest=f"{parsed.name}@{_digest(policy)}",
        namespaces=namespaces,
        refuses_early=refuses_early,
    )
    discover_rules()
    discover_defaults()
    return gate


def _load_policy(path: Path) -> Policy:
    try:
        return load_policy(path)
    except FileError as error:
        raise StartError(str(error)) from None


def certificate_in(folder: Path, host: str) -> tuple[Path, Path, Path]:
    """Make or find certificate, key and CA in a folder. Raises StartError."""
    from certs.errors import CertificateError  # noqa: PLC0415 - only with --self-signed
    from certs.folder import keep_pair  # noqa: PLC0415 - only with --self-signed

    addresses = {host, "127.0.0.1", "::1"} - {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound
    try:
        pair = keep_pair(folder, ["localhost"], [ip_address(a) for a in sorted(addresses)])
    except (CertificateError, OSError) as error:
        raise StartError(f"--self-signed {folder}: {error}") from None
    return pair.certificate, pair.key, pair.authority


def _namespaces(kubeconfig: Path | None, in_cluster: bool, state: State) -> Namespaces:  # noqa: FBT001
    if kubeconfig is None and not in_cluster:
        return NoCluster()
    from webhook.adapters.cluster import watch_namespaces  # noqa: PLC0415
    from webhook.adapters.kubeconfig import ClusterError  # noqa: PLC0415

    try:
        watch = watch_namespaces(kubeconfig)
    except ClusterError as error:
        raise StartError(str(error)) from None
    state.conditions.append(watch.not_ready)
    return watch


def _digest(policy: Path | None) -> str:
    if policy is None:
        return "none"
    return sha256(msgspec.json.encode(read_yaml(policy).value)).hexdigest()[:12]
