# SPDX-License-Identifier: Apache-2.0
"""The language server, installed once below build/ from the lock file beside this module."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.gateprocess import ROOT

HERE: Final = Path(__file__).parent
FOLDER: Final = ROOT / "build" / "node"
LOCK: Final = "package-lock.json"

UNREACHED: Final = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "_TIMEOUT")
"""What npm calls a registry that does not answer."""

BRIEFLY: Final = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000")
"""Such a one is not waited for: npm alone would try for a minute."""


class NotHere(Exception):
    """The server cannot be had on this machine; the message says why."""


def command() -> list[str]:
    """Return how the server is started. Raises NotHere."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NotHere("no node and npm on the PATH")
    done = FOLDER / "node_modules" / LOCK
    if not done.exists() or done.read_bytes() != (HERE / LOCK).read_bytes():
        _install(npm)
        shutil.copy(HERE / LOCK, done)
    return [node, str(FOLDER / "node_modules/yaml-language-server/bin/yaml-language-server")]


def _install(npm: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", LOCK):
        shutil.copy(HERE / name, FOLDER / name)
    run = subprocess.run(  # noqa: S603 - our own words
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *BRIEFLY],
        cwd=FOLDER, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    if any(code in run.stderr for code in UNREACHED):
        raise NotHere("npm reaches no registry")
    assert run.returncode == 0, run.stderr
