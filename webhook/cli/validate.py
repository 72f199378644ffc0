# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker validate`: the gate's verdict on files."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import IntEnum
from functools import lru_cache
from pathlib import Path

import click

from webhook.adapters.inputs import find_inputs, read_input
from webhook.adapters.policyfile import load_policy
from webhook.adapters.yamlfile import Document, FileError
from webhook.catalog import load_catalog
from webhook.check import Check, Checked
from webhook.context import Context, Verb
from webhook.policy import EMPTY
from webhook.reports import text
from webhook.reports.github import github
from webhook.reports.json import document
from webhook.review import discover_rules
from webhook.schema import default_engine

YOUNG_OBJECTS = 200_000
"""New objects between two looks of the garbage collector: what is read stays until the end."""

LEVELS = {"error": 3, "warning": 2, "note": 1}


class Exit(IntEnum):
    """What the command's end says."""

    CLEAN = 0
    FOUND = 1
    USAGE = 2
    NOTHING = 3
    INTERNAL = 4


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH…|-]")
@click.option("--policy", type=click.Path(dir_okay=False, path_type=Path), help="SageMakerPolicy.")
@click.option(
    "--namespace", default="default", show_default=True, help="Of objects that name none."
)
@click.option(
    "--format", "form", type=click.Choice(["full", "concise", "github", "json"]), default="full"
)
@click.option("--fail-on", type=click.Choice(list(LEVELS)), default="error", show_default=True)
@click.option("--allow-none", is_flag=True, help="No SageMaker object at all is no failure.")
@click.option("--show-defaults", is_flag=True, help="Say what the gate would fill in.")
def validate(  # noqa: PLR0913, PLR0917 - one argument per option
    paths: tuple[str, ...],
    policy: Path | None,
    namespace: str,
    form: str,
    fail_on: str,
    allow_none: bool,  # noqa: FBT001 - click's way
    show_defaults: bool,  # noqa: FBT001 - click's way
) -> None:
    """Judge manifests as the gate would at kubectl apply.

    PATH is a file, a folder (all below it), a glob, or - for standard input.

    Exit code: 0 clean, 1 findings at or above --fail-on, 2 wrong usage or input, 3 no SageMaker
    object, 4 a fault of ours.
    """
    try:
        code = _run(paths, policy, namespace, form, fail_on, show_defaults=show_defaults)
        if code is Exit.NOTHING and allow_none:
            code = Exit.CLEAN
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.CLEAN
    except FileError as error:
        click.echo(f"kube-sagemaker: {error}", err=True)
        code = Exit.USAGE
    except Exception as error:  # noqa: BLE001 - the last door
        click.echo(f"kube-sagemaker: a fault of ours: {type(error).__name__}: {error}", err=True)
        code = Exit.INTERNAL
    sys.exit(code)


def _run(  # noqa: PLR0913 - the options, once more
    paths: tuple[str, ...],
    policy: Path | None,
    namespace: str,
    form: str,
    fail_on: str,
    *,
    show_defaults: bool,
) -> Exit:
    gc.set_threshold(YOUNG_OBJECTS, 50, 50)
    context = Context(
        Verb.CREATE,
        load_catalog(),
        default_engine(),
        datetime.now(UTC).date(),
        load_policy(policy) if policy is not None else EMPTY,
    )
    check = Check(context, namespace)
    failed: list[FileError] = []
    judged, worst = 0, 0
    kept: list[Checked] = []
    for checked in check.run(_documents(paths or (".",), failed)):
        judged += 1
        if form == "json":
            kept.append(checked)
        levels = [LEVELS[text.WORD_OF[finding.mode]] for finding in checked.verdict.findings]
        worst = max([worst, *levels])
        _print(checked, form, show_defaults=show_defaults)
    if form == "json":
        click.echo(document(kept, failed, check.passed_over, discover_rules()))
    for error in failed:
        click.echo(f"kube-sagemaker: {error}", err=True)
    click.echo(f"{judged} judged, {check.passed_over} of other kinds passed over", err=True)
    if failed:
        return Exit.USAGE
    if not judged:
        return Exit.NOTHING
    return Exit.FOUND if worst >= LEVELS[fail_on] else Exit.CLEAN


def _documents(paths: tuple[str, ...], failed: list[FileError]) -> Iterator[Document]:
    """Yield the documents of all inputs; those that cannot be read are told at the end."""
    for name in find_inputs(paths):
        try:
            yield from read_input(name)
        except FileError as error:
            failed.append(error)


def _print(checked: Checked, form: str, *, show_defaults: bool) -> None:
    if show_defaults and form != "json":
        for filled in checked.filled:
            click.echo(f"{checked.document.source}: SM005 note: {filled.sentence}")
    for line in _lines(checked, form):
        click.echo(line)


def _lines(checked: Checked, form: str) -> Iterator[str]:
    match form:
        case "concise":
            yield from text.concise(checked)
        case "github":
            yield from github(checked)
        case "json":
            return  # one document, at the end
        case _:
            yield from text.full(checked, discover_rules(), _source_lines)


@lru_cache(maxsize=1)
def _source_lines(source: str) -> list[str]:
    """Return the lines of an input, nothing for standard input; one input at a time is kept."""
    try:
        return Path(source).read_text(errors="replace").splitlines()
    except OSError:
        return []
