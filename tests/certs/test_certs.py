# SPDX-License-Identifier: Apache-2.0
"""Certificates: real handshakes, renewal by a clock that is passed in, and files that are whole."""

from __future__ import annotations

import base64
import json
import multiprocessing
import os
import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from certs.authority import CA_LIFE, LEAF_LIFE, is_due, issue, make_authority, seconds_left
from certs.errors import CertificateError
from certs.folder import keep_pair
from webhook.cli.main import main

NOW = datetime.now(UTC)
LOOPBACK = [ip_address("127.0.0.1")]


def handshake(folder: Path, name: str, authority: Path) -> None:
    """Connect to a server that has the folder's pair; raises ssl.SSLError when not trusted."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "tls.crt", folder / "tls.key")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            connection, _ = listening.accept()
            try:
                server.wrap_socket(connection, server_side=True).close()
            except OSError:
                connection.close()

        thread = threading.Thread(target=accept)
        thread.start()
        client = ssl.create_default_context(cafile=str(authority))
        with socket.create_connection(listening.getsockname(), timeout=10) as plain:
            try:
                client.wrap_socket(plain, server_hostname=name).close()
            finally:
                plain.close()
                thread.join(10)


def test_a_client_that_trusts_the_ca_trusts_the_pair(tmp_path: Path) -> None:
    """By name and by address."""
    kept = keep_pair(tmp_path, ["localhost"], LOOPBACK)
    for name in ("localhost", "127.0.0.1"):
        handshake(tmp_path, name, kept.authority)


def test_another_name_and_another_ca_are_refused(tmp_path: Path) -> None:
    """The names are checked, and so is the signature."""
    kept = keep_pair(tmp_path / "one", ["localhost"], LOOPBACK)
    other = keep_pair(tmp_path / "two", ["localhost"], LOOPBACK)
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        handshake(tmp_path / "one", "elsewhere", kept.authority)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(tmp_path / "one", "localhost", other.authority)


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    """0600 for keys, 0700 for a folder that we make."""
    keep_pair(tmp_path / "tls", ["localhost"])
    for name, mode in (("ca.key", 0o600), ("tls.key", 0o600), ("tls.crt", 0o644)):
        assert stat.S_IMODE((tmp_path / "tls" / name).stat().st_mode) == mode
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700


def test_what_is_good_is_kept(tmp_path: Path) -> None:
    """A second start changes no byte."""
    keep_pair(tmp_path, ["localhost"], LOOPBACK)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert keep_pair(tmp_path, ["localhost"], LOOPBACK).renewed is False
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("days", "names", "renewed"),
    [(0, ["localhost"], False), (200, ["localhost"], False), (250, ["localhost"], True),
     (400, ["localhost"], True), (0, ["localhost", "other"], True)],
)  # fmt: skip
def test_the_leaf_is_renewed_and_the_ca_kept(
    tmp_path: Path, days: int, names: list[str], renewed: bool
) -> None:
    """At two thirds of its year, or for a new name; the CA never."""
    first = keep_pair(tmp_path, ["localhost"], now=NOW)
    authority = first.authority.read_bytes()
    assert keep_pair(tmp_path, names, now=NOW + timedelta(days=days)).renewed is renewed
    assert first.authority.read_bytes() == authority


def test_renewal_is_due_at_two_thirds(tmp_path: Path) -> None:
    """Not a second earlier, counted from the backdated start."""
    leaf = issue(make_authority("ca", NOW), ["x"], [], NOW).x509
    start, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    due = start + (end - start) * 2 / 3
    assert not is_due(leaf, due - timedelta(seconds=1))
    assert is_due(leaf, due)
    assert seconds_left(leaf, end) == 0
    assert end - NOW <= LEAF_LIFE < CA_LIFE


def test_a_process_killed_between_two_files_leaves_nothing_bad(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a kill at any write the next start ends with a pair that works."""
    real = os.replace
    for writes in range(4):
        folder = tmp_path / str(writes)
        left = [writes]

        def dies(source: Any, target: Any, left: list[int] = left) -> None:
            if left[0] == 0:
                raise KeyboardInterrupt
            left[0] -= 1
            real(source, target)

        monkeypatch.setattr(os, "replace", dies)
        with pytest.raises(KeyboardInterrupt):
            keep_pair(folder, ["localhost"], LOOPBACK)
        monkeypatch.setattr(os, "replace", real)
        kept = keep_pair(folder, ["localhost"], LOOPBACK)
        handshake(folder, "localhost", kept.authority)
        assert not [path for path in folder.iterdir() if path.name.startswith(".tls")]


