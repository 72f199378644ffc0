# SPDX-License-Identifier: Apache-2.0
"""docs/ci.md is a transcript: its files are made, its commands run, its output compared.

`UPDATE_PAGES=1 pytest tests/check/test_ci_page.py` writes the output into the page.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.controlplane.binaries import NoBinaries, find
from tests.gateprocess import ROOT

PAGE = ROOT / "docs" / "ci.md"
FILE = re.compile(r"^`([^`\n]+)`[^`\n]*:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SESSION = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH with the command, make, and a kubectl."""
    try:
        built = find()
    except NoBinaries:
        built = None
    kubectl = str(built.kubectl) if built is not None else shutil.which("kubectl")
    if kubectl is None or shutil.which("make") is None:
        pytest.skip("NOT RUN, the page of CI needs make and a kubectl (`make controlplane`)")
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "kubectl").symlink_to(kubectl)
    (folder / "kube-sagemaker").symlink_to(Path(sys.executable).with_name("kube-sagemaker"))
    return f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin"


def replayed(session: str, folder: Path, path: str) -> str:
    """Run the commands of a console block; return the block as it ought to be."""
    shown = []
    for command in re.findall(r"^\$ (.*)$", session, re.MULTILINE):
        done = subprocess.run(  # noqa: S603 - the page's own commands
            ["/bin/bash", "-c", command], cwd=folder, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False, timeout=120,
            env={"PATH": path, "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        shown.append(f"$ {command}\n{done.stdout}")
    return "".join(shown)


def test_the_page_is_what_happens(tmp_path: Path, path: str) -> None:
    """Annotated lines, a diff, mended files, the rendered overlay, and green at last."""
    page = PAGE.read_text()
    work = tmp_path / "work"
    files = FILE.findall(page)
    assert len(files) == 5
    for name, content in files:
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(content)
    real = SESSION.sub(lambda block: f"```console\n{replayed(block[1], work, path)}```", page)
    if os.environ.get("UPDATE_PAGES"):
        PAGE.write_text(real)
    assert page == real
    assert "::error file=jobs/churn.yaml,line=7," in page
    assert "Error 1" in page
    last = SESSION.findall(page)[-1]
    assert "Error" not in last
    assert last.count("1 judged, ") == 2
