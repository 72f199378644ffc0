# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI page in a real browser."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.gateprocess import GateProcess


def test_a_browser_shows_the_hot_routes_without_internet(tmp_path: Path) -> None:
    """Chromium, with every host but loopback unknown to it, renders both routes."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("NOT RUN: needs chromium (Debian: apt-get install chromium)")
    with GateProcess() as gate:
        done = subprocess.run(  # noqa: S603 - our own words
            [
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--ignore-certificate-errors",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                f"--user-data-dir={tmp_path}",
                "--virtual-time-budget=10000",
                "--dump-dom",
                f"{gate.url}/docs",
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert "/validate" in done.stdout, done.stderr[-2000:]
    assert "/mutate" in done.stdout
    assert "Judge an object as it is" in done.stdout
