# SPDX-License-Identifier: Apache-2.0
"""`kubectl sagemaker`: the command under kubectl's name for it, by a real kubectl."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.check.test_check import JOB
from tests.controlplane.binaries import NoBinaries, find

SCRIPTS = Path(sys.executable).parent
PLUGIN, COMPLETE = "kubectl-sagemaker", "kubectl_complete-sagemaker"


def call(
    *command: str, stdin: str = "", path: str = "/usr/bin:/bin"
) -> subprocess.CompletedProcess[str]:
    """Run a command."""
    return subprocess.run(  # noqa: S603 - our own words
        command, input=stdin, capture_output=True, text=True, check=False, timeout=60,
        env={"PATH": path, "HOME": "/nonexistent"},
    )  # fmt: skip


@pytest.fixture
def kubectl(tmp_path: Path) -> tuple[str, str]:
    """A kubectl, and a PATH that has the plugin and nothing else of ours."""
    built = None
    try:
        binaries = find()
        built = str(binaries.kubectl) if binaries else None
    except NoBinaries:
        pass  # KUBEBUILDER_ASSETS names a folder that lacks some
    program = shutil.which("kubectl") or built
    if program is None:
        pytest.skip("NOT RUN, no kubectl on the PATH and none built by `make controlplane`")
    for name in (PLUGIN, COMPLETE):
        (tmp_path / name).symlink_to(SCRIPTS / name)
    return program, f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin"


def test_kubectl_runs_it(kubectl: tuple[str, str]) -> None:
    """It is listed without a warning, has the version, and judges with the same exit code."""
    program, path = kubectl
    listed = call(program, "plugin", "list", path=path)
    assert f"/{PLUGIN}\n" in listed.stdout + listed.stderr
    assert "warning" not in listed.stdout + listed.stderr
    version = call(program, "sagemaker", "--version", path=path)
    assert (version.returncode, version.stdout.split()[0]) == (0, "kube-sagemaker")
    done = call(program, "sagemaker", "validate", "-", stdin=JOB, path=path)
    assert done.returncode == 1, done.stderr
    assert "error[SM210]" in done.stdout
    assert done.stderr.startswith("1 judged, ")


def test_kubectl_completes_it(kubectl: tuple[str, str]) -> None:
    """What kubectl offers its shell: the plugin's own words."""
    program, path = kubectl
    done = call(program, "__complete", "sagemaker", "completion", "", path=path)
    assert done.stdout.splitlines() == ["bash", "zsh", "fish", ":4"]


def test_it_speaks_of_itself_as_kubectl_does() -> None:
    """Usage, errors and hints say `kubectl sagemaker`."""
    plugin = str(SCRIPTS / PLUGIN)
    assert call(plugin, "--help").stdout.startswith("Usage: kubectl sagemaker ")
    usage = call(plugin, "validate", "--nonsense")
    assert "Try 'kubectl sagemaker validate --help'" in usage.stderr
    error = call(plugin, "validate", "nowhere.yaml")
    assert error.stderr.startswith("kubectl sagemaker: nowhere.yaml: no such file")
    assert "kubectl sagemaker rules lists them" in call(plugin, "explain", "SM999").stderr


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["val"], ["validate\t", ":4"]),
        (["validate", "--fail"], ["--fail-on", ":4"]),
        (["explain", "sm21"], ["SM210\t", "SM211\t", ":4"]),
        (["schema", "trai"], ["TrainingJob", ":4"]),
        (["validate", ""], [":0"]),
        (["schema", "--dir", ""], [":16"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_it_answers_kubectls_completion(words: list[str], offered: list[str]) -> None:
    """A candidate a line, with its meaning, and a directive: 0 files, 16 folders, 4 neither."""
    lines = call(str(SCRIPTS / COMPLETE), *words).stdout.splitlines()
    assert len(lines) == len(offered), lines
    for line, start in zip(lines, offered, strict=True):
        assert line.startswith(start)
