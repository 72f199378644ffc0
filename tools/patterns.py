# SPDX-License-Identifier: Apache-2.0
r"""AWS's patterns, made to mean in our engines what they mean at AWS.

AWS matches the whole value, botocore's patterns are not anchored; `\d` and `\w` mean ASCII there
and Unicode in Python. What cannot be translated by rule has an entry in data/model.toml.
"""

from __future__ import annotations

import re
from typing import Final

ANY: Final = "(?:[^\\n]|\\n)"
"""Any one character, lines' ends included, as Python, Rust and editors' JavaScript all read it."""

SURROGATES: Final = "\\uD800\\uDC00-\\uDBFF\\uDFFF"
"""How a Java program writes the characters beyond the first plane."""

BEYOND: Final = "\U00010000-\U0010ffff"
"""The same, as characters."""

VACUOUS: Final = frozenset({".*", f"{ANY}*", "(?s).*", ".*(?:[ \\r\\n\\t].*)*"})
"""Patterns that every value matches."""

_CLASSES: Final = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \\t\\n\\r\\f\\v"}


class UntranslatableError(Exception):
    """A pattern needs an entry in data/model.toml."""


def translate(pattern: str) -> str | None:
    """Return an anchored ASCII pattern, None for one that says nothing.

    Raises UntranslatableError.
    """
    bare = pattern.removeprefix("^")
    if bare.endswith("$") and not bare.endswith("\\$"):
        bare = bare[:-1]
    bare = bare.replace(SURROGATES, BEYOND).replace("[\\S]", "\\S")
    bare = bare.replace("[\\s\\S]", ANY).replace("[\\S\\s]", ANY)
    bare = bare.replace("([^/]+)/?(.*)", "[^/]+(?:/.*)?")  # the same texts, in linear time
    if bare in VACUOUS:
        return None
    translated = "".join(_parts(bare))
    try:
        re.compile(translated)
    except re.error as error:
        raise UntranslatableError(f"{pattern!r}: {error}") from None
    return f"^(?:{translated})$"


def _parts(pattern: str) -> list[str]:
    """Rewrite escapes one by one, knowing whether a class is open."""
    parts: list[str] = []
    in_class = False
    position = 0
    while position < len(pattern):
        mark = pattern[position]
        if mark == "\\":
            escape = pattern[position + 1]
            parts.append(_escape(escape, in_class=in_class, pattern=pattern))
            position += 2
            continue
        if mark == "[" and not in_class:
            in_class = True
            if pattern[position + 1 : position + 2] == "]":
                raise UntranslatableError(f"{pattern!r} opens a class with a bracket")
        elif mark == "]":
            in_class = False
        parts.append(mark)
        position += 1
    return parts


def _escape(escape: str, *, in_class: bool, pattern: str) -> str:
    if escape in _CLASSES:
        return _CLASSES[escape] if in_class else f"[{_CLASSES[escape]}]"
    if escape.lower() in _CLASSES:
        if in_class:
            raise UntranslatableError(f"{pattern!r} has \\{escape} in a class")
        return f"[^{_CLASSES[escape.lower()]}]"
    if escape in "pPbBAZ":
        raise UntranslatableError(f"{pattern!r} uses \\{escape}")
    if escape.isalnum():
        return f"\\{escape}"
    return f"\\{escape}" if escape in "^$.|?*+()[]{}\\-" else escape
