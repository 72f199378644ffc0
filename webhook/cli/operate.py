# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker operate`: the operators."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final, NoReturn

import click

from webhook.cli.exits import FILE
from webhook.cli.program import program

SERVICE_ACCOUNT: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
"""Where a pod finds its own namespace."""


@click.command()
@click.option("--namespace", help="Work in this namespace only; all of them without it.")
@click.option("--policy", type=FILE, help="The gate's SageMakerPolicy.")
@click.option("--kubeconfig", type=FILE, help="Cluster to work in; the pod's own without it.")
@click.option("--metrics", metavar="HOST:PORT", help="Serve /metrics, /healthz and /readyz.")
@click.option(
    "--leader-election/--no-leader-election",
    default=True,
    show_default=True,
    help="One of several replicas works, by a Lease.",
)
@click.option("--lease-namespace", help="Of the Lease; the pod's own, else default, without it.")
@click.option(
    "--aws-timeout",
    type=click.FloatRange(0.1, 300),
    metavar="SECONDS",
    default=30,
    show_default=True,
    help="When an AWS call without an answer is given up; what it did is then looked for.",
)
def operate(  # noqa: PLR0913, PLR0917 - one argument per option
    namespace: str | None,
    policy: Path | None,
    kubeconfig: Path | None,
    metrics: str | None,
    leader_election: bool,  # noqa: FBT001 - click's way
    lease_namespace: str | None,
    aws_timeout: float,
) -> None:
    """Run the operators until SIGTERM: objects of sagemaker.aws.amazon.com/v1 become SageMaker's.

    Bad input at start is one line on standard error and exit code 2; 1 when leadership is lost
    or a CRD is missing.
    """
    try:
        from controller.operate import Operation  # noqa: PLC0415 - an extra of the package
        from controller.operate import operate as run  # noqa: PLC0415
    except ModuleNotFoundError as error:
        _stop(f"{error.name} is missing: install kube-sagemaker[operators]")
    from controller.judge import Judge  # noqa: PLC0415
    from webhook.adapters.cluster import watch_namespaces  # noqa: PLC0415
    from webhook.adapters.kubeconfig import ClusterError, open_config  # noqa: PLC0415
    from webhook.adapters.policyfile import load_policy  # noqa: PLC0415
    from webhook.adapters.yamlfile import FileError  # noqa: PLC0415
    from webhook.namespaces import NoCluster  # noqa: PLC0415
    from webhook.policy import EMPTY  # noqa: PLC0415
    from webhook.server.log import configure_logs  # noqa: PLC0415

    configure_logs()
    try:
        config = open_config(kubeconfig)
        parsed = load_policy(policy) if policy is not None else EMPTY
        namespaces = (
            watch_namespaces(kubeconfig, namespace) if parsed.selects_by_label else NoCluster()
        )
    except (ClusterError, FileError) as error:
        _stop(str(error))
    if lease_namespace is None:
        is_pod = SERVICE_ACCOUNT.exists()
        lease_namespace = SERVICE_ACCOUNT.read_text().strip() if is_pod else namespace or "default"
    operation = Operation(
        config,
        Judge(parsed, namespaces),
        namespace,
        lease_namespace if leader_election else None,
        _address(metrics) if metrics is not None else None,
        aws_timeout,
    )
    sys.exit(run(operation))


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) >= 2**16:
        _stop(f"--metrics {text!r} is not HOST:PORT, e.g. 0.0.0.0:8080")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _stop(message: str) -> NoReturn:
    click.echo(f"{program()} operate: {message}", err=True)
    sys.exit(2)
