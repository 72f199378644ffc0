# SPDX-License-Identifier: Apache-2.0
"""The command `kube-sagemaker`. A subcommand's module is imported when it is called, not before."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

COMMANDS: Final = {
    "certs": "CA, certificate, Secret and caBundle for the gate, in a folder or a cluster",
    "completion": "what a shell sources to complete this command",
    "explain": "a rule's page",
    "iam": "the policies of the operators' IAM role",
    "operate": "the operators: SageMaker from custom resources",
    "replay": "a recorded AdmissionReview through both routes",
    "rules": "the rules",
    "schema": "the kinds' JSON Schemas, for editors",
    "serve": "run the gate",
    "smlogs": "the log of a job or an endpoint, from CloudWatch",
    "test": "a policy held against manifests that say what is to be found",
    "uninstall": "lets every object go, once the operators are gone",
    "validate": "the gate's verdict on files, with line and column",
}
"""Subcommand -> its line in the help; each is the object of its name in `webhook.cli.<name>`."""

MODULE_OF: Final = {"explain": "rules"}
"""Subcommand -> its module, where that has another name."""


class LazyGroup(click.Group):
    """A group that knows its commands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command that is asked for."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"webhook.cli.{MODULE_OF.get(cmd_name, cmd_name)}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


def _print_version(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click's signature
    if asked and not ctx.resilient_parsing:
        from webhook.version import VERSION  # noqa: PLC0415 - start-up is part of the product

        click.echo(f"kube-sagemaker {VERSION}")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    context_settings={
        "auto_envvar_prefix": "KUBE_SAGEMAKER",
        "help_option_names": ["-h", "--help"],
    },
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
def main() -> None:
    """SageMaker from Kubernetes, with every mistake caught at kubectl apply."""
