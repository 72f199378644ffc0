# SPDX-License-Identifier: Apache-2.0
"""A baseline: what a repository had when it adopted the check does not count; what is new does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.check.command import run
from tests.check.test_check import JOB


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A folder with a broken job whose findings are in a baseline."""
    (tmp_path / "job.yaml").write_text(JOB)
    done = run("validate", "--write-baseline", "known.json", "job.yaml", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "5 findings written to known.json\n")
    return tmp_path


def counted(folder: Path) -> tuple[int, list[str], str]:
    """Return exit code, rules and the last words of a run against the baseline."""
    arguments = ("validate", "--format", "concise", "--baseline", "known.json", "job.yaml")
    done = run(*arguments, cwd=folder)
    return done.returncode, [line.split()[1] for line in done.stdout.splitlines()], done.stderr


def test_what_is_known_does_not_count(repository: Path) -> None:
    """Wherever it has moved to in the file."""
    (repository / "job.yaml").write_text(f"# a comment\n---\n{JOB}")
    assert counted(repository) == (
        0, [], "1 judged, 0 of other kinds passed over, 5 findings waived\n",
    )  # fmt: skip


def test_a_value_that_was_touched_is_new(repository: Path) -> None:
    """It is wrong in another way, so its author has to mend it."""
    (repository / "job.yaml").write_text(JOB.replace("xgboost:1", "xgboost:2"))
    code, found, said = counted(repository)
    assert (code, found) == (1, ["SM210"])
    assert "1 finding of the baseline gone; write it anew" in said


def test_a_second_of_the_same_is_new(repository: Path) -> None:
    """Equal findings are counted."""
    item = "    - {name: max_depth, value: 5}\n"
    (repository / "job.yaml").write_text(JOB.replace(item, item * 2))
    assert counted(repository)[:2] == (1, ["SM105"])


def test_what_was_mended_leaves_the_baseline_stale(repository: Path) -> None:
    """It is said, so that it is written anew."""
    (repository / "job.yaml").write_text(JOB.replace("maxRuntimeInSeconds: 0", ""))
    code, found, said = counted(repository)
    assert (code, found) == (0, [])
    assert "1 finding of the baseline gone; write it anew" in said


def test_it_is_sorted_a_line_each(repository: Path) -> None:
    """So that a change of it can be reviewed; written twice it is the same."""
    first = (repository / "known.json").read_text()
    lines = [line for line in first.splitlines() if '"job.yaml"' in line]
    assert len(lines) == 5
    assert lines == sorted(lines)
    run("validate", "--write-baseline", "known.json", "job.yaml", cwd=repository)
    assert (repository / "known.json").read_text() == first


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "no baseline: "),
        ('{"version": 9, "findings": []}', "a baseline of version 9, this program reads 1"),
        ('{"version": 1, "findings": [["a"]]}', "no baseline: "),
    ],
    ids=range(3),
)
def test_a_wrong_baseline_is_named(repository: Path, content: str, says: str) -> None:
    """With its name and what to do; exit code 2."""
    (repository / "known.json").write_text(content)
    code, _, said = counted(repository)
    assert code == 2
    assert said.startswith(f"kube-sagemaker: known.json: {says}")


def test_no_baseline_is_written_of_half_the_files(repository: Path) -> None:
    """A file that cannot be read would have been forgotten."""
    (repository / "broken.yaml").write_text("a: [")
    before = (repository / "known.json").read_text()
    done = run("validate", "--write-baseline", "known.json", ".", cwd=repository)
    assert done.returncode == 2
    assert "no baseline was written" in done.stderr
    assert (repository / "known.json").read_text() == before
    assert len(json.loads(before)["findings"]) == 5
