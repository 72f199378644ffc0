# SPDX-License-Identifier: Apache-2.0
"""`python -m tools.docs [--check]`: a page per rule, their index, and the policy's JSON Schema.

A page is the rule module's own docstring and declaration with its cases as examples, so that it
cannot say anything else than the code.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import fields
from typing import Final

import yaml

from tests.cases.case import Case, read_cases
from tools.generate import write
from webhook.finding import MODE_OF
from webhook.policyschema import policy_schema
from webhook.reserved import RESERVED
from webhook.review import discover_rules, moded_ids, parameter_types
from webhook.rule import Keyword, Operation, Rule, Shape, Text

HEADER: Final = "<!-- Made by `make docs`; do not edit. -->\n"

BANDS: Final = {
    "SM0": "The gate itself",
    "SM1": "Schema",
    "SM2": "Regions, images, ARNs, instances, job shape",
    "SM6": "Policy",
}


def main(arguments: list[str]) -> int:
    """Write or check; return the exit code."""
    rules = discover_rules()
    cases = list(read_cases())
    files = {f"docs/rules/{rule.id}.md": _page(rule, cases) for rule in rules.values()}
    files["docs/rules/README.md"] = _index(list(rules.values()))
    schema = policy_schema(parameter_types(), moded_ids())
    files["schemas/policy.json"] = json.dumps(schema, indent=2) + "\n"
    return write(files, check="--check" in arguments)


def _page(rule: Rule, cases: list[Case]) -> str:
    lines = [
        f"{HEADER}# {rule.id} · {rule.title}\n",
        "| | |\n|---|---|",
        f"| severity | {rule.severity} (mode `{MODE_OF[rule.severity]}`) |",
        f"| looks at | {_target(rule)} |",
        f"| since | {rule.since} |",
        f"| enforces | <{rule.source}> |\n",
        *([f"{rule.why}\n"] if rule.why else []),
        f"**Fix:** {rule.fix}\n",
        *_parameters(rule),
        *_examples(rule, cases),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _target(rule: Rule) -> str:
    match rule.on:
        case Operation(("*",)):
            return "every resource"
        case Operation(names):
            return "calls of " + ", ".join(f"`{name}`" for name in names)
        case Shape(names):
            return "AWS shapes " + ", ".join(f"`{name}`" for name in names)
        case Keyword(names):
            return "schema keywords " + ", ".join(f"`{name}`" for name in names)
        case Text():
            return "every text that AWS gives a meaning to"


def _parameters(rule: Rule) -> Iterator[str]:
    if rule.parameters is None:
        return
    yield f"## Parameters\n\n{rule.parameters.__doc__}\n"
    yield "| name | type | default |\n|---|---|---|"
    for item in fields(rule.parameters):
        kind = str(item.type).replace("|", "or")
        yield f"| `{item.name}` | {kind} | `{item.default}` |"
    yield ""


def _examples(rule: Rule, cases: list[Case]) -> Iterator[str]:
    """Show the cases, in AWS names, as changes to a good object."""
    own = [case for case in cases if case.rule == rule.id]
    for heading, chosen in (
        ("Found", [case for case in own if case.at is not None]),
        ("Not found", [case for case in own if case.at is None]),
    ):
        yield f"## {heading}\n"
        for case in chosen:
            yield f"- {case.name}"
            shown = {**case.set, **({"policy": dict(case.policy)} if case.policy else {})}
            if shown:
                text = yaml.safe_dump(dict(shown), sort_keys=False, width=90).rstrip()
                yield "\n  ```yaml\n  " + text.replace("\n", "\n  ") + "\n  ```"
            if case.at is not None:
                yield f"\n  says: {case.says}\n"
        yield ""


def _index(rules: list[Rule]) -> str:
    lines = [f"{HEADER}# Rules\n", "IDs never change their meaning and are never used again.\n"]
    for band, title in BANDS.items():
        lines.append(f"## {title}\n")
        lines.append("| ID | what it says | mode |\n|---|---|---|")
        lines += [f"| {id_} | {text} | |" for id_, text in RESERVED.items() if id_[:3] == band]
        lines += [
            f"| [{rule.id}]({rule.id}.md) | {rule.title} | `{MODE_OF[rule.severity]}` |"
            for rule in rules
            if rule.id[:3] == band
        ]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
