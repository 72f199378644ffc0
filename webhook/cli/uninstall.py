# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker uninstall`: objects are let go, so that they can be deleted without operators."""

from __future__ import annotations

from pathlib import Path

import click

from webhook.cli.exits import FILE, Exit, end
from webhook.cli.program import program


@click.command()
@click.option("--namespace", help="In this namespace only; in all of them without it.")
@click.option("--kubeconfig", type=FILE, help="Default: $KUBECONFIG, or ~/.kube/config.")
@click.option("--in-cluster", is_flag=True, help="With the pod's own account.")
@click.confirmation_option(
    "--yes", prompt="Take the operators' finalizers off? What is in AWS stays as it is"
)
def uninstall(namespace: str | None, kubeconfig: Path | None, in_cluster: bool) -> None:  # noqa: FBT001 - click's way
    """Take the operators' finalizers off every object, once the operators are gone.

    Delete their Deployment first: while they run they put them on again. Jobs and endpoints in AWS
    go on. Exit code 2 when the cluster does not let us.
    """
    end(lambda: _uninstall(namespace, kubeconfig, in_cluster=in_cluster))


def _uninstall(namespace: str | None, kubeconfig: Path | None, *, in_cluster: bool) -> Exit:
    import httpx2  # noqa: PLC0415 - start-up is part of the product
    from lightkube.core.exceptions import ApiError  # noqa: PLC0415

    from controller.release import release_all  # noqa: PLC0415
    from webhook.adapters.kubeconfig import (  # noqa: PLC0415
        ClusterError,
        default_kubeconfig,
        open_config,
    )

    count = 0
    try:
        path = None if in_cluster else kubeconfig or default_kubeconfig()
        for name in release_all(open_config(path), namespace):
            click.echo(f"let go: {name}")
            count += 1
    except (ApiError, ClusterError, httpx2.HTTPError) as error:
        click.echo(f"{program()} uninstall: {error}", err=True)
        return Exit.USAGE
    click.echo(f"{count} objects let go", err=True)
    return Exit.CLEAN
