# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker certs`: certificate, Secret and caBundle patch for the gate in a cluster."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from webhook.cli.program import program


@click.command()
@click.option("--service", required=True, metavar="NAME", help="The gate's Service.")
@click.option("--namespace", required=True, metavar="NS", help="Its namespace.")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where to write; what is there and still good is kept.",
)
@click.option(
    "--secret",
    "secret_name",
    default="kube-sagemaker-tls",
    show_default=True,
    metavar="NAME",
    help="Name of the Secret.",
)
def certs(service: str, namespace: str, out: Path, secret_name: str) -> None:
    """Make a CA, a certificate for the gate's Service, the Secret, and the caBundle patch.

    Run again, it keeps the CA, and renews the certificate once two thirds of its life are over.
    """
    from certs.bundle import write_bundle  # noqa: PLC0415 - start-up is part of the product
    from certs.errors import CertificateError  # noqa: PLC0415

    try:
        bundle = write_bundle(out, service, namespace, secret_name)
    except CertificateError as error:
        click.echo(f"{program()} certs: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(f"{program()} certs: {error.filename}: {error.strerror}", err=True)
        sys.exit(2)
    state = "new" if bundle.kept.renewed else "kept"
    click.echo(f"certificate ({state}): {bundle.kept.certificate}, CA: {bundle.kept.authority}")
    click.echo(f"kubectl apply -f {bundle.secret}")
    for kind in ("validating", "mutating"):
        click.echo(
            f"kubectl patch {kind}webhookconfiguration kube-sagemaker --type=json"
            f" --patch-file={bundle.patch}"
        )
