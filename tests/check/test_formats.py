# SPDX-License-Identifier: Apache-2.0
"""SARIF and JUnit by their official schemas; colour; the same findings in every format."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema

from tests.check.command import run
from tests.check.official import junit_schema, sarif_schema
from tests.check.test_check import JOB
from tests.gateprocess import ROOT
from webhook.cli.validate import FORMATS
from webhook.review import discover_rules

WAIVED = JOB.replace(
    "maxRuntimeInSeconds: 0}", "maxRuntimeInSeconds: 0}  # kube-sagemaker: ignore[SM104] reason=ok"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good files of odd names with findings, a waiver and a warning, and a broken one."""
    (tmp_path / "a b,ü.yaml").write_text(WAIVED)
    warned = JOB.replace("ml.m5.xlarge", "ml.m9i.xlarge").replace("max_depth", "\\x07<&>\\uFFFE")
    (tmp_path / "b.yaml").write_text(f"{JOB}---\n{warned}")
    (tmp_path / "c.yaml").write_text("a: [\n")
    return tmp_path


def concise(folder: Path) -> list[tuple[str, int, int, str, str]]:
    """Return file, line, column, rule and sentence of each finding, of the concise form."""
    out = run("validate", "--format", "concise", cwd=folder).stdout
    form = re.compile(r"(.*?):(\d+):(\d+): (SM\d+) \w+: (.*)")
    found = [form.fullmatch(line) for line in out.splitlines()]
    return [(m[1], int(m[2]), int(m[3]), m[4], m[5]) for m in found if m is not None]


def sarif(folder: Path) -> dict[str, Any]:
    """Return the run as SARIF."""
    done = run("validate", "--format", "sarif", cwd=folder)
    assert done.returncode == 2, done.stderr
    log: dict[str, Any] = json.loads(done.stdout)
    return log


def test_sarif_is_by_its_official_schema(folder: Path) -> None:
    """Draft 4, of errata 01; with findings, waivers, warnings and a broken input."""
    schema = json.loads(sarif_schema().read_text())
    jsonschema.Draft4Validator(schema).validate(sarif(folder))
    jsonschema.Draft4Validator(schema).validate(
        json.loads(run("validate", "--format", "sarif", "-", stdin="kind: ConfigMap\n").stdout)
    )


def test_sarif_says_what_the_concise_form_says(folder: Path) -> None:
    """Each finding with its region; a waived one is suppressed, with the reason."""
    (log,) = sarif(folder)["runs"]
    found: list[Any] = []
    suppressed: list[Any] = []
    for result in log["results"]:
        (place,) = result["locations"]
        where = place["physicalLocation"]
        region = where["region"]
        row = (
            unquote(where["artifactLocation"]["uri"]), region["startLine"], region["startColumn"],
            result["ruleId"], result["message"]["text"],
        )  # fmt: skip
        assert region["endColumn"] > region["startColumn"]
        assert log["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        (suppressed if "suppressions" in result else found).append((*row, result))
    assert [row[:5] for row in found] == concise(folder)
    ((*_, rule, _, result),) = suppressed
    assert rule == "SM104"
    assert result["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "ok"}
    ]
    (told,) = log["invocations"][0]["toolExecutionNotifications"]
    assert "c.yaml:2:1" in told["message"]["text"]
    assert log["invocations"][0]["executionSuccessful"] is False


def test_sarif_tells_each_finding_apart_and_knows_it_again(folder: Path) -> None:
    """A fingerprint does not change when a line is put before the object."""
    prints = [r["partialFingerprints"]["finding/v1"] for r in sarif(folder)["runs"][0]["results"]]
    (folder / "b.yaml").write_text("# a line\n" + (folder / "b.yaml").read_text())
    again = [r["partialFingerprints"]["finding/v1"] for r in sarif(folder)["runs"][0]["results"]]
    assert prints == again
    assert len(set(prints)) > len(prints) // 2


def test_sarif_has_every_rule_with_its_help(folder: Path) -> None:
    """What the code-scanning page shows beside a finding."""
    rules = {r["id"]: r for r in sarif(folder)["runs"][0]["tool"]["driver"]["rules"]}
    for rule in discover_rules().values():
        shown = rules[rule.id]
        assert rule.title in shown["shortDescription"]["text"]
        assert rule.fix in shown["help"]["markdown"]
        assert shown["helpUri"] == rule.source


def test_junit_is_by_the_schema_that_jenkins_reads_it_by(folder: Path) -> None:
    """Also of values that XML cannot hold, and of nothing at all."""
    schema = xmlschema.XMLSchema(str(junit_schema()))
    schema.validate(ET.fromstring(run("validate", "--format", "junit", cwd=folder).stdout))  # noqa: S314
    empty = run("validate", "--format", "junit", "-", stdin="kind: ConfigMap\n").stdout
    schema.validate(ET.fromstring(empty))  # noqa: S314 - our own text


def test_junit_has_a_case_for_each_object(folder: Path) -> None:
    """A failure for each error, the rest as its output; a broken input is an error."""
    root = ET.fromstring(run("validate", "--format", "junit", cwd=folder).stdout)  # noqa: S314
    assert {key: root.get(key) for key in ("tests", "failures", "errors")} == {
        "tests": "4", "failures": "3", "errors": "1",
    }  # fmt: skip
    failures = [(case.get("name"), f.get("type")) for case in root.iter("testcase")
                for f in case.iter("failure")]  # fmt: skip
    wanted = [rule for _, _, _, rule, _ in concise(folder) if rule != "SM241"]
    assert [rule for _, rule in failures] == wanted
    output = "\n".join(out.text or "" for out in root.iter("system-out"))
    assert "waived: SM104" in output
    assert "SM241" in output


def test_github_annotates_what_cannot_be_read(folder: Path) -> None:
    """Else a pull request shows nothing but a red cross."""
    lines = run("validate", "--format", "github", cwd=folder).stdout.splitlines()
    assert lines[-1].startswith("::error file=c.yaml,line=2,col=1,title=not readable::")
    assert len(lines) == len(concise(folder)) + 1


@pytest.mark.parametrize("form", [form for form in FORMATS if form in {"full", "concise"}])
def test_colour_only_when_it_is_wanted(folder: Path, form: str) -> None:
    """Not into a pipe; --color says otherwise; without its escapes the text is the same."""
    plain = run("validate", "--format", form, cwd=folder).stdout
    assert "\x1b" not in plain
    coloured = run("validate", "--format", form, "--color", "always", cwd=folder).stdout
    assert "\x1b[31m" in coloured
    assert re.sub(r"\x1b\[\d*m", "", coloured) == plain


def watched(folder: Path, *arguments: str, **environment: str) -> str:
    """Run `validate` on a terminal of its own; return what it shows."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        command = [sys.executable, "-m", "webhook", "validate", *arguments]
        os.execve(sys.executable, command, {"PYTHONPATH": str(ROOT), **environment})  # noqa: S606
    shown = b""
    while select.select([terminal], [], [], 60)[0]:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.waitpid(pid, 0)
    os.close(terminal)
    return shown.decode()


def test_a_terminal_is_coloured_unless_told_otherwise(folder: Path) -> None:
    """NO_COLOR, by its convention, and a terminal that is dumb."""
    arguments = ("--format", "concise", "b.yaml")
    assert "\x1b[31mSM" in watched(folder, *arguments, TERM="xterm")
    assert "\x1b" not in watched(folder, *arguments, TERM="xterm", NO_COLOR="1")
    assert "\x1b" not in watched(folder, *arguments, TERM="dumb")
