# SPDX-License-Identifier: Apache-2.0
"""What the documents say holds: their snippets, numbers and names are the code's."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.gateprocess import ROOT
from webhook.cli.exits import Exit
from webhook.cli.main import COMMANDS
from webhook.cli.validate import FORMATS
from webhook.policy import parse
from webhook.review import discover_rules, moded_ids, parameter_types
from webhook.waiver import parse_waiver

PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not {".venv", "build"} & set(path.relative_to(ROOT).parts)
)


def squeezed(text: str) -> str:
    """Return text without white space: a page may break lines as it likes."""
    return re.sub(r"\s+", "", text)


def test_adding_a_rule_shows_a_rule_that_is_really_there() -> None:
    """Each code block stands in the rule or in its cases, but for what is left out with "…"."""
    page = (ROOT / "docs" / "adding-a-rule.md").read_text()
    rule = squeezed((ROOT / "webhook" / "rules" / "managed_spot.py").read_text())
    cases = squeezed((ROOT / "tests" / "cases" / "managed_spot.yaml").read_text())
    blocks = re.findall(r"```(python|yaml)\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 4
    for language, block in blocks:
        if language == "python":
            for part in block.split("…"):
                assert squeezed(part) in rule, part
        else:
            for line in block.splitlines():
                assert squeezed(line) in cases, line


def test_the_policy_of_the_page_is_one() -> None:
    """The example is parsed as it stands."""
    page = (ROOT / "docs" / "policy.md").read_text()
    found = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert found is not None
    parse(yaml.safe_load(found[1]), parameter_types(), moded_ids())


def test_the_readme_counts_right() -> None:
    """As many rules as it says, and the commands that there are."""
    readme = (ROOT / "README.md").read_text()
    assert f"{len(discover_rules())} [rules]" in readme
    for command in COMMANDS:
        assert f"kube-sagemaker {command}" in readme


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: object) -> None:
    """Every relative link names a file of the project."""
    path = ROOT / str(page)
    for link in re.findall(r"\]\(([^)#]+)", path.read_text()):
        if not link.startswith("https://"):
            assert (path.parent / link).exists(), link


def test_every_verb_of_the_makefile_is_described() -> None:
    """`make` alone lists them."""
    makefile = (ROOT / "Makefile").read_text()
    verbs = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()
    described = re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)
    assert set(verbs) == set(described)


def test_the_check_s_page_has_its_formats_and_exit_codes() -> None:
    """A row for each, and no other."""
    page = (ROOT / "docs" / "check.md").read_text()
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == [
        "full", "concise", "github", "sarif", "junit", "json",
    ]  # fmt: skip
    assert {*re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)} == set(FORMATS)
    assert re.findall(r"^\| (\d) \|", page, re.MULTILINE) == [str(int(code)) for code in Exit]


@pytest.mark.parametrize("page", ["check.md", "policy.md"])
def test_what_a_page_shows_of_waivers_and_expectations_is_read(page: str) -> None:
    """Each that stands in a block is one, and names a rule that there is."""
    text = "".join(re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / page).read_text(), re.DOTALL))
    found = [parse_waiver(each) for each in re.findall(r"ignore\[.*", text)]
    expected = re.findall(r"expect\[(SM\d+)", text)
    assert (len(found), len(expected)) == ((3, 2) if page == "check.md" else (0, 0))
    assert {rule for waiver in found for rule in waiver.rules} <= set(discover_rules())
    assert set(expected) <= set(discover_rules())
