# SPDX-License-Identifier: Apache-2.0
"""`validate --fix` and `--diff`: the mended files, written or shown."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from pathlib import Path

import click

from webhook.adapters.inputs import Inputs, show_name
from webhook.adapters.yamlfile import FileError
from webhook.check import Check
from webhook.finding import Rename, clean, show
from webhook.fix import Fix, fix


def write_fixes(inputs: Inputs, check: Check) -> None:
    """Mend the files, and say what was done on standard error. Raises FileError."""
    done = fix(inputs, check)
    for name, data in inputs.edited.items():
        _write(name, data)
    for each in done:
        click.echo(f"{each.source}:{each.line}: {each.rule} mended: {_what(each)}", err=True)


def show_fixes(inputs: Inputs, check: Check) -> None:
    """Print a unified diff of what would be mended."""
    fix(inputs, check)
    for name, data in inputs.edited.items():
        source = show_name(name)
        before = inputs.original(name)
        old, new = (text.decode().splitlines(keepends=True) for text in (before, data))
        for line in difflib.unified_diff(old, new, source, source):
            click.echo(line, nl=False)
            if not line.endswith("\n"):
                click.echo("\n\\ No newline at end of file")


def _what(done: Fix) -> str:
    edit = done.change.edit
    key = clean(str(done.change.path[-1]))
    if isinstance(edit, Rename):
        return f"{key} is now {clean(edit.key)}"
    return f"{key}: {show(edit.value)}"


def _write(name: str, data: bytes) -> None:
    """Replace a file in one step, its permissions kept; a link stays a link. Raises FileError."""
    target = Path(os.path.realpath(name))
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".kube-sagemaker.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            shutil.copymode(target, temporary)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise FileError(show_name(name), None, None, error.strerror or str(error)) from None
