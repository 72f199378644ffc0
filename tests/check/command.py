# SPDX-License-Identifier: Apache-2.0
"""The command in a process of its own, as people and pipelines call it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.gateprocess import ROOT


def run(
    *arguments: str, cwd: Path | None = None, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `kube-sagemaker` with arguments."""
    return subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "webhook", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={"PYTHONPATH": str(ROOT), "PATH": "", **environment},
    )


def validate(*arguments: str, cwd: Path | None = None, stdin: str = "") -> str:
    """Run `validate --format concise`; return what it prints on standard output."""
    return run("validate", "--format", "concise", *arguments, cwd=cwd, stdin=stdin).stdout
