# SPDX-License-Identifier: Apache-2.0
"""Load from outside Python: wrk for as much as goes, hey for a fixed rate. Loopback only."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CONNECTIONS: Final = 16
TOOLS: Final = ("wrk", "hey")


class NoToolError(Exception):
    """A load tool is missing; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Burst:
    """What wrk saw in one burst."""

    requests: int
    per_second: float


def find_tools() -> None:
    """Make sure that both tools are there. Raises NoToolError."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        raise NoToolError(f"needs {' and '.join(missing)} (Debian: apt-get install wrk hey)")


def burst(url: str, body: Path, seconds: int, core: int) -> Burst:
    """Send reviews over 16 connections as fast as they are answered; every answer must be 200."""
    script = body.with_suffix(".lua")
    script.write_text(
        f'local file = io.open("{body}", "rb")\n'
        'wrk.method = "POST"\n'
        'wrk.body = file:read("*a")\n'
        'wrk.headers["Content-Type"] = "application/json"\n'
    )
    command = ["taskset", "-c", str(core), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    text = _run([*command, "-s", str(script), url])
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(f"wrk: {text}")
    requests = re.search(r"(\d+) requests in", text)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    if requests is None or rate is None:
        raise RuntimeError(f"wrk printed no figures: {text}")
    return Burst(int(requests[1]), float(rate[1]))


def latencies(url: str, body: Path, *, rate: int, seconds: int, core: int) -> list[float]:
    """Return the milliseconds of each answer at a fixed rate over 8 connections, sorted."""
    workers = 8
    command = ["taskset", "-c", str(core), "hey", "-z", f"{seconds}s", "-c", str(workers)]
    command += ["-q", str(rate // workers), "-m", "POST", "-T", "application/json"]
    text = _run([*command, "-D", str(body), "-o", "csv", url])
    rows = [line.split(",") for line in text.splitlines()[1:]]
    if not rows or any(row[6] != "200" for row in rows):
        raise RuntimeError("hey: an answer that is not 200")
    return sorted(float(row[0]) * 1000 for row in rows)


def _run(command: list[str]) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)  # noqa: S603 - our own words
    return done.stdout
