# SPDX-License-Identifier: Apache-2.0
"""Labelled images, and their split into the three parts that are uploaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SIDE: Final = 28
FEATURES: Final = SIDE * SIDE

HELD_OUT: Final = 6
"""One training image in so many is for validation: of MNIST's 60,000 the last 10,000."""


class DataError(Exception):
    """The data cannot be used: one line that names it, says why and what to do."""


@dataclass(frozen=True, slots=True)
class Images:
    """Pixels, 784 bytes an image from 0 to 255, and a label from 0 to 9 for each image."""

    pixels: memoryview
    labels: memoryview

    def __len__(self) -> int:
        """How many there are."""
        return len(self.labels)

    def part(self, start: int, end: int) -> Images:
        """Return the images from `start` up to `end`, which is not among them, uncopied."""
        return Images(self.pixels[start * FEATURES : end * FEATURES], self.labels[start:end])

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Yield label and pixels of each."""
        for place, label in enumerate(self.labels):
            yield label, bytes(self.pixels[place * FEATURES : (place + 1) * FEATURES])


@dataclass(frozen=True, slots=True)
class Part:
    """One file to be uploaded."""

    name: str
    images: Images
    has_label: bool


def images_of(where: str, pixels: memoryview, labels: memoryview) -> Images:
    """Return images with their labels. Raises DataError where they do not fit each other."""
    count = len(pixels) // FEATURES
    if count != len(labels):
        raise DataError(f"{where}: {count} images but {len(labels)} labels")
    wrong = max(labels, default=0)
    if wrong > 9:  # noqa: PLR2004 - a digit
        raise DataError(f"{where}: label {wrong} is no digit from 0 to 9")
    return Images(pixels, labels)


def split(where: str, training: Images, test: Images) -> list[Part]:
    """Return train, validation and test.

    The last sixth of the training images is for validation, whatever their number, so that MNIST's
    60,000 become 50,000 and 10,000. Raises DataError where a part would be empty.
    """
    if len(training) < HELD_OUT or not len(test):
        raise DataError(
            f"{where}: {len(training)} training and {len(test)} test images are too few, "
            f"at least {HELD_OUT} and 1 are needed"
        )
    border = len(training) - len(training) // HELD_OUT
    return [
        Part("train", training.part(0, border), has_label=True),
        Part("validation", training.part(border, len(training)), has_label=True),
        Part("test", test, has_label=False),
    ]
