# SPDX-License-Identifier: Apache-2.0
"""A certificate that is renewed on disk is served with; one that cannot be is not taken."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from certs.authority import Pair, issue, make_authority
from tests.gateprocess import GateProcess

NAMES = ["gate.example"]
PATIENCE = 60


def write(folder: Path, pair: Pair, authority: Pair) -> None:
    """Write a pair as a mounted Secret has it."""
    (folder / "ca.crt").write_bytes(authority.certificate)
    (folder / "tls.key").write_bytes(pair.key)
    (folder / "tls.crt").write_bytes(pair.certificate)


def served(gate: GateProcess) -> str:
    """Return the certificate that a new connection gets."""
    return ssl.get_server_certificate(("127.0.0.1", gate.port))


def until(is_so: Callable[[], bool], gate: GateProcess) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, gate.lines
        time.sleep(0.2)  # polling, bounded by the deadline


def test_a_renewed_certificate_is_served_with(tmp_path: Path) -> None:
    """New connections get it, open ones go on, junk and a foreign key change nothing."""
    now = datetime.now(UTC)
    authority = make_authority("test", now)
    first, second = (issue(authority, NAMES, (), now) for _ in range(2))
    write(tmp_path, first, authority)
    with GateProcess(tls=tmp_path) as gate:
        assert served(gate).encode() == first.certificate
        kept = gate.connect()
        kept.request("GET", "/readyz")
        assert kept.getresponse().read() is not None
        (tmp_path / "tls.crt").write_bytes(b"junk")
        until(lambda: _said(gate, "certificate not renewed") == 1, gate)
        (tmp_path / "tls.crt").write_bytes(second.certificate)  # whose key is not there yet
        until(lambda: _said(gate, "certificate not renewed") == 2, gate)
        assert served(gate).encode() == first.certificate
        (tmp_path / "tls.key").write_bytes(second.key)
        until(lambda: served(gate).encode() == second.certificate, gate)
        assert _said(gate, "certificate renewed") == 1
        kept.request("GET", "/readyz")
        assert kept.getresponse().status == 200
        kept.close()
        assert gate.get("/readyz")[0] == 200
        (tmp_path / "tls.key").unlink()
        until(lambda: _said(gate, "cannot read") >= 1, gate)
        assert served(gate).encode() == second.certificate


def _said(gate: GateProcess, text: str) -> int:
    return sum(text in json.dumps(json.loads(line)) for line in gate.lines if line[:1] == "{")
