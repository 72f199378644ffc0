# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker schema`: the kinds' JSON Schemas, for editors."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from schemas import kinds, load_table
from webhook.cli.program import program

GROUP_OF: Final = {"legacy": "sagemaker.aws.amazon.com", "ack": "sagemaker.services.k8s.aws"}
"""What people call a group -> its name."""

ALL: Final = "all.json"
"""The schema that picks an object's own by its apiVersion and kind."""


def _kinds(_ctx: click.Context, _option: click.Parameter, start: str) -> list[CompletionItem]:
    names = sorted({name for _, name in kinds() if name.lower().startswith(start.lower())})
    return [CompletionItem(name) for name in names]


@click.command()
@click.argument("kind", required=False, shell_complete=_kinds)
@click.option("--group", help="legacy, ack, or a group's full name.")
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the schemas of all kinds, and all.json, which picks among them.",
)
@click.option(
    "--policy",
    type=click.Path(dir_okay=False, path_type=Path),
    help="SageMakerPolicy: what it defaults, an object may leave out.",
)
def schema(kind: str | None, group: str | None, folder: Path | None, policy: Path | None) -> None:
    """Print the JSON Schema of a KIND, or write all of them, for an editor's language server."""
    if (kind is None) == (folder is None):
        raise click.UsageError("give a KIND, or --dir DIR for all of them")
    filled = _filled(policy) if policy is not None else frozenset[str]()
    if kind is not None:
        click.echo(_text(_find(kind, group), filled), nl=False)
        return
    assert folder is not None  # noqa: S101 - one of the two is there
    chosen = [key for key in kinds() if group is None or key[0] == _full(group)]
    try:
        for file, text in _files(chosen, filled):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text)
    except OSError as error:
        click.echo(f"{program()} schema: {error.filename}: {error.strerror}", err=True)
        sys.exit(2)
    click.echo(f"{len(chosen)} schemas, and {folder / ALL} for objects of any of these kinds")


def _full(group: str) -> str:
    found = GROUP_OF.get(group, group)
    if found not in GROUP_OF.values():
        raise click.BadParameter(
            f"{group!r} is none; legacy is {GROUP_OF['legacy']}, ack is {GROUP_OF['ack']}",
            param_hint="--group",
        )
    return found


def _find(kind: str, group: str | None) -> tuple[str, str]:
    """Return the kind that is meant: as it is written, else in any case."""
    among = [key for key in kinds() if group is None or key[0] == _full(group)]
    found = [key for key in among if key[1] == kind]
    found = found or [key for key in among if key[1].lower() == kind.lower()]
    if len(found) > 1:
        where = " or ".join(f"--group {short} ({full})" for short, full in GROUP_OF.items())
        raise click.UsageError(f"both groups have a {found[0][1]}: add {where}")
    if not found:
        names = ", ".join(sorted({name for _, name in among}))
        raise click.BadParameter(f"{kind!r} is none of {names}", param_hint="KIND")
    return found[0]


def _text(key: tuple[str, str], filled: frozenset[str]) -> str:
    table = load_table(kinds()[key][1])
    if filled:
        _relax(table, filled)
    return json.dumps(table, indent=2) + "\n"


def _files(chosen: list[tuple[str, str]], filled: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield the files by their names below the folder."""
    choices = []
    for group, kind in chosen:
        api_version = f"{group}/{kinds()[group, kind][0]}"
        file = f"{api_version}/{kind}.json"
        yield file, _text((group, kind), filled)
        names = {"apiVersion": {"const": api_version}, "kind": {"const": kind}}
        condition = {"required": ["apiVersion", "kind"], "properties": names}
        choices.append({"if": condition, "then": {"$ref": file}})
    # without an $id: what it refers to lies beside it, and not at an address
    every = {"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": choices}
    yield ALL, json.dumps(every, indent=2) + "\n"


def _filled(policy: Path) -> frozenset[str]:
    """Return the last members of what a policy defaults anywhere, in AWS names."""
    from webhook.adapters.policyfile import load_policy  # noqa: PLC0415 - only with --policy
    from webhook.adapters.yamlfile import FileError  # noqa: PLC0415
    from webhook.defaults.role import EXECUTION_ROLE  # noqa: PLC0415

    try:
        sections = load_policy(policy).sections
    except FileError as error:
        click.echo(f"{program()} schema: {error}", err=True)
        sys.exit(2)
    paths = {path for section in sections for path in section.defaults}
    if "RoleArn" in paths:
        paths |= {path for places in EXECUTION_ROLE.values() for path in places}
    return frozenset(path.rpartition(".")[2] for path in paths)


def _relax(node: Any, filled: frozenset[str]) -> None:
    """Take what is filled in from each list of what is required."""
    if isinstance(node, list):
        for item in node:
            _relax(item, filled)
    elif isinstance(node, dict):
        fields = node.get("properties", {})
        if "required" in node:
            node["required"] = [
                name
                for name in node["required"]
                if fields.get(name, {}).get("x-aws", {}).get("member") not in filled
            ]
        for value in node.values():
            _relax(value, filled)
