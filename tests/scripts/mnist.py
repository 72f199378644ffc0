# SPDX-License-Identifier: Apache-2.0
"""Small data sets in MNIST's form."""

from __future__ import annotations

import gzip
import random
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

IMAGES, LABELS = 0x803, 0x801
NAMES: Final = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}


@dataclass(frozen=True, slots=True)
class Digits:
    """Random images and their labels."""

    pixels: bytes
    labels: bytes

    def row(self, place: int) -> list[int]:
        """Return the pixels of one image."""
        return list(self.pixels[place * 784 : (place + 1) * 784])


def make(count: int, seed: int) -> Digits:
    """Make so many images."""
    made = random.Random(seed)  # noqa: S311 - pixels
    return Digits(made.randbytes(count * 784), bytes(made.randrange(10) for _ in range(count)))


def images(digits: Digits, magic: int = IMAGES) -> bytes:
    """Return the file of the images."""
    return struct.pack(">4I", magic, len(digits.labels), 28, 28) + digits.pixels


def labels(digits: Digits, magic: int = LABELS) -> bytes:
    """Return the file of the labels."""
    return struct.pack(">2I", magic, len(digits.labels)) + digits.labels


def write(folder: Path, training: Digits, test: Digits, *, is_packed: bool = False) -> Path:
    """Write the four files into a folder."""
    folder.mkdir(exist_ok=True)
    for part, digits in (("train", training), ("test", test)):
        for name, data in zip(NAMES[part], (images(digits), labels(digits)), strict=True):
            if is_packed:
                (folder / f"{name}.gz").write_bytes(gzip.compress(data))
            else:
                (folder / name).write_bytes(data)
    return folder
