# SPDX-License-Identifier: Apache-2.0
"""Where the data comes from, and in which form: a folder, a zip or .npz, a URL of one."""

from __future__ import annotations

import gzip
import hashlib
import tempfile
import urllib.error
import urllib.request
import zipfile
import zlib
from http.client import HTTPException
from pathlib import Path
from typing import Final

from scripts.upload_xgboost_mnist_dataset.dataset import DataError, Images
from scripts.upload_xgboost_mnist_dataset.idx import GZIP, LARGEST, find_files, read_four
from scripts.upload_xgboost_mnist_dataset.npz import read_npz

TIMEOUT: Final = 60
"""Seconds without a byte from a URL."""

ZIP: Final = b"PK\x03\x04"
PICKLE: Final = (b"\x80", b"(")
"""First bytes: of an archive, and of a pickle by its newer protocols and by its oldest."""

INSTEAD: Final = "use MNIST's four idx files in a folder or zip, or keras' mnist.npz"


def is_url(data: str) -> bool:
    """Whether the data is to be fetched."""
    return data.startswith(("http://", "https://"))


def read_source(data: str, sha256: str | None) -> tuple[Images, Images]:
    """Return training and test images of a path or URL. Raises DataError."""
    if not is_url(data):
        path = Path(data)
        if sha256 is not None:
            _check(data, _digest(path), sha256)
        return _read(path)
    if sha256 is None:
        raise DataError(f"{data}: what comes from a URL needs its checksum, give --sha256 HEX")
    with tempfile.TemporaryDirectory(prefix="mnist-") as folder:
        path = Path(folder) / (data.split("?", 1)[0].rsplit("/", 1)[-1] or "data")
        _check(data, _fetch(data, path), sha256)
        return _read(path)


def _check(data: str, found: str, expected: str) -> None:
    if found != expected.lower():
        raise DataError(f"{data}: its SHA-256 is {found}, --sha256 says {expected.lower()}")


def _digest(path: Path) -> str:
    if path.is_dir():
        raise DataError(f"{path}: --sha256 is of one file, this is a folder")
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from None


def _fetch(url: str, path: Path) -> str:
    """Write what a URL has to a file; return its SHA-256."""
    digest, size = hashlib.sha256(), 0
    try:
        with (
            urllib.request.urlopen(url, timeout=TIMEOUT) as answer,  # noqa: S310 - http or https
            path.open("wb") as file,
        ):
            while block := answer.read(1 << 20):
                size += len(block)
                if size > LARGEST:
                    raise DataError(f"{url}: more than {LARGEST} bytes")
                digest.update(block)
                file.write(block)
    except (OSError, HTTPException, ValueError) as error:  # URLError is an OSError
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        raise DataError(f"{url}: {reason}") from None
    return digest.hexdigest()


def _read(path: Path) -> tuple[Images, Images]:
    try:
        if path.is_dir():
            files = find_files(each.name for each in path.iterdir() if each.is_file())
            return read_four(str(path), files, lambda name: _some(path / name))
        start = _start(path)
        if start.startswith(PICKLE) or ".pkl" in path.suffixes or ".pickle" in path.suffixes:
            reason = "a pickle runs whatever code is in it when it is read, so it is not read"
            raise DataError(f"{path}: {reason}: {INSTEAD}")
        if start.startswith(ZIP):
            return _read_archive(path)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        words = error.strerror if isinstance(error, OSError) else None
        raise DataError(f"{path}: {words or error}") from None
    raise DataError(f"{path}: is neither a folder, a zip nor an .npz: {INSTEAD}")


def _some(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _start(path: Path) -> bytes:
    """Return the first bytes, of what is within where it is compressed with gzip."""
    with path.open("rb") as file:
        start = file.read(4)
    if not start.startswith(GZIP):
        return start
    with gzip.open(path) as plain:
        return plain.read(4)


def _read_archive(path: Path) -> tuple[Images, Images]:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if any(name.endswith(".npy") for name in names):
            return read_npz(path)

        def read(name: str) -> bytes:
            with archive.open(name) as file:
                return file.read(LARGEST + 1)

        try:
            return read_four(str(path), find_files(names), read)
        except (RuntimeError, NotImplementedError) as error:  # locked, or packed in a rare way
            raise DataError(f"{path}: {error}") from None
