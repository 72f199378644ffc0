# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker certs`: the gate's certificate, Secret and caBundle, as files or in a cluster."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from webhook.cli.exits import FILE
from webhook.cli.program import program
from webhook.controllers import OWN_NAMESPACE


@click.command()
@click.option(
    "--service",
    default="kube-sagemaker-gate",
    show_default=True,
    metavar="NAME",
    help="The gate's Service.",
)
@click.option(
    "--namespace", default=OWN_NAMESPACE, show_default=True, metavar="NS", help="Its namespace."
)
@click.option(
    "--secret",
    "secret_name",
    default="kube-sagemaker-tls",
    show_default=True,
    metavar="NAME",
    help="Name of the Secret.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where to write; what is there and still good is kept.",
)
@click.option(
    "--install",
    "installs",
    is_flag=True,
    help="Keep CA and certificate in the cluster, and set the caBundle of its webhooks.",
)
@click.option(
    "--kubeconfig", type=FILE, metavar="F", help="With --install: the cluster; else kubectl's."
)
@click.option("--in-cluster", is_flag=True, help="With --install: the cluster that the pod is in.")
def certs(  # noqa: PLR0913, PLR0917 - one argument per option
    service: str,
    namespace: str,
    secret_name: str,
    out: Path | None,
    installs: bool,  # noqa: FBT001 - click's way
    kubeconfig: Path | None,
    in_cluster: bool,  # noqa: FBT001 - click's way
) -> None:
    """Make a CA, a certificate for the gate's Service, the Secret, and the caBundle.

    With --install all of it goes to the cluster, and nothing is written here; with --out DIR, files
    for kubectl are. Run again, both keep the CA, and renew the certificate once two thirds of its
    life are over.
    """
    if installs == (out is not None):
        _stop("give one of --install and --out DIR")
    if kubeconfig is not None and in_cluster:
        _stop("give one of --kubeconfig F and --in-cluster")
    if not installs and (kubeconfig is not None or in_cluster):
        _stop("--kubeconfig and --in-cluster go with --install")
    from certs.errors import CertificateError  # noqa: PLC0415 - start-up is part of the product

    try:
        if out is not None:
            _write(out, service, namespace, secret_name)
        else:
            _install(service, namespace, secret_name, kubeconfig, in_cluster)
    except CertificateError as error:
        _stop(str(error))


def _write(out: Path, service: str, namespace: str, secret_name: str) -> None:
    from certs.bundle import write_bundle  # noqa: PLC0415 - start-up is part of the product

    try:
        bundle = write_bundle(out, service, namespace, secret_name)
    except OSError as error:
        _stop(f"{error.filename}: {error.strerror}")
    state = "new" if bundle.kept.renewed else "kept"
    click.echo(f"certificate ({state}): {bundle.kept.certificate}, CA: {bundle.kept.authority}")
    click.echo(f"kubectl apply -f {bundle.secret}")
    for kind in ("validating", "mutating"):
        click.echo(
            f"kubectl patch {kind}webhookconfiguration kube-sagemaker --type=json"
            f" --patch-file={bundle.patch}"
        )


def _install(
    service: str,
    namespace: str,
    secret_name: str,
    kubeconfig: Path | None,
    in_cluster: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    from certs.bundle import service_names  # noqa: PLC0415 - start-up is part of the product
    from webhook.adapters.certsecrets import Place, install  # noqa: PLC0415
    from webhook.adapters.kubeconfig import ClusterError, default_kubeconfig  # noqa: PLC0415

    names = tuple(service_names(service, namespace, secret_name))
    place = Place(namespace, secret_name, names)
    try:
        if kubeconfig is None and not in_cluster:
            kubeconfig = default_kubeconfig()
        done = install(kubeconfig, place, datetime.now(UTC))
    except ClusterError as error:
        _stop(str(error))
    if done.new_authority:
        click.echo(f"Secret {namespace}/{place.authority}: CA made")
    click.echo(f"Secret {namespace}/{secret_name}: certificate {done.certificate}")
    for name, state in done.bundled.items():
        click.echo(f"{name}: {'not there yet' if state == 'missing' else f'caBundle {state}'}")
    if done.certificate == "renewed":
        click.echo("the gate takes it over once it has reached its pods, in a minute or two")
    if "missing" in done.bundled.values():
        click.echo(f"next: kubectl -n {namespace} rollout status deployment/{service}")
        click.echo("next: kubectl apply -f manifests/webhooks.yaml")
        click.echo(f"next: {program()} certs --install  # again: it sets the caBundle")


def _stop(message: str) -> NoReturn:
    click.echo(f"{program()} certs: {message}", err=True)
    sys.exit(2)
