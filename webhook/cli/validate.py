# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker validate`: the gate's verdict on files."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click

from webhook.adapters.baselinefile import load_baseline, write_baseline
from webhook.adapters.inputs import STANDARD_INPUT, Inputs, find_inputs
from webhook.adapters.policyfile import load_policy
from webhook.adapters.yamlfile import FileError
from webhook.baseline import entry
from webhook.catalog import load_catalog
from webhook.check import Check, Checked
from webhook.cli.exits import FILE, Exit, end
from webhook.cli.program import program
from webhook.cli.progress import Progress
from webhook.context import Context, Verb
from webhook.policy import EMPTY
from webhook.reports.run import LEVEL_OF, Run
from webhook.review import discover_rules
from webhook.schema import default_engine

FORMATS: Final = {
    "full": "text",
    "concise": "text",
    "json": "json",
    "sarif": "sarif",
    "junit": "junit",
    "github": "github",
}
"""Format -> the module of `webhook.reports` with a function of its name."""

LEVELS: Final = {"error": 3, "warning": 2, "note": 1, "never": 4}


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH…|-]", type=click.Path(readable=False))
@click.option("--policy", type=FILE, help="The gate's SageMakerPolicy.")
@click.option(
    "--namespace", default="default", show_default=True, help="Of objects that name none."
)
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), default="full", show_default=True
)
@click.option("--fail-on", type=click.Choice(list(LEVELS)), default="error", show_default=True)
@click.option("--allow-none", is_flag=True, help="No SageMaker object at all is no failure.")
@click.option("--show-defaults", is_flag=True, help="Say what the gate would fill in.")
@click.option("--fix", is_flag=True, help="Mend in the files what has one right answer.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--baseline", type=FILE, help="Findings that are known and do not count.")
@click.option("--write-baseline", type=FILE, help="Write today's findings there, and end.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
def validate(paths: tuple[str, ...], **options: Any) -> None:
    """Judge manifests as the gate would at kubectl apply.

    PATH is a file, a folder (all below it), a glob, or - for standard input; without one, the
    folder that you are in.

    Exit code: 0 clean, 1 findings at or above --fail-on, 2 wrong usage or input, 3 no SageMaker
    object, 4 a fault of ours.
    """
    end(lambda: _validate(paths or (".",), options))


def _validate(paths: tuple[str, ...], options: dict[str, Any]) -> Exit:
    gc.disable()  # what is read stays until the end, and judging leaves no rings behind
    check = Check(check_context(options["policy"]), options["namespace"])
    inputs = Inputs(list(find_inputs(paths)))
    if options["fix"] and not options["diff"] and STANDARD_INPUT in inputs.names:
        raise click.UsageError("--fix writes files, and standard input is none; use --diff")
    if options["write_baseline"] is not None:
        return _write_baseline(options["write_baseline"], inputs, check)
    if options["baseline"] is not None:
        check.baseline = load_baseline(options["baseline"])
    if options["diff"] or options["fix"]:
        from webhook.cli.fixing import show_fixes, write_fixes  # noqa: PLC0415 - few ask for it

        (show_fixes if options["diff"] else write_fixes)(inputs, check)
        if options["diff"]:
            inputs.edited.clear()
            return _judge(inputs, check, options, is_quiet=True)
    return _judge(inputs, check, options)


def check_context(policy: Path | None) -> Context:
    """Return what the check judges in: today, and by whose policy."""
    return Context(
        Verb.CREATE,
        load_catalog(),
        default_engine(),
        datetime.now(UTC).date(),
        load_policy(policy) if policy is not None else EMPTY,
        honours_waivers=True,
    )


def _judge(
    inputs: Inputs, check: Check, options: dict[str, Any], *, is_quiet: bool = False
) -> Exit:
    progress, tally = Progress(), Tally()
    documents = progress.count(inputs.documents(), "documents read")
    checked = progress.count(check.run(documents), "objects judged")
    run = Run(
        check,
        tally.count(checked),
        discover_rules(),
        inputs.lines_of,
        inputs.errors,
        _is_coloured(options["color"]),
        options["show_defaults"],
    )
    for line in _format(options["form"])(run):
        progress.clear()
        if not is_quiet:
            click.echo(line, color=True)
    progress.clear()
    for error in inputs.errors:
        click.echo(f"{program()}: {error}", err=True)
    for line in tally.summary(check, can_fix=not options["fix"]):
        click.echo(line, err=True)
    if inputs.errors:
        return Exit.USAGE
    if not tally.judged:
        return Exit.CLEAN if options["allow_none"] else Exit.NOTHING
    return Exit.FOUND if tally.worst >= LEVELS[options["fail_on"]] else Exit.CLEAN


class Tally:
    """What a run comes to."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.judged = self.worst = self.waived = self.fixable = 0

    def count(self, run: Iterator[Checked]) -> Iterator[Checked]:
        """Let objects by, and count them."""
        for checked in run:
            self.judged += 1
            self.waived += len(checked.verdict.waived)
            for finding, _ in checked.findings:
                self.worst = max(self.worst, LEVELS[LEVEL_OF[finding.mode]])
                self.fixable += finding.fault.edit is not None
            yield checked

    def summary(self, check: Check, *, can_fix: bool) -> Iterator[str]:
        """Yield the last lines."""
        waived = f", {_findings(self.waived)} waived" if self.waived else ""
        yield f"{self.judged} judged, {check.passed_over} of other kinds passed over{waived}"
        if self.fixable and can_fix:
            found = _findings(self.fixable)
            yield f"{found} with one right answer: --fix writes it, --diff shows it"
        if check.baseline is not None and check.baseline.stale:
            yield f"{_findings(check.baseline.stale)} of the baseline gone; write it anew"


def _findings(count: int) -> str:
    return f"{count} finding{'' if count == 1 else 's'}"


def _format(name: str) -> Callable[[Run], Iterator[str]]:
    found: Callable[[Run], Iterator[str]] = getattr(
        import_module(f"webhook.reports.{FORMATS[name]}"), name
    )
    return found


def _is_coloured(wish: str) -> bool:
    if wish != "auto":
        return wish == "always"
    no = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not no


def _write_baseline(path: Path, inputs: Inputs, check: Check) -> Exit:
    entries = [
        entry(checked.document.source, checked.resource, finding)
        for checked in check.run(inputs.documents())
        for finding in checked.verdict.everything
    ]
    if inputs.errors:
        raise FileError(*_parts(inputs.errors[0]))
    count = write_baseline(path, entries)
    click.echo(f"{_findings(count)} written to {path}", err=True)
    return Exit.CLEAN


def _parts(error: FileError) -> tuple[str, int | None, int | None, str]:
    return error.source, error.line, error.column, f"{error.text}; no baseline was written"
