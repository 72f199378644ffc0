# SPDX-License-Identifier: Apache-2.0
"""Figures of the check: start, one file, ten thousand resources."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Final

from tests.gateprocess import ROOT

RESOURCES: Final = 10_000
ROUNDS: Final = 5
SAMPLE: Final = ROOT / "manifests" / "samples" / "trainingjob-xgboost-mnist.yaml"
POLICY: Final = ROOT / "manifests" / "samples" / "policy.yaml"


def _took(*command: str) -> float:
    start = time.monotonic()
    subprocess.run(  # noqa: S603 - our own words
        command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.monotonic() - start


def measure_cli(folder: Path) -> dict[str, float]:
    """Return all figures; times are in seconds, memory of the largest run in MiB.

    `cli_growth` is what a resource costs in a large input against one in a quarter of it.
    """
    python, command = sys.executable, str(Path(sys.executable).with_name("kube-sagemaker"))
    validate = (command, "validate", "--policy", str(POLICY))
    ratios = [_took(command, "--version") / _took(python, "-c", "pass") for _ in range(ROUNDS)]
    one = median(_took(*validate, str(SAMPLE)) for _ in range(ROUNDS))
    many = folder / "many.yaml"

    def took(resources: int) -> float:
        many.write_text("---\n".join([SAMPLE.read_text()] * resources))
        return _took(*validate, str(many))

    quarter, seconds = took(RESOURCES // 4), took(RESOURCES)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {
        "cli_version_vs_python": median(ratios),
        "cli_one_file_s": one,
        "cli_resources_per_s": RESOURCES / seconds,
        "cli_growth": (seconds - one) / (quarter - one) / 4,
        "cli_rss_mib": peak,
    }
