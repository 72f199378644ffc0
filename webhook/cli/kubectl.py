# SPDX-License-Identifier: Apache-2.0
"""`kubectl sagemaker`: kubectl runs a `kubectl-<name>` of the PATH as a command of its own.

For completion it runs `kubectl_complete-<name>` with the words so far, and reads a candidate a line
and at last a directive, in the manner of the library that its command line is made with.
"""

from __future__ import annotations

import sys
from typing import Final

import click
from click.shell_completion import ShellComplete

from webhook.cli.main import main

NAME: Final = "kubectl sagemaker"

NO_FILES: Final = 4
"""The directive that says: nothing else is to be offered."""

DIRECTIVE_OF: Final = {"file": 0, "dir": 16}
"""What click wants of the shell -> the directive that says so."""


def plugin() -> None:
    """Be the command, by kubectl's name for it."""
    main(prog_name=NAME)


def complete() -> None:
    """Print what may stand in place of the last word."""
    *words, start = sys.argv[1:] or [""]
    directive = NO_FILES
    for item in ShellComplete(main, {}, NAME, "").get_completions(words, start):
        if item.type in DIRECTIVE_OF:
            directive = DIRECTIVE_OF[item.type]
        else:
            click.echo(f"{item.value}\t{item.help}" if item.help else item.value)
    click.echo(f":{directive}")
