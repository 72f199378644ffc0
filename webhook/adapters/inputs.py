# SPDX-License-Identifier: Apache-2.0
"""The check's inputs: files, folders, globs and standard input, as documents."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from webhook.adapters.yamlfile import Document, FileError, read_documents, read_file

SUFFIXES: Final = (".yaml", ".yml", ".json")
"""Files of a folder that are read; a file that is named is read whatever it is called."""

STANDARD_INPUT: Final = "-"
SHOWN_STANDARD_INPUT: Final = "<stdin>"


def find_inputs(names: Iterable[str]) -> Iterator[str]:
    """Yield the files that names, folders and globs stand for, each once, in order.

    Raises FileError for a name that stands for nothing.
    """
    seen: set[str] = set()
    for name in names:
        for found in _expand(name):
            identity = found if found == STANDARD_INPUT else os.path.realpath(found)
            if identity not in seen:
                seen.add(identity)
                yield found


def _expand(name: str) -> list[str]:
    if name == STANDARD_INPUT or Path(name).is_file():
        return [name]
    if Path(name).is_dir():
        return sorted(_walk(name))
    matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - names as the user gave them
    if not matches:
        raise FileError(name, None, None, "no such file or folder")
    found = [sorted(_walk(match)) if Path(match).is_dir() else [match] for match in matches]
    return [each for group in found for each in group if Path(each).is_file()]


def _walk(folder: str) -> Iterator[str]:
    """Yield the manifests below a folder; links to folders are not followed, nor hidden ones."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for file in files:
            if file.endswith(SUFFIXES):
                yield os.path.join(place, file)  # noqa: PTH118 - names as the user gave them


def read_input(name: str) -> Iterator[Document]:
    """Yield the documents of one input. Raises FileError."""
    if name == STANDARD_INPUT:
        yield from read_documents(sys.stdin.buffer.read(), SHOWN_STANDARD_INPUT)
    else:
        yield from read_documents(read_file(name), name)
