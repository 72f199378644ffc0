# SPDX-License-Identifier: Apache-2.0
"""YAML as Kubernetes reads it, with line and column of every key and value.

libyaml's event stream, which cannot be made to nest without end or to construct anything, and a
small builder on top: a document is a tree of `Item`s that know where they stand. An alias is the
item that it refers to, so that its places are where the value is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from webhook.adapters.yamlcomment import Comment, read_comments
from webhook.adapters.yamlitem import Builder, Item

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of one input: a repository's largest rendering has a few."""

LARGEST_SETTING: Final = 1024 * 1024
"""Bytes of a policy or a kubeconfig: more is a mistake of the path."""

Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class FileError(Exception):
    """An input cannot be read or is no YAML: one line with file, line number and what is wrong."""

    def __init__(self, where: str, line: int | None, column: int | None, text: str) -> None:
        """`line` and `column` from 1, None where there is none."""
        place = "" if line is None else f":{line}" + ("" if column is None else f":{column}")
        super().__init__(f"{where}{place}: {text}")
        self.source = where
        self.line = line
        self.column = column
        self.text = text


@dataclass(frozen=True, slots=True)
class Document:
    """One document of an input. `source` is the file's name as the user gave it.

    `comments` are those that speak to this program.
    """

    source: str
    root: Item
    comments: tuple[Comment, ...] = ()

    @property
    def value(self) -> Any:
        """The document as JSON would have it."""
        return self.root.plain

    def find(self, path: tuple[str | int, ...]) -> tuple[Item | None, Item, bool]:
        """Return key and value at a path, and whether they are there: else the nearest parent."""
        key, item = None, self.root
        for step in path:
            if item.entries is not None and step in item.entries:
                key, item = item.entries[str(step)]
            elif item.items is not None and isinstance(step, int) and step < len(item.items):
                key, item = None, item.items[step]
            else:
                return key, item, False
        return key, item, True

    def line(self, path: tuple[str | int, ...]) -> int:
        """Return the line of a path's key, or of the nearest parent that is there."""
        key, item, _ = self.find(path)
        return key.line if key is not None else item.line


def read_file(name: str, most: int) -> bytes:
    """Return a file's bytes, one more than `most` of a longer one. Raises FileError."""
    try:
        with Path(name).open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise FileError(name, None, None, error.strerror or str(error)) from None


def read_yaml(path: Path) -> Document:
    """Read a file that holds one document. Raises FileError."""
    data = read_file(str(path), LARGEST_SETTING)
    if len(data) > LARGEST_SETTING:
        text = f"more than the {LARGEST_SETTING} bytes of a policy or kubeconfig"
        raise FileError(str(path), None, None, text)
    found = list(read_documents(data, str(path)))
    if len(found) > 1:
        line = found[1].root.line
        raise FileError(str(path), line, None, "one document is expected, here is a second")
    return found[0] if found else Document(str(path), Item(1, 1))


def read_documents(data: bytes, source: str) -> Iterator[Document]:
    """Yield the documents of an input that hold anything. Raises FileError."""
    if len(data) > LARGEST:
        text = f"more than the {LARGEST} bytes that are read"
        raise FileError(source, None, None, text)
    try:
        builder = Builder()
        comments = read_comments(data, Loader)
        for event in yaml.parse(data, Loader=Loader):
            root = builder.take(event)
            if root is not None and not root.is_null:
                end: Any = event.end_mark
                own = tuple(each for each in comments if each.line <= end.line + 1)
                comments = comments[len(own) :]
                yield Document(source, root, own)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        text = error.problem or error.context or "no YAML"
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (None, None)
        raise FileError(source, line, column, text) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FileError(source, None, None, str(error).splitlines()[0]) from None
