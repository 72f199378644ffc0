# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker iam`: the policies of the operators' role, to be given to AWS."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import click

from webhook.cli.program import program
from webhook.controllers import OWN_NAMESPACE, OWN_SERVICE_ACCOUNT

ACCOUNT = click.option(
    "--account", required=True, metavar="ID", help="The AWS account of the role, 12 digits."
)
PARTITION = click.option("--partition", default="aws", show_default=True, metavar="NAME")


@click.group()
def iam() -> None:
    """Policies of the operators' IAM role, as JSON."""


@iam.command("trust-policy")
@click.option(
    "--oidc-issuer",
    required=True,
    metavar="URL",
    help="The cluster's: aws eks describe-cluster --query cluster.identity.oidc.issuer.",
)
@ACCOUNT
@click.option(
    "--namespace", default=OWN_NAMESPACE, show_default=True, metavar="NS", help="The operators'."
)
@click.option(
    "--service-account",
    default=OWN_SERVICE_ACCOUNT,
    show_default=True,
    metavar="NAME",
    help="The operators'.",
)
@PARTITION
def trust(
    oidc_issuer: str, account: str, namespace: str, service_account: str, partition: str
) -> None:
    """Who may take the role: the operators' service account in one cluster (IRSA)."""
    from webhook.iam import trust_policy  # noqa: PLC0415 - start-up is part of the product

    _print(lambda: trust_policy(oidc_issuer, account, namespace, service_account, partition))


@iam.command("policy")
@ACCOUNT
@click.option(
    "--pass-role",
    "roles",
    multiple=True,
    metavar="ARN",
    help="A role of jobs (spec.roleArn), * allowed; several. Without: every role of the account.",
)
@PARTITION
def permissions(account: str, roles: tuple[str, ...], partition: str) -> None:
    """What the role may do: what the operators call, on what they make."""
    from webhook.iam import permission_policy  # noqa: PLC0415 - start-up is part of the product

    _print(lambda: permission_policy(account, partition, roles))


def _print(make: Callable[[], dict[str, Any]]) -> None:
    from webhook.iam import PolicyInputError  # noqa: PLC0415 - start-up is part of the product

    try:
        click.echo(json.dumps(make(), indent=2))
    except PolicyInputError as error:
        click.echo(f"{program()} iam: {error}", err=True)
        sys.exit(2)
