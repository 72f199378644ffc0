# SPDX-License-Identifier: Apache-2.0
"""The check's inputs: files, folders, globs and standard input, as documents."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from webhook.adapters.yamlcomment import decode
from webhook.adapters.yamlfile import LARGEST, Document, FileError, read_documents, read_file

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
    if Path(name).is_dir():
        return sorted(_walk(name))
    if name == STANDARD_INPUT or Path(name).exists():
        return [name]  # a file, or what a shell's <(…) is
    matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - names as the user gave them
    if not matches:
        raise FileError(name, None, None, "no such file or folder")
    found = [sorted(_walk(match)) if Path(match).is_dir() else [match] for match in matches]
    return [each for group in found for each in group if Path(each).is_file()]


def _walk(folder: str) -> Iterator[str]:
    """Yield the manifests below a folder; links to folders are not followed, nor hidden ones.

    What is there and no file, a pipe for example, is no manifest; a link to nowhere is told later.
    """
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for file in files:
            path = os.path.normpath(os.path.join(place, file))  # noqa: PTH118 - not ./b.yaml
            if file.endswith(SUFFIXES) and (os.path.isfile(path) or not os.path.exists(path)):  # noqa: PTH110, PTH113
                yield path


@dataclass(slots=True)
class Inputs:
    """The inputs of one run, which may be gone through again. `edited` stands for what was read.

    `errors` are the inputs that could not be read this time.
    """

    names: Sequence[str]
    edited: dict[str, bytes] = field(default_factory=dict)
    errors: list[FileError] = field(default_factory=list)
    _streams: dict[str, bytes] = field(default_factory=dict)
    """What can be read once only: standard input, pipes."""

    def documents(self) -> Iterator[Document]:
        """Yield the documents of all inputs; one that cannot be read does not hide the others."""
        self.errors.clear()
        for name in self.names:
            try:
                yield from read_documents(self.read(name), show_name(name))
            except FileError as error:
                self.errors.append(error)

    def read(self, name: str) -> bytes:
        """Return an input as it now is. Raises FileError."""
        return self.edited[name] if name in self.edited else self.original(name)

    def original(self, name: str) -> bytes:
        """Return an input as it came. Raises FileError."""
        if name == STANDARD_INPUT:
            if name not in self._streams:
                self._streams[name] = sys.stdin.buffer.read(LARGEST + 1)
        elif name not in self._streams:
            data = read_file(name, LARGEST)
            if Path(name).is_file():
                return data
            self._streams[name] = data
        return self._streams[name]

    def name_of(self, source: str) -> str:
        """Return the input whose documents say that they are of this source."""
        return next(name for name in self.names if show_name(name) == source)

    def lines_of(self, source: str) -> list[str]:
        """Return the lines of a source, to show one of them; none where that fails."""
        try:
            return decode(self.read(self.name_of(source))).splitlines()
        except FileError:
            return []


def show_name(name: str) -> str:
    """Return an input's name for messages; what is no text in it is escaped."""
    if name == STANDARD_INPUT:
        return SHOWN_STANDARD_INPUT
    return os.fsencode(name).decode("utf-8", "backslashreplace")
