# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker rules` and `kube-sagemaker explain ID`: what is judged, and why."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from webhook.cli.program import program
from webhook.finding import MODE_OF
from webhook.review import discover_rules


@click.command()
def rules() -> None:
    """List the rules: ID, severity, title."""
    for rule in discover_rules().values():
        click.echo(f"{rule.id}  {rule.severity.value:7}  {rule.title}")


def _ids(_ctx: click.Context, _option: click.Parameter, start: str) -> list[CompletionItem]:
    found = [rule for rule in discover_rules().values() if rule.id.startswith(start.upper())]
    return [CompletionItem(rule.id, help=rule.title) for rule in found]


@click.command()
@click.argument("rule_id", metavar="ID", shell_complete=_ids)
def explain(rule_id: str) -> None:
    """Print a rule's page: what it says, why, and the fix."""
    rule = discover_rules().get(rule_id.upper())
    if rule is None:
        message = f"there is no rule {rule_id!r}; {program()} rules lists them"
        raise click.BadParameter(message, param_hint="ID")
    mode = MODE_OF[rule.severity].value
    click.echo(f"{rule.id}: {rule.title}\n\nseverity: {rule.severity.value} (mode {mode})")
    click.echo(f"since: {rule.since}\nenforces: {rule.source}\n")
    if rule.why:
        click.echo(f"{rule.why}\n")
    click.echo(f"Fix: {rule.fix}")
