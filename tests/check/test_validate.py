# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker validate`, as people and pipelines call it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from schemas import load_table
from tests.check.command import run as command
from tests.check.test_check import JOB
from tests.gateprocess import ROOT
from webhook.reserved import RESERVED
from webhook.review import discover_rules

GOOD = (ROOT / "manifests/samples/trainingjob-xgboost-mnist.yaml").read_text()
POLICY = str(ROOT / "manifests/samples/policy.yaml")
WARNED = GOOD.replace("instanceType: ml.m5.xlarge", "instanceType: ml.m9i.xlarge")


def run(*arguments: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """Run `kube-sagemaker validate`."""
    return command("validate", *arguments, **how)


def test_a_broken_job_is_shown_with_its_line(tmp_path: Path) -> None:
    """Sentence, place, the line with a caret, fix and page; exit code 1."""
    (tmp_path / "job.yaml").write_text(JOB)
    done = run("job.yaml", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    start = done.stdout.index("error[SM210]")
    shown = done.stdout[start:].split("\n\n")[0].splitlines()
    assert "use 433757028032.dkr.ecr.us-west-2.amazonaws.com/xgboost:1" in shown[0]
    assert shown[1:5] == [
        "  --> job.yaml:9:20",
        "  |",
        "9 |     trainingImage: 811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1",
        "  |                    " + "^" * 54,
    ]
    assert shown[5].startswith("  = fix: ")
    assert shown[6].startswith("  = page: https://")
    assert done.stderr == (
        "1 judged, 0 of other kinds passed over\n"
        "3 findings with one right answer: --fix writes it, --diff shows it\n"
    )


def test_concise_is_a_line_each(tmp_path: Path) -> None:
    """file:line:column: ID word: sentence, in the order of the file."""
    (tmp_path / "job.yaml").write_text(JOB)
    lines = run("--format", "concise", "job.yaml", cwd=tmp_path).stdout.splitlines()
    assert lines[0].startswith("job.yaml:9:20: SM210 error: spec.algorithmSpecification.trainingIm")
    assert [line.split(":")[1] for line in lines] == ["9", "12", "13", "14", "15"]


def test_github_gets_annotations(tmp_path: Path) -> None:
    """Workflow commands, by their grammar: commas, colons, percents and lines' ends escaped."""
    name = "a,b:c%.yaml"
    (tmp_path / name).write_text(
        JOB.replace("maxRuntimeInSeconds: 0", 'maxRuntimeInSeconds: "1%\\n2"')
    )
    lines = run("--format", "github", name, cwd=tmp_path).stdout.splitlines()
    grammar = re.compile(
        r"::(error|warning|notice) file=([^,:]+),line=(\d+),endLine=\3,col=(\d+),endColumn=(\d+),"
        r"title=(SM\d{3})::(\S.*)"
    )
    found = [grammar.fullmatch(line) for line in lines]
    assert len(lines) == 5
    assert all(found), lines
    first = found[0]
    assert first is not None
    assert first.groups()[:6] == ("error", "a%2Cb%3Ac%25.yaml", "9", "20", "74", "SM210")
    assert "1%25\\n2" in lines[4], "the value's own escape is no line's end"


def test_json_is_by_its_published_schema(tmp_path: Path) -> None:
    """Findings with places, what would be filled in, and inputs that could not be read."""
    (tmp_path / "a.yaml").write_text(JOB.replace("  region: us-west-2\n", ""))
    (tmp_path / "b.yaml").write_text("a: [")
    done = run("--policy", POLICY, "--format", "json", ".", cwd=tmp_path)
    report = json.loads(done.stdout)
    jsonschema.Draft202012Validator(load_table("report.json")).validate(report)
    assert done.returncode == 2
    (job,) = report["objects"]
    by_field = {finding["field"]: finding for finding in job["findings"]}
    image = by_field["spec.algorithmSpecification.trainingImage"]
    assert (image["rule"], image["level"], image["line"], image["column"]) == (
        "SM210",
        "error",
        8,
        20,
    )
    assert image["use"] == "433757028032.dkr.ecr.us-west-2.amazonaws.com/xgboost:1"
    assert job["defaults"] == ['spec.region defaulted to "us-west-2" by policy section everyone']
    assert [(error["file"], error["line"]) for error in report["errors"]] == [("b.yaml", 2)]


def test_rules_and_explain() -> None:
    """A line for each rule; a page for one, in any case; a wrong ID is told so."""
    listed = command("rules").stdout.splitlines()
    assert [line.split()[0] for line in listed] == sorted({*discover_rules(), *RESERVED})
    page = command("explain", "sm210").stdout
    assert page.startswith("# SM210 · Image and job are in the same region")
    assert "**Fix:** name the repository of that region" in page
    assert "- China keeps its own suffix" in page, "cases are a part of it"
    assert command("explain", "SM008").stdout == f"SM008: {RESERVED['SM008']}\n"
    wrong = command("explain", "SM999")
    assert (wrong.returncode, "kube-sagemaker rules" in wrong.stderr) == (2, True)


def test_folders_globs_json_and_files_named_twice(tmp_path: Path) -> None:
    """All below a folder, hidden ones and loops of links aside; each file once."""
    deep = tmp_path / "a b" / "deep"
    deep.mkdir(parents=True)
    (deep / "one.yaml").write_text(GOOD)
    (deep / "two.yml").write_text(f"# nothing\n---\n{GOOD}---\n")
    (deep / "three.json").write_text(json.dumps(yaml.safe_load(GOOD)))
    (deep / "notes.txt").write_text("none: [")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "four.yaml").write_text("broken: [")
    (deep / "loop").symlink_to(tmp_path)
    (deep / "linked.yaml").symlink_to(deep / "one.yaml")
    for paths in (
        ["."],
        [],
        ["a b", "a b/deep/one.yaml"],
        ["a b/**/*.y*ml", "a b/deep/three.json"],
    ):
        done = run("--policy", POLICY, *paths, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert done.stderr == "3 judged, 0 of other kinds passed over\n"


def test_standard_input_holds_many_documents() -> None:
    """As kustomize and helm print them."""
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
    done = run(
        "--policy", POLICY, "--format", "concise", "-", stdin=f"{other}---\n{GOOD}---\n{JOB}"
    )
    first = other.count("\n") + GOOD.count("\n") + 2
    assert done.returncode == 1
    assert f"<stdin>:{first + 9}:20: SM210" in done.stdout
    assert done.stderr.startswith("2 judged, 1 of other kinds passed over\n")


@pytest.mark.parametrize(
    ("arguments", "text", "code"),
    [
        ([], GOOD, 0), ([], JOB, 1), ([], WARNED, 0), (["--fail-on", "warning"], WARNED, 1),
        ([], "", 3), (["--allow-none"], "", 0), ([], "kind: ConfigMap\n", 3),
        ([], "a: [", 2), ([], "a: 1\na: 2\n", 2), (["--nonsense"], GOOD, 2),
        (["--policy", "/nowhere"], GOOD, 2), (["nowhere.yaml"], GOOD, 2),
    ],
    ids=range(12),
)  # fmt: skip
def test_exit_codes(arguments: list[str], text: str, code: int) -> None:
    """0 clean, 1 findings, 2 usage or input, 3 nothing; without a trace, whatever it is."""
    policy = [] if "--policy" in arguments else ["--policy", POLICY]
    done = run(*policy, *arguments, "-", stdin=text)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    """It is named with line and column; the rest is judged."""
    (tmp_path / "a.yaml").write_text("a:\n  b: [1,\n")
    (tmp_path / "b.yaml").write_text(JOB)
    (tmp_path / "c.yaml").write_bytes(b"\x7fELF\x00\x01")
    done = run("--format", "concise", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "b.yaml:9:20: SM210" in done.stdout
    assert "a.yaml:3:1: " in done.stderr
    assert "c.yaml" in done.stderr


def test_defaults_are_shown_when_asked_for() -> None:
    """What the gate would fill in, and from where."""
    done = run("--policy", POLICY, "--show-defaults", "-", stdin=GOOD)
    assert done.returncode == 0
    assert 'spec.region defaulted to "us-west-2" by policy section everyone' in done.stdout


def test_a_closed_pipe_is_silent(tmp_path: Path) -> None:
    """`| head` takes what it wants, and nobody complains."""
    (tmp_path / "many.yaml").write_text("---\n".join([JOB] * 400))
    words = [sys.executable, "-m", "webhook", "validate", str(tmp_path / "many.yaml")]
    process = subprocess.Popen(  # noqa: S603 - our own words
        words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()
    process.wait(60)
    assert "Traceback" not in complaint
    assert "BrokenPipe" not in complaint


def test_it_imports_neither_a_web_framework_nor_an_sdk() -> None:
    """Start-up is part of the product."""
    code = (
        "import sys; sys.argv = ['x', 'validate', '-', '--allow-none'];"
        "from webhook.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'fastapi', 'starlette', 'uvicorn', 'boto3', 'botocore', 'lightkube',"
        " 'jsonschema'} & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code], cwd=ROOT, input="", capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.strip().endswith("[]"), done.stdout
