# SPDX-License-Identifier: Apache-2.0
"""How commands end: their exit codes, and what is done about what went wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import Final, NoReturn

import click

from webhook.adapters.yamlfile import FileError
from webhook.cli.program import program

FILE: Final = click.Path(dir_okay=False, path_type=Path)
"""The type of an option that names a file."""


class Exit(IntEnum):
    """What a command's end says."""

    CLEAN = 0
    FOUND = 1
    USAGE = 2
    NOTHING = 3
    INTERNAL = 4


def end(command: Callable[[], Exit]) -> NoReturn:
    """Run a command and leave with its code; no exception becomes a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show it all
    try:
        code = command()
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.CLEAN
    except FileError as error:
        click.echo(f"{program()}: {error}", err=True)
        code = Exit.USAGE
    except click.ClickException:
        raise
    except Exception as error:  # noqa: BLE001 - the last door
        click.echo(f"{program()}: a fault of ours: {type(error).__name__}: {error}", err=True)
        code = Exit.INTERNAL
    sys.exit(code)
