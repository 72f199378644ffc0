# SPDX-License-Identifier: Apache-2.0
"""What a YAML scalar means to Kubernetes.

kubectl and its like read YAML by sigs.k8s.io/yaml, whose rules no Python library has: `y` is true,
`1e3` is a thousand, `0o14` is twelve, `12:30:45` and a date are text. A frozen table made by that
very library (tests/yaml) holds these rules to it.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

_TRUE: Final = ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")
_FALSE: Final = ("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")
_INFINITE: Final = (".inf", ".Inf", ".INF")

WORDS: Final[Mapping[str, Any]] = {
    **dict.fromkeys(_TRUE, True),
    **dict.fromkeys(_FALSE, False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((*_INFINITE, *(f"+{word}" for word in _INFINITE)), math.inf),
    **dict.fromkeys((f"-{word}" for word in _INFINITE), -math.inf),
}

_INTEGER: Final = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO]?(?P<oct>[0-7]+)"
    r"|(?P<dec>0|[1-9][0-9]*))",
    re.ASCII,
)
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_POINT: Final = re.compile(r"\.[0-9]+(?:[eE][-+]?[0-9]+)?", re.ASCII)

LEAST: Final = -(2**63)
MOST: Final = 2**64 - 1
"""The integers that Go's parser takes; beyond them a number is a float."""

LARGEST_PLAIN: Final = 1e21
"""From here on Go writes floats with an exponent, so that they do not come back as integers."""

MOST_KNOWN: Final = 4096
"""Texts whose values are kept: keys and words of an API come again and again, as one object."""


class ScalarError(Exception):
    """A scalar that Kubernetes refuses: why, for the user."""


@lru_cache(maxsize=MOST_KNOWN)
def resolve(text: str) -> Any:
    """Return the value of a plain scalar without a tag. Raises ScalarError for NaN and infinity."""
    if text in WORDS:
        return _finite(WORDS[text])
    first = text[0]
    if first not in "+-.0123456789":
        return text
    plain = text.replace("_", "")
    if first == ".":
        return _float(plain, text) if _POINT.fullmatch(plain) and text[1] != "_" else text
    number = _integer(plain)
    if number is not None:
        return number
    return _float(plain, text) if _FLOAT.fullmatch(plain) else text


def resolve_tagged(tag: str, text: str) -> Any:
    """Return the value of a scalar with a tag. No tag ever makes anything but a plain value.

    Raises ScalarError where the text is not of the tag's type.
    """
    name = tag.removeprefix("tag:yaml.org,2002:")
    if name.startswith("python/"):
        raise ScalarError(f"the tag !!{name} means nothing to Kubernetes; remove it")
    if name == "binary":
        try:
            return base64.b64decode(text, validate=False).decode()
        except (binascii.Error, ValueError):
            raise ScalarError("!!binary is not followed by base64 of text") from None
    wanted: tuple[type, ...] | None = {
        "int": (int,), "float": (int, float), "bool": (bool,), "null": (type(None),),
    }.get(name)  # fmt: skip
    if wanted is None or name == tag:
        return text
    value = resolve(text)
    if type(value) not in wanted:
        raise ScalarError(f"{text[:60]!r} is no !!{name}")
    return value


def _integer(plain: str) -> int | None:
    found = _INTEGER.fullmatch(plain)
    if found is None:
        return None
    for group, base in (("hex", 16), ("bin", 2), ("oct", 8), ("dec", 10)):
        if found[group] is not None:
            value = int(found[group], base) * (-1 if found["sign"] == "-" else 1)
            is_signed = bool(found["sign"])
            return value if LEAST <= value <= (2**63 - 1 if is_signed else MOST) else None
    return None


def _float(plain: str, text: str | None = None) -> Any:
    """Return a float as Go writes it to JSON: whole ones as integers, infinite ones as text."""
    value = float(plain)
    if math.isinf(value):
        return text if text is not None else plain
    whole = value == int(value) and abs(value) < LARGEST_PLAIN
    return int(Decimal(repr(value))) if whole else value  # the shortest digits, then zeros


def key_of(value: Any) -> str | None:
    """Return a key as JSON has it, None for what can be none. Numbers are written as Go does."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        (single,) = struct.unpack("f", struct.pack("f", value))
        texts = (f"{value:.{digits}g}" for digits in range(1, 18))
        return next(t for t in texts if struct.unpack("f", struct.pack("f", float(t)))[0] == single)
    return None


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        raise ScalarError("JSON, and so Kubernetes, has no such number; quote it if text is meant")
    return value
