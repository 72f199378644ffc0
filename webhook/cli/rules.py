# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker rules` and `kube-sagemaker explain ID`: what is judged, and why."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import CompletionItem

import webhook
from webhook.cli.program import program
from webhook.reserved import RESERVED
from webhook.review import discover_rules


@click.command()
def rules() -> None:
    """List the rules: ID, severity, title; and the IDs of what else is said."""
    lines = {id_: f"{'':7}  {text}" for id_, text in RESERVED.items()}
    for rule in discover_rules().values():
        lines[rule.id] = f"{rule.severity.value:7}  {rule.title}"
    for id_, line in sorted(lines.items()):
        click.echo(f"{id_}  {line}")


def _ids(_ctx: click.Context, _option: click.Parameter, start: str) -> list[CompletionItem]:
    found = [rule for rule in discover_rules().values() if rule.id.startswith(start.upper())]
    return [CompletionItem(rule.id, help=rule.title) for rule in found]


@click.command()
@click.argument("rule_id", metavar="ID", shell_complete=_ids)
def explain(rule_id: str) -> None:
    """Print a rule's page: what it says, why, the fix, and what it finds and does not find."""
    wanted = rule_id.upper()
    if wanted in RESERVED:
        click.echo(f"{wanted}: {RESERVED[wanted]}")
    elif wanted in discover_rules():
        click.echo(_page(wanted))
    else:
        message = f"there is no rule {rule_id!r}; {program()} rules lists them"
        raise click.BadParameter(message, param_hint="ID")


def _page(rule_id: str) -> str:
    """Return the page of docs/rules, which an installed package has in itself."""
    package = Path(webhook.__file__).parent
    folders = (package / "pages", package.parent / "docs" / "rules")
    path = next(each for folder in folders if (each := folder / f"{rule_id}.md").exists())
    return path.read_text(encoding="utf-8").partition("-->\n")[2].rstrip()