def make(folder: Path) -> None:
    """Keep a pair; runs in a process of its own."""
    keep_pair(folder, ["localhost"], LOOPBACK)


def test_processes_at_once_end_with_one_ca(tmp_path: Path) -> None:
    """Six start together in an empty folder: the leaf is of the CA that is there."""
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=make, args=(tmp_path,)) for _ in range(6)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    handshake(tmp_path, "localhost", tmp_path / "ca.crt")


def test_a_ca_that_is_not_usable_is_named(tmp_path: Path) -> None:
    """A foreign key, an expired CA, garbage: which file, and what to do."""
    for name, file, content, says in (
        ("foreign", "ca.key", make_authority("x", NOW).key, "belong"),
        ("garbage", "ca.crt", b"nothing", "is no PEM certificate"),
    ):
        folder = tmp_path / name
        keep_pair(folder, ["localhost"])
        (folder / file).write_bytes(content)
        with pytest.raises(CertificateError, match=says):
            keep_pair(folder, ["localhost"])
    keep_pair(tmp_path / "old", ["localhost"], now=NOW - CA_LIFE - timedelta(days=1))
    with pytest.raises(CertificateError, match="has expired"):
        keep_pair(tmp_path / "old", ["localhost"])


def test_a_pair_never_shows_its_key() -> None:
    """Neither in logs nor in tracebacks."""
    assert "PRIVATE" not in repr(make_authority("ca", NOW))


def run(*arguments: str) -> Any:
    """Run the command."""
    return CliRunner().invoke(main, ["certs", *arguments])


def test_the_command_writes_what_a_cluster_needs(tmp_path: Path) -> None:
    """Secret and caBundle patch hold the very files; names are those of the Service."""
    done = run("--service", "gate", "--namespace", "ns", "--out", str(tmp_path))
    assert done.exit_code == 0, done.output
    secret = yaml.safe_load((tmp_path / "secret.yaml").read_text())
    assert (secret["type"], secret["metadata"]["namespace"]) == ("kubernetes.io/tls", "ns")
    for key, value in secret["data"].items():
        assert base64.b64decode(value) == (tmp_path / key).read_bytes()
    (operation,) = json.loads((tmp_path / "cabundle.yaml").read_text())
    assert base64.b64decode(operation["value"]) == (tmp_path / "ca.crt").read_bytes()
    assert stat.S_IMODE((tmp_path / "secret.yaml").stat().st_mode) == 0o600
    for name in ("gate.ns.svc", "gate", "gate.ns.svc.cluster.local"):
        handshake(tmp_path, name, tmp_path / "ca.crt")
    assert "PRIVATE" not in done.output
    again = run("--service", "gate", "--namespace", "ns", "--out", str(tmp_path))
    assert "(kept)" in again.output


@pytest.mark.parametrize(
    ("service", "namespace", "says"), [("Gate", "ns", "--service"), ("gate", "n_s", "--namespace")]
)
def test_names_that_no_service_can_have(
    tmp_path: Path, service: str, namespace: str, says: str
) -> None:
    """The option is named, exit code 2."""
    done = run("--service", service, "--namespace", namespace, "--out", str(tmp_path))
    assert done.exit_code == 2
    assert says in done.output


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """The path is named, exit code 2."""
    (tmp_path / "file").write_text("")
    done = run("--service", "g", "--namespace", "n", "--out", str(tmp_path / "file" / "x"))
    assert done.exit_code == 2
    assert "Not a directory" in done.output
