# SPDX-License-Identifier: Apache-2.0
"""The GitHub action: its file by GitHub's schema, its script as the runner's bash runs it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.check.test_check import JOB
from tests.gateprocess import ROOT

ACTION: Any = yaml.safe_load((ROOT / "action.yml").read_text())
INSTALL, JUDGE = ACTION["runs"]["steps"]
ANNOTATION = re.compile(r"::(error|warning|notice) file=[^,:]+,line=\d+,(\w+=[^,:]+,?)*::\S.*")
OTHER = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"


def squeezed(text: str) -> str:
    """Return text with a space wherever it has white space."""
    return " ".join(text.split())


def judge(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the second step as a runner does; the project's own environment is what is installed."""
    temporary = folder / "runner's temp"
    temporary.mkdir()
    (temporary / "kube-sagemaker").symlink_to(sys.prefix)
    defaults = {name: str(entry["default"]) for name, entry in ACTION["inputs"].items()}
    given = {**defaults, **{name.replace("_", "-"): value for name, value in inputs.items()}}
    environment = {
        name: given[re.sub(r"\$\{\{ inputs\.(.*) \}\}", r"\1", value)]
        for name, value in JUDGE["env"].items()
    }
    script = folder / "runner's temp" / "step.sh"
    script.write_text(JUDGE["run"])
    return subprocess.run(  # noqa: S603 - our own words
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],  # noqa: S607
        cwd=folder, capture_output=True, text=True, check=False, timeout=60,
        stdin=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "RUNNER_TEMP": str(temporary), **environment},
    )  # fmt: skip


def test_the_file_is_an_action() -> None:
    """By the schema that GitHub's own files are judged by."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-actions",
         str(ROOT / "action.yml")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_input_is_put_into_a_script() -> None:
    """Scripts hold no expression, and every input reaches a step by its environment."""
    reached = " ".join(value for step in (INSTALL, JUDGE) for value in step["env"].values())
    for step in (INSTALL, JUDGE):
        assert "${{" not in step["run"]
        assert "uses" not in step
    assert set(re.findall(r"inputs\.([a-z-]+)", reached)) == set(ACTION["inputs"])


def test_the_page_names_its_inputs() -> None:
    """The snippet's are some of them, the text has the others with their defaults."""
    page = (ROOT / "docs" / "editors-and-ci.md").read_text()
    blocks = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    (job,) = (block["jobs"]["check"] for block in blocks if block and "jobs" in block)
    assert set(job["steps"][-1]["with"]) <= set(ACTION["inputs"])
    for name, entry in ACTION["inputs"].items():
        assert f"`{name}`" in page
        if name in {"format", "fail-on", "allow-none"}:
            assert f"`{name}` (`{entry['default']}`)" in squeezed(page)


def test_a_broken_job_is_annotated(tmp_path: Path) -> None:
    """Workflow commands on standard output, and the step fails."""
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "job.yaml").write_text(JOB)
    done = judge(tmp_path)
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 5
    assert all(ANNOTATION.fullmatch(line) for line in lines), lines
    assert lines[0].startswith("::error file=jobs/job.yaml,line=9,")
    assert ",col=20," in lines[0]


@pytest.mark.parametrize(
    ("inputs", "code", "judged"),
    [
        ({"paths": "one two"}, 1, 2),
        ({"paths": "  one \n\n with space/*.yaml\n"}, 1, 2),
        ({"paths": "with space/job.yaml\n"}, 1, 1),
        ({"paths": "**/*.yaml"}, 1, 3),
        ({"paths": ""}, 1, 3),
        ({"paths": "other.yml"}, 0, 0),
        ({"paths": "other.yml", "allow_none": "false"}, 3, 0),
        ({"paths": "$(touch hacked) `touch hacked` ;touch hacked"}, 2, 0),
        ({"paths": "one", "policy": "no such.yaml"}, 2, None),
        ({"paths": "one", "format": "json", "fail_on": "note", "namespace": "x"}, 1, 1),
    ],
    ids=range(10),
)  # fmt: skip
def test_inputs(tmp_path: Path, inputs: dict[str, str], code: int, judged: int | None) -> None:
    """Paths by lines or by words, globs as they are, options as given; nothing is run."""
    for name in ("one", "two", "with space"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "job.yaml").write_text(JOB)
    (tmp_path / "other.yml").write_text(OTHER)
    done = judge(tmp_path, **inputs)
    assert done.returncode == code, done.stdout + done.stderr
    if judged is not None and code != 2:
        assert f"{judged} judged" in done.stderr
    assert not (tmp_path / "hacked").exists()
