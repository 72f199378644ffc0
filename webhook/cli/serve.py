# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker serve`: the gate as a server."""

from __future__ import annotations

import sys
from ipaddress import ip_address
from pathlib import Path
from typing import NoReturn

import click

from webhook.cli.program import program

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--bind", default="0.0.0.0:8443", show_default=True, metavar="HOST:PORT")
@click.option("--tls-cert", type=_FILE, help="Certificate chain, PEM.")
@click.option("--tls-key", type=_FILE, help="Its key, PEM, not encrypted.")
@click.option(
    "--self-signed",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Make a CA and a certificate in DIR, keep them, and print the CA's path.",
)
@click.option("--policy", type=_FILE, help="SageMakerPolicy document, YAML.")
@click.option("--kubeconfig", type=_FILE, help="Cluster to read namespaces from.")
@click.option("--in-cluster", is_flag=True, help="Read namespaces with the pod's own account.")
@click.option(
    "--early-refusal/--no-early-refusal",
    default=True,
    show_default=True,
    help="Refuse in /mutate what the CRD's schema would refuse with half of the faults.",
)
@click.option(
    "--drain",
    type=click.FloatRange(0, 300),
    default=15.0,
    show_default=True,
    metavar="SECONDS",
    help="Go on serving for so long after SIGTERM, not ready.",
)
def serve(  # noqa: PLR0913, PLR0917 - one argument per option
    bind: str,
    tls_cert: Path | None,
    tls_key: Path | None,
    self_signed: Path | None,
    policy: Path | None,
    kubeconfig: Path | None,
    in_cluster: bool,  # noqa: FBT001 - click's way
    early_refusal: bool,  # noqa: FBT001 - click's way
    drain: float,
) -> None:
    """Run the gate until SIGTERM.

    Bad input at start is one line on standard error and exit code 2.
    """
    from webhook.server.log import configure_logs  # noqa: PLC0415 - start-up is part of the product
    from webhook.server.run import Listening, StartError  # noqa: PLC0415
    from webhook.server.run import serve as run  # noqa: PLC0415
    from webhook.server.start import certificate_in, open_gate  # noqa: PLC0415
    from webhook.server.state import State  # noqa: PLC0415

    host, port = _address(bind)
    configure_logs()
    state = State()
    try:
        gate = open_gate(policy, kubeconfig, in_cluster, early_refusal, state)
        if self_signed is not None and (tls_cert or tls_key):
            _stop("--self-signed DIR stands in place of --tls-cert and --tls-key")
        if self_signed is not None:
            tls_cert, tls_key, authority = certificate_in(self_signed, host)
            click.echo(f"CA: {authority}")
        if tls_cert is None or tls_key is None:
            _stop("give --tls-cert F and --tls-key F, or --self-signed DIR")
        run(gate, Listening(host, port, tls_cert, tls_key, drain), state)
    except StartError as error:
        _stop(str(error))


def _address(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    try:
        ip_address(host)
        number = int(port)
    except ValueError:
        _stop(f"--bind {bind!r} is not HOST:PORT with an IP address, e.g. 127.0.0.1:8443")
    if not 0 <= number < 2**16:
        _stop(f"--bind {bind!r}: the port is not between 0 and 65535")
    return host, number


def _stop(message: str) -> NoReturn:
    click.echo(f"{program()} serve: {message}", err=True)
    sys.exit(2)
