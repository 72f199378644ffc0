# SPDX-License-Identifier: Apache-2.0
"""YAML files of the gate's own operator, with the line of every value.

For files that the operator of the gate writes (policy), not for users' manifests.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


class FileError(Exception):
    """A file cannot be read or is no YAML: one line with file, line number and what is wrong."""


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A document and where its parts stand."""

    path: Path
    document: Any
    lines: dict[tuple[str | int, ...], int]
    """Path of keys and indices -> line, from 1."""

    def line(self, path: tuple[str | int, ...]) -> int:
        """Return the line of a path, or of the nearest parent that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


LARGEST = 1024 * 1024
"""Bytes: a policy of 1 MiB is a mistake of the path."""


def read_yaml(path: Path) -> YamlFile:
    """Read one document. Raises FileError."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}") from None
    if len(text) > LARGEST:
        raise FileError(f"{path}: {len(text)} bytes are more than the {LARGEST} of a policy")
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        lines: dict[tuple[str | int, ...], int] = {}
        if node is not None:
            _note(node, (), lines)
        document = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}" if mark is not None else str(path)
        raise FileError(f"{where}: {error.problem or error.context}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FileError(f"{path}: {str(error).splitlines()[0]}") from None
    return YamlFile(path, document, lines)


def _note(node: yaml.Node, path: tuple[str | int, ...], lines: dict[Any, int]) -> None:
    """Note the line of each key and item; a key written twice is refused."""
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = (*path, str(key.value))
            if place in lines:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value!r} stands twice", problem_mark=key.start_mark
                )
            lines[place] = key.start_mark.line + 1
            _note(value, place, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _note(value, (*path, index), lines)
