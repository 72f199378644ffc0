# SPDX-License-Identifier: Apache-2.0
"""The pinned wheels: fetched once into the user's cache, their hash always checked."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

PINS: Final = Path(__file__).with_name("wheels.toml")


class WheelError(Exception):
    """A wheel is not to be had, or is not the one that was pinned."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A pinned wheel. `file` is its name in the cache."""

    name: str
    version: str
    file: str
    sha256: str
    licence: str
    taken: str

    @property
    def path(self) -> Path:
        """Where it lies, fetched when it is not there. Raises WheelError."""
        cache_home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        path = Path(cache_home) / "kube-sagemaker" / "wheels" / self.file
        if not path.exists():
            self._fetch(path.parent)
        found = sha256(path.read_bytes()).hexdigest()
        if found != self.sha256:
            raise WheelError(
                f"{path} has sha256 {found}, pinned is {self.sha256}; remove it and try again,"
                f" or correct {PINS.name}"
            )
        return path

    def _fetch(self, folder: Path) -> None:
        print(f"fetching {self.name} {self.version}", file=sys.stderr)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary=:all:", "-d", str(folder), f"{self.name}=={self.version}"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own words
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise WheelError(f"pip cannot download {self.name} {self.version}: {last}")

    def read(self, member: str) -> Any:
        """Return a JSON file of the wheel, packed with gzip or not."""
        with zipfile.ZipFile(self.path) as archive:
            if member in archive.namelist():
                return json.loads(archive.read(member))
            return json.loads(gzip.decompress(archive.read(f"{member}.gz")))

    def members(self, prefix: str) -> Iterator[str]:
        """Yield the names of the files below a folder of the wheel, sorted."""
        with zipfile.ZipFile(self.path) as archive:
            yield from sorted(name for name in archive.namelist() if name.startswith(prefix))


@cache
def pinned() -> dict[str, Wheel]:
    """Return the wheels by the role that they play ("newest", "ack", "legacy", "images")."""
    pins = tomllib.loads(PINS.read_text())
    return {role: Wheel(**pin) for role, pin in pins.items() if isinstance(pin, dict)}


@cache
def retrieved() -> str:
    """Return the day on which the pins were made, ISO: it does not vary between runs."""
    return str(tomllib.loads(PINS.read_text())["retrieved"])
