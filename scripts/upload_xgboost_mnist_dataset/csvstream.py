# SPDX-License-Identifier: Apache-2.0
"""A part as CSV, made while it is read: MNIST's training part has a gigabyte of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

from scripts.upload_xgboost_mnist_dataset.dataset import FEATURES, Part

LEVELS: Final = 256
"""A pixel is divided by it: 255 becomes 0.99609375, as in the mnist.pkl that the original read."""

VALUES: Final = [b"%.18e" % (pixel / LEVELS) for pixel in range(LEVELS)]
"""Pixel -> its text, in NumPy's default form."""

DIGITS: Final = [b"%.18e" % label for label in range(10)]
"""Label -> its text: NumPy's default form is a float's for it too."""

WIDTH: Final = len(VALUES[0]) + 1
"""Bytes of a value and what follows it, comma or end of line."""


def size_of(part: Part) -> int:
    """Return how many bytes the CSV has."""
    return len(part.images) * (FEATURES + part.has_label) * WIDTH


def lines_of(part: Part) -> Iterator[bytes]:
    """Yield the lines: the label first where there is one, then 784 values."""
    for label, pixels in part.images:
        values = [VALUES[pixel] for pixel in pixels]
        if part.has_label:
            values.insert(0, DIGITS[label])
        yield b",".join(values) + b"\n"


class CsvStream(io.RawIOBase):
    """The CSV as a file that can only be read on."""

    def __init__(self, part: Part) -> None:
        """Nothing is made before it is read."""
        self._lines = lines_of(part)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill as much of a buffer as a line can; 0 at the end."""
        if not self._left:
            self._left = memoryview(next(self._lines, b""))
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


def open_csv(part: Part) -> io.BufferedReader:
    """Return a stream whose `read(n)` has n bytes, but at the end."""
    return io.BufferedReader(CsvStream(part), buffer_size=1 << 20)
