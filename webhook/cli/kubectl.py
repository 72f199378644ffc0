# SPDX-License-Identifier: Apache-2.0
"""`kubectl sagemaker` and `kubectl smlogs`: kubectl runs a `kubectl-<name>` of the PATH.

For completion it runs `kubectl_complete-<name>` with the words so far, and reads a candidate a line
and at last a directive, in the manner of the library that its command line is made with.
"""

from __future__ import annotations

import sys
from typing import Any, Final

import click
from click.shell_completion import ShellComplete

from webhook.cli.main import main

NAME: Final = "kubectl sagemaker"
SMLOGS: Final = "kubectl smlogs"

NO_FILES: Final = 4
"""The directive that says: nothing else is to be offered."""

DIRECTIVE_OF: Final = {"file": 0, "dir": 16}
"""What click wants of the shell -> the directive that says so."""


def plugin() -> None:
    """Be the command, by kubectl's name for it."""
    main(prog_name=NAME)


def complete() -> None:
    """Print what may stand in place of the last word."""
    _offer(main, NAME, {})


def smlogs_plugin() -> None:
    """Be `kube-sagemaker smlogs`, by kubectl's name for it."""
    command, settings = _smlogs()
    command(prog_name=SMLOGS, **settings)


def complete_smlogs() -> None:
    """Print what may stand in place of the last word of `kubectl smlogs`."""
    command, settings = _smlogs()
    _offer(command, SMLOGS, settings)


def _smlogs() -> tuple[click.Command, dict[str, Any]]:
    """Return the subcommand, and what it has of its group when it is called in it."""
    from webhook.cli.smlogs import smlogs  # noqa: PLC0415 - start-up is part of the product

    inherited = dict(main.context_settings)
    inherited["auto_envvar_prefix"] += "_SMLOGS"
    return smlogs, inherited


def _offer(command: click.Command, name: str, settings: dict[str, Any]) -> None:
    *words, start = sys.argv[1:] or [""]
    directive = NO_FILES
    for item in ShellComplete(command, settings, name, "").get_completions(words, start):
        if item.type in DIRECTIVE_OF:
            directive = DIRECTIVE_OF[item.type]
        else:
            click.echo(f"{item.value}\t{item.help}" if item.help else item.value)
    click.echo(f":{directive}")
