# SPDX-License-Identifier: Apache-2.0
"""Keras' form: one .npz with x_train, y_train, x_test and y_test. Needs NumPy, and only here."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scripts.upload_xgboost_mnist_dataset.dataset import SIDE, DataError, Images, images_of
from scripts.upload_xgboost_mnist_dataset.idx import LARGEST

if TYPE_CHECKING:
    import numpy as np

IMAGE: Final = (SIDE, SIDE)
ARRAYS: Final = {"x_train": IMAGE, "y_train": (), "x_test": IMAGE, "y_test": ()}
"""Name -> form of one item."""


def read_npz(path: Path) -> tuple[Images, Images]:
    """Return training and test images. Raises DataError."""
    try:
        import numpy as np  # noqa: PLC0415 - the other forms do without
    except ImportError:
        raise DataError(
            f"{path}: NumPy is needed for .npz: pip install numpy, or use MNIST's four idx files"
        ) from None
    try:
        _check_sizes(path)
        with np.load(path, allow_pickle=False) as file:
            missing = [name for name in ARRAYS if name not in file]
            if missing:
                raise DataError(f"{path}: lacks the arrays {', '.join(missing)}")
            arrays = {
                name: _bytes(f"{path}: {name}", file[name], form) for name, form in ARRAYS.items()
            }
    except (OSError, EOFError, ValueError, MemoryError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path}: {error}") from None
    return (
        images_of(str(path), arrays["x_train"], arrays["y_train"]),
        images_of(str(path), arrays["x_test"], arrays["y_test"]),
    )


def _check_sizes(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.file_size > LARGEST:
                raise DataError(f"{path}: {member.filename} has more than {LARGEST} bytes")


def _bytes(where: str, array: np.ndarray, form: tuple[int, ...]) -> memoryview:
    """Return an array's values, which must be whole numbers of a byte and in the right form."""
    import numpy as np  # noqa: PLC0415 - it is there, or we would not be here

    if not array.ndim or array.shape[1:] != form:
        expected = ", ".join(["N", *map(str, form)])
        raise DataError(f"{where}: is of shape {array.shape}, it should be of ({expected})")
    if array.dtype.kind not in "iu" or (array.size and not 0 <= array.min() <= array.max() <= 255):  # noqa: PLR2004 - a byte
        raise DataError(f"{where}: {array.dtype}, it should hold whole numbers from 0 to 255")
    return memoryview(np.ascontiguousarray(array, dtype=np.uint8).tobytes())
