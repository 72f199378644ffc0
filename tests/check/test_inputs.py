# SPDX-License-Identifier: Apache-2.0
"""Inputs of every size and name: bounded in time and memory, named when they cannot be read."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.check.command import run
from tests.check.test_check import JOB
from tests.check.test_formats import watched
from tests.gateprocess import ROOT

MIB = 2**20
SMALL = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
GOOD = (ROOT / "manifests/samples/trainingjob-xgboost-mnist.yaml").read_text()
POLICY = str(ROOT / "manifests/samples/policy.yaml")
MEMORY_MIB = 1024
"""What a run may have, whatever its input."""


def bounded(text: str | bytes, folder: Path, name: str = "x.yaml") -> tuple[int, str, str]:
    """Check a file with a bounded memory; return exit code and both outputs."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    limit = MEMORY_MIB * MIB
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "webhook", "validate", "--format", "concise", "--policy", POLICY,
         name],
        cwd=folder, capture_output=True, text=True, check=False, timeout=300,
        env={"PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_a_file_of_100_mb_is_refused_unread(tmp_path: Path) -> None:
    """In one line that names the bound."""
    code, _, said = bounded("#" * (100 * MIB), tmp_path)
    assert code == 2
    assert f"x.yaml: more than the {64 * MIB} bytes that are read" in said


def test_a_hundred_thousand_documents_are_passed_over(tmp_path: Path) -> None:
    """And counted; the one that is of ours is judged."""
    code, _, said = bounded("---\n".join([SMALL] * 100_000 + [GOOD]), tmp_path)
    assert (code, said) == (0, "1 judged, 100000 of other kinds passed over\n")


def test_a_line_of_ten_megabytes_is_shown_in_part(tmp_path: Path) -> None:
    """A message repeats a part of a value, and so does the excerpt."""
    long = JOB.replace("s3OutputPath", "s3OutputPath").replace(
        "value: 5}", f"value: {{a: {'x' * (10 * MIB)}}}}}"
    )
    code, shown, _ = bounded(long, tmp_path)
    assert code == 1
    assert "x.yaml:12:" in shown
    assert len(shown) < 10_000
    full = run("validate", "x.yaml", cwd=tmp_path).stdout
    assert max(len(line) for line in full.splitlines()) < 2_000


def test_deep_flow_and_bombs_end_at_once(tmp_path: Path) -> None:
    """With their place."""
    for text in ("a: " + "[" * MIB, "a: " + "{a: " * MIB, "- " * MIB):
        code, _, said = bounded(text, tmp_path)
        assert code == 2
        assert "nested deeper than 200 levels" in said


def test_work_grows_with_the_input_and_no_faster(tmp_path: Path) -> None:
    """Four times the documents take less than eight times the processor time, start aside."""

    def cost(documents: int) -> float:
        (tmp_path / "many.yaml").write_text("---\n".join([GOOD] * documents))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = run("validate", "--policy", POLICY, "many.yaml", cwd=tmp_path)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.returncode == 0, done.stderr
        return after.ru_utime - before.ru_utime

    start = cost(1)
    assert (cost(4_000) - start) / (cost(1_000) - start) < 8


def test_a_name_that_is_no_text_is_shown_escaped(tmp_path: Path) -> None:
    """In every format, with the finding in it."""
    os.makedirs(os.fsencode(tmp_path) + b"/caf\xe9")  # noqa: PTH103 - a name of bytes
    with open(os.fsencode(tmp_path) + b"/caf\xe9/j\xff.yaml", "w") as file:  # noqa: PTH123
        file.write(JOB)
    concise = run("validate", "--format", "concise", cwd=tmp_path)
    assert concise.returncode == 1, concise.stderr
    assert concise.stdout.startswith("caf\\xe9/j\\xff.yaml:9:20: SM210 error")
    report = json.loads(run("validate", "--format", "json", cwd=tmp_path).stdout)
    assert report["objects"][0]["file"] == "caf\\xe9/j\\xff.yaml"
    for form in ("full", "github", "junit", "sarif"):
        assert "SM210" in run("validate", "--format", form, cwd=tmp_path).stdout
    full = run("validate", cwd=tmp_path).stdout
    assert "9 |     trainingImage" in full, "the line is found all the same"
    assert "mended" in run("validate", "--fix", cwd=tmp_path).stderr


@pytest.mark.parametrize("name", ["a b.yaml", "ünï 日本.yaml", "-x.yaml", "[a].yaml", "'q\".yaml"])
def test_odd_names_are_read(tmp_path: Path, name: str) -> None:
    """Blanks, wide letters, a dash, and what looks like a glob."""
    (tmp_path / name).write_text(JOB)
    for argument in (name, "."):
        done = run("validate", "--format", "concise", "--", argument, cwd=tmp_path)
        assert done.stdout.startswith(f"{name}:9:20: SM210"), done.stderr


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """Links to nowhere and loops by their names, the rest is judged; a pipe is no manifest."""
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "dead.yaml").symlink_to("nowhere")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    done = run("validate", "--policy", POLICY, cwd=tmp_path)
    assert done.returncode == 2
    assert "1 judged" in done.stderr
    for name, why in (("dead", "No such file"), ("loop", "Too many levels")):
        assert f"{name}.yaml: {why}" in done.stderr


def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    """As somebody who may not read it."""
    (tmp_path / "job.yaml").write_text(JOB)
    (tmp_path / "job.yaml").chmod(0)
    tmp_path.chmod(0o755)
    if os.geteuid() != 0:
        done = run("validate", "job.yaml", cwd=tmp_path)
        assert (done.returncode, "job.yaml: Permission denied" in done.stderr) == (2, True)
        return
    code = (
        "import os, sys\n"
        "from webhook.adapters.yamlfile import FileError, read_file\n"
        "os.seteuid(65534)\n"
        "try: read_file(sys.argv[1], 1)\n"
        "except FileError as error: print(error)"
    )
    path = str(tmp_path / "job.yaml")
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code, path], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == f"{path}: Permission denied\n", done.stderr


def test_what_a_shell_substitutes_is_read(tmp_path: Path) -> None:
    """`validate <(kustomize build …)` is given the name of a pipe."""
    (tmp_path / "job.yaml").write_text(JOB)
    done = subprocess.run(
        ["/bin/bash", "-c", '"$@" <(cat job.yaml)', "bash", sys.executable, "-m", "webhook",
         "validate"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert ":9:20\n" in done.stdout, done.stderr
    assert "9 |     trainingImage" in done.stdout, "it is shown, though it can be read only once"


def test_a_long_run_shows_on_a_terminal_how_far_it_is(tmp_path: Path) -> None:
    """And takes the line away; a pipe gets nothing of it."""
    (tmp_path / "many.yaml").write_text("---\n".join([GOOD] * 6_000))
    shown = watched(tmp_path, "--policy", POLICY, "many.yaml", TERM="xterm")
    assert "documents read …" in shown
    assert "\r\x1b[K6000 judged, 0 of other kinds passed over" in shown.replace("\r\n", "\n")
    start = time.monotonic()
    piped = run("validate", "--policy", POLICY, "many.yaml", cwd=tmp_path)
    assert "…" not in piped.stderr, time.monotonic() - start
