# SPDX-License-Identifier: Apache-2.0
"""The hook of .pre-commit-hooks.yaml, as the real pre-commit installs and runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.check.test_check import JOB
from tests.gateprocess import ROOT

MANIFEST = ROOT / ".pre-commit-hooks.yaml"
PRE_COMMIT = [sys.executable, "-m", "pre_commit"]
GIT = shutil.which("git")
PACKAGE = (
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "webhook",
    "schemas",
    "certs",
    "docs",
    MANIFEST.name,
)
"""What the hook's environment is made from."""

GOOD = (
    JOB.replace("us-east-1", "us-west-2")
    .replace("811284229777", "433757028032")
    .replace("volumeSizeInGb", "volumeSizeInGB")
    .replace("value: 5", 'value: "5"')
    .replace("outputDataConfig: {}", "outputDataConfig: {s3OutputPath: s3://b/o}")
    .replace("maxRuntimeInSeconds: 0", "maxRuntimeInSeconds: 60")
)
OTHERS = {
    "good.yaml": GOOD,
    "config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n",
    "package.json": '{"name": "x"}\n',
    "notes.txt": "none: [\n",
}


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command in a folder, with nobody's git configuration and a cache of its own."""
    if GIT is None:
        pytest.skip("NOT RUN, no git on the PATH")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(tmp_path / "home"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_NAME": "nobody" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "nobody@example.com" for who in ("AUTHOR", "COMMITTER")},
    }

    def in_folder(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own words
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False,
            timeout=300,
        )  # fmt: skip

    return in_folder


def repository(run: Run, folder: Path, hooks: str) -> Path:
    """Make a repository of manifests whose commits are judged."""
    folder.mkdir()
    (folder / ".pre-commit-config.yaml").write_text(hooks)
    for name, text in OTHERS.items():
        (folder / name).write_text(text)
    assert run(folder, "git", "init", "--quiet", ".").returncode == 0
    assert run(folder, "git", "add", "--all").returncode == 0
    return folder


def judge_commits(run: Run, folder: Path) -> None:
    """Assert what holds of the hook, however it is installed."""
    passed = run(folder, *PRE_COMMIT, "run", "--verbose")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "1 judged, 3 of other kinds passed over" in passed.stdout, "text is no type of it"
    assert run(folder, "git", "commit", "--quiet", "--message", "x").returncode == 0
    (folder / "job.yaml").write_text(JOB)
    assert run(folder, "git", "add", "job.yaml").returncode == 0
    refused = run(folder, *PRE_COMMIT, "run")
    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert "  --> job.yaml:9:20" in refused.stdout
    assert "9 |     trainingImage: 811284229777.dkr.ecr.us-east-1." in refused.stdout
    assert run(folder, "git", "rm", "--force", "--quiet", "job.yaml").returncode == 0
    empty = run(folder, *PRE_COMMIT, "run")
    assert empty.returncode == 0, empty.stdout + empty.stderr
    assert "no files to check" in empty.stdout


def test_the_manifest_is_one(run: Run) -> None:
    """By pre-commit's own check of it; the page has its hook."""
    done = run(ROOT, *PRE_COMMIT, "validate-manifest", str(MANIFEST))
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
    page = (ROOT / "docs" / "editors-and-ci.md").read_text()
    assert [f"- id: {hook['id']}" in page for hook in yaml.safe_load(MANIFEST.read_text())] == [
        True
    ]


def test_its_command_judges_what_is_committed(run: Run, tmp_path: Path) -> None:
    """A broken job is refused with its line shown; other YAML and an empty change set pass."""
    (hook,) = yaml.safe_load(MANIFEST.read_text())
    hook = {name: value for name, value in hook.items() if name != "minimum_pre_commit_version"}
    hooks = {"repos": [{"repo": "local", "hooks": [{**hook, "language": "system"}]}]}
    judge_commits(run, repository(run, tmp_path / "work", yaml.safe_dump(hooks)))


def test_pre_commit_installs_it_by_itself(run: Run, tmp_path: Path) -> None:
    """From a repository of ours, in an environment of its own: the same."""
    probe = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
    if run(tmp_path, *probe, "hatchling").returncode:
        pytest.skip("NOT RUN, pip reaches no package index to install the hook from")
    ours = tmp_path / "ours"
    ours.mkdir()
    for name in PACKAGE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, ours / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, ours / name)
    run(ours, "git", "init", "--quiet", ".")
    run(ours, "git", "add", "--all")
    assert run(ours, "git", "commit", "--quiet", "--message", "x").returncode == 0
    revision = run(ours, "git", "rev-parse", "HEAD").stdout.strip()
    hooks = [{"id": "kube-sagemaker-validate"}]
    config = {"repos": [{"repo": str(ours), "rev": revision, "hooks": hooks}]}
    judge_commits(run, repository(run, tmp_path / "work", yaml.safe_dump(config)))
    (installed,) = (tmp_path / "home").glob("repo*/py_env-*/bin/kube-sagemaker")
    page = run(tmp_path, str(installed), "explain", "SM210")
    assert page.stdout.startswith("# SM210"), "the package has the rules' pages in it"
