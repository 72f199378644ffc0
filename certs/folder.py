# SPDX-License-Identifier: Apache-2.0
"""A folder that keeps a CA and a serving certificate, and renews what is due.

A lock makes two processes take turns; every file is replaced whole. The leaf's key is written
before its certificate and both are checked against each other when read, so that a process that
is killed between the two leaves nothing that is used: the pair is made anew.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from certs.authority import Address, Pair, issue, make_authority
from certs.renewal import is_usable, verify_authority

SECRET: Final = 0o600
PUBLIC: Final = 0o644


@dataclass(frozen=True, slots=True)
class Kept:
    """Paths in the folder; `renewed` says whether the serving certificate is a new one."""

    authority: Path
    certificate: Path
    key: Path
    renewed: bool


def keep_pair(
    folder: Path,
    names: Sequence[str],
    addresses: Sequence[Address] = (),
    now: datetime | None = None,
) -> Kept:
    """Make or keep `ca.crt`, `ca.key`, `tls.crt` and `tls.key` for these names.

    Raises CertificateError when what is there is not usable, OSError when the folder is not.
    """
    moment = now or datetime.now(UTC)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(folder):
        authority = _authority(folder, moment)
        leaf = _read(folder, "tls")
        renewed = leaf is None or not is_usable(
            leaf, authority.certificate, names, addresses, moment
        )
        if renewed:
            leaf = issue(authority, names, addresses, moment)
            _write(folder / "tls.key", leaf.key, SECRET)
            _write(folder / "tls.crt", leaf.certificate, PUBLIC)
    return Kept(folder / "ca.crt", folder / "tls.crt", folder / "tls.key", renewed)


def _authority(folder: Path, now: datetime) -> Pair:
    """Return the CA that is there, or a new one. A CA is never replaced by itself."""
    found = _read(folder, "ca")
    if found is None:
        made = make_authority("kube-sagemaker CA", now)
        _write(folder / "ca.key", made.key, SECRET)
        _write(folder / "ca.crt", made.certificate, PUBLIC)
        return made
    verify_authority(found, str(folder / "ca.crt"), str(folder / "ca.key"), now)
    return found


def _read(folder: Path, name: str) -> Pair | None:
    """Return a pair, None when either half is missing: then it was never complete."""
    certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
    if not certificate.exists() or not key.exists():
        return None
    return Pair(certificate.read_bytes(), key.read_bytes())


def _write(path: Path, content: bytes, mode: int) -> None:
    """Replace a file whole, with its mode from the first byte on."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)  # noqa: PTH105 - the tests stop it here
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
