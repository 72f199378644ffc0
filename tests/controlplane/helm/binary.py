# SPDX-License-Identifier: Apache-2.0
"""Helm: found, or built once from the Go module proxy, some two and a half minutes on two cores.

It lies in the user's cache, keyed by what it is made from.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import Final

from tests.controlplane.binaries import NoBinaries

HERE: Final = Path(__file__).parent
PACKAGE: Final = "helm.sh/helm/v4/cmd/helm"


def place() -> Path:
    """Return where the program of today's go.mod and go.sum lies."""
    made_from = (HERE / "go.mod").read_bytes() + (HERE / "go.sum").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "kube-sagemaker" / "helm" / sha256(made_from).hexdigest()[:16] / "helm"


def build() -> Path:
    """Return Helm, building it where it is missing. Raises NoBinaries without Go."""
    target = place()
    if target.exists():
        return target
    go = shutil.which("go")
    if go is None:
        raise NoBinaries("no Helm, and no Go to build it")
    target.parent.mkdir(parents=True, exist_ok=True)
    print("building helm, minutes the first time …", file=sys.stderr, flush=True)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".building-") as temporary:
        made = Path(temporary) / "helm"
        command = [go, "build", "-mod=readonly", "-trimpath", "-ldflags=-s -w", "-o", str(made)]
        done = subprocess.run(  # noqa: S603 - our own words
            [*command, PACKAGE], cwd=HERE, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise NoBinaries(f"go build {PACKAGE} failed:\n{done.stderr[-2000:]}")
        made.rename(target)  # whole or not at all, whoever else builds at the same time
    print(f"helm in {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    return target
