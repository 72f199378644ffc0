# SPDX-License-Identifier: Apache-2.0
"""MNIST's own form: four files, a big-endian head and bytes, compressed with gzip or not."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from collections.abc import Callable, Iterable
from pathlib import PurePath
from typing import Final

from scripts.upload_xgboost_mnist_dataset.dataset import (
    SIDE,
    DataError,
    Images,
    images_of,
)

IMAGES: Final = 0x00000803
LABELS: Final = 0x00000801
"""The magic numbers: bytes, in three dimensions and in one."""

LARGEST: Final = 256 * 1024 * 1024
"""Bytes of one file, decompressed: MNIST's largest has 47 million."""

GZIP: Final = b"\x1f\x8b"

FILES: Final = {
    "train-images-idx3-ubyte": IMAGES,
    "train-labels-idx1-ubyte": LABELS,
    "t10k-images-idx3-ubyte": IMAGES,
    "t10k-labels-idx1-ubyte": LABELS,
}
"""Name -> magic number. Some copies have a dot before `idx`, some have `.gz` at the end."""


def find_files(names: Iterable[str]) -> dict[str, str]:
    """Return which of some names stands for which of the four files, as far as they are there."""
    found: dict[str, str] = {}
    for name in sorted(names):  # the plain one before its .gz
        plain = PurePath(name).name.removesuffix(".gz").replace(".", "-")
        if plain in FILES:
            found.setdefault(plain, name)
    return found


def read_four(
    where: str, files: dict[str, str], read: Callable[[str], bytes]
) -> tuple[Images, Images]:
    """Return training and test images. `read` returns a file's bytes by its name in `files`.

    Raises DataError.
    """
    missing = [name for name in FILES if name not in files]
    if missing:
        raise DataError(f"{where}: lacks {', '.join(missing)} (each may end in .gz)")
    parts = {
        name: read_idx(f"{where}: {files[name]}", read(files[name]), magic)
        for name, magic in FILES.items()
    }
    return (
        images_of(where, parts["train-images-idx3-ubyte"], parts["train-labels-idx1-ubyte"]),
        images_of(where, parts["t10k-images-idx3-ubyte"], parts["t10k-labels-idx1-ubyte"]),
    )


def read_idx(where: str, data: bytes, magic: int) -> memoryview:
    """Return what follows the head of one file. Raises DataError."""
    if data.startswith(GZIP):
        data = _decompressed(where, data)
    dimensions = magic & 0xFF
    size = 4 + 4 * dimensions
    if len(data) < size:
        raise DataError(f"{where}: ends within its head, after {len(data)} bytes")
    found, *lengths = struct.unpack_from(f">{1 + dimensions}I", data)
    if found != magic:
        raise DataError(f"{where}: magic number {found:#010x}, it should be {magic:#010x}")
    if lengths[1:] not in ([], [SIDE, SIDE]):
        form = " x ".join(map(str, lengths[1:]))
        raise DataError(f"{where}: images of {form} pixels, they should be {SIDE} x {SIDE}")
    expected = lengths[0] * SIDE ** (dimensions - 1)
    if len(data) - size != expected:
        raise DataError(
            f"{where}: {len(data) - size} bytes after the head, which promises {expected}: "
            "get the file anew"
        )
    return memoryview(data)[size:]


def _decompressed(where: str, data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            plain = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{where}: is no whole gzip file: {error}") from None
    if len(plain) > LARGEST:
        raise DataError(f"{where}: more than {LARGEST} bytes when decompressed")
    return plain
