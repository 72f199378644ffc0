# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker test`: a policy held against manifests that say what is to be found in them."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click

from webhook.adapters.inputs import Inputs, find_inputs
from webhook.check import Check
from webhook.cli.exits import FILE, Exit, end
from webhook.cli.program import program
from webhook.cli.validate import check_context
from webhook.expectation import Trial, hold


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH…|-]")
@click.option("--policy", type=FILE, help="The SageMakerPolicy that is tested.")
@click.option(
    "--namespace", default="default", show_default=True, help="Of objects that name none."
)
def test(paths: tuple[str, ...], policy: Path | None, namespace: str) -> None:
    """Hold a policy against manifests that say what is to be found in them.

    On the line of a value a comment says what: # kube-sagemaker: expect[SM602], or
    expect[SM602=warn], or expect[SM602] says=a part of the sentence; expect[SM005] is a default
    that is filled in. What is not expected must not be found.

    Exit code: 0 as expected, 1 not, 2 wrong usage or input, 3 no SageMaker object.
    """
    end(lambda: _test(paths or (".",), policy, namespace))


def _test(paths: tuple[str, ...], policy: Path | None, namespace: str) -> Exit:
    check = Check(check_context(policy), namespace)
    inputs = Inputs(list(find_inputs(paths)))
    passed = failed = 0
    for _, group in groupby(check.run(inputs.documents()), key=lambda each: id(each.document)):
        for trial in hold(list(group)):
            _print(trial)
            passed += not trial.faults
            failed += bool(trial.faults)
    for error in inputs.errors:
        click.echo(f"{program()}: {error}", err=True)
    click.echo(f"{passed} passed, {failed} failed", err=True)
    if inputs.errors:
        return Exit.USAGE
    if not passed and not failed:
        return Exit.NOTHING
    return Exit.FOUND if failed else Exit.CLEAN


def _print(trial: Trial) -> None:
    resource = trial.checked.resource
    name = f"{resource.kind.name} {resource.namespace}/{resource.name}"
    word = "FAIL" if trial.faults else "ok"
    click.echo(f"{word:5} {trial.checked.document.source}: {name} ({trial.expected} as expected)")
    for fault in trial.faults:
        click.echo(f"      {fault}")
