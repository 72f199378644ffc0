# SPDX-License-Identifier: Apache-2.0
"""The schema stage: a resource against its kind's JSON Schema, by either of two engines.

An engine only says which keyword fails where. What the sentence is, and which value it compares,
is read from the kind's table, so that both engines lead to the same findings. jsonschema-rs is
the engine of the hot path; jsonschema is the fallback where it has no wheel, and the oracle of
the tests. A valid object costs one `is_valid`; only an invalid one pays for the list of errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, Final, Protocol

from schemas import Kind
from webhook.node import Node

MOST_PROBLEMS: Final = 500
"""Failing keywords that are read from an engine: ten times what a verdict lists."""

MOST_UNKNOWN: Final = 20
"""Unknown keys of one structure that are named."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A schema keyword that fails at a node ("type", "required", "pattern", …)."""

    keyword: str
    node: Node


class Engine(Protocol):
    """A compiled schema."""

    def is_valid(self, instance: Any) -> bool:
        """Whether the instance conforms."""

    def failures(self, instance: Any) -> Iterator[tuple[str, tuple[str | int, ...]]]:
        """Yield each failing keyword with the path of the value that fails it."""


class RustEngine:
    """jsonschema-rs: microseconds for a valid object."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Compile the schema, some ten milliseconds."""
        import jsonschema_rs  # noqa: PLC0415 - optional where it has no wheel

        self._validator = jsonschema_rs.Draft202012Validator(dict(schema))

    def is_valid(self, instance: Any) -> bool:
        """Whether the instance conforms."""
        return bool(self._validator.is_valid(instance))

    def failures(self, instance: Any) -> Iterator[tuple[str, tuple[str | int, ...]]]:
        """Yield each failing keyword with the path of the value that fails it."""
        for error in self._validator.iter_errors(instance):
            keys = error.kind.name == "propertyNames"
            keyword = "propertyNames" if keys else str(error.schema_path[-1])
            yield keyword, tuple(error.instance_path)


class PythonEngine:
    """jsonschema, the reference implementation: a hundred times slower."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Compile the schema."""
        import jsonschema  # noqa: PLC0415 - 170 ms that only the fallback pays

        extend: Any = jsonschema.validators.extend
        validator = extend(jsonschema.Draft202012Validator, {"pattern": _full_match})
        self._validator = validator(dict(schema))

    def is_valid(self, instance: Any) -> bool:
        """Whether the instance conforms."""
        return bool(self._validator.is_valid(instance))

    def failures(self, instance: Any) -> Iterator[tuple[str, tuple[str | int, ...]]]:
        """Yield each failing keyword with the path of the value that fails it."""
        for error in self._validator.iter_errors(instance):
            yield _keyword(list(error.absolute_schema_path)), tuple(error.absolute_path)


def _keyword(schema_path: list[str | int]) -> str:
    """Return the keyword; whatever fails about a map's keys is `propertyNames`."""
    return "propertyNames" if "propertyNames" in schema_path else str(schema_path[-1])


def _full_match(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[Any]:
    """Judge `pattern` as AWS does: the whole value, where Python's `$` would allow a newline."""
    import jsonschema  # noqa: PLC0415 - see PythonEngine

    if isinstance(instance, str) and not matches(pattern, instance):
        yield jsonschema.ValidationError("pattern")


def matches(pattern: str, text: str) -> bool:
    """Whether a generated pattern, `^(?:…)$`, matches the whole text, ASCII classes."""
    return _compiled(pattern).fullmatch(text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.removeprefix("^").removesuffix("$"), re.ASCII)


def default_engine() -> Callable[[Mapping[str, Any]], Engine]:
    """Return the fast engine where it is installed, else the reference."""
    try:
        import jsonschema_rs  # noqa: F401, PLC0415 - asks only whether it is there
    except ImportError:
        return PythonEngine
    return RustEngine


_engines: dict[tuple[str, str, object], Engine] = {}


def engine_of(kind: Kind, make: Callable[[Mapping[str, Any]], Engine]) -> Engine:
    """Return the kind's compiled schema, compiled at first use."""
    key = (kind.group, kind.name, make)
    if key not in _engines:
        _engines[key] = make(kind.schema)
    return _engines[key]


def find_problems(
    kind: Kind,
    body: Mapping[str, Any],
    root: Node,
    make: Callable[[Mapping[str, Any]], Engine],
    *,
    is_overlong: bool,
) -> list[Problem]:
    """Judge a body whose spec is `root`; each (keyword, place) is named once.

    A list, map or structure that is longer than the API allows is shortened first to one more
    than that: it still fails, and 120,000 wrong items do not cost 120,000 errors. What nests
    deeper than the engine can go is judged as far as the table goes.
    """
    engine = engine_of(kind, make)
    instance = _trimmed_body(body, root) if is_overlong else body
    try:
        if engine.is_valid(instance):
            return []
        failures = list(islice(engine.failures(instance), MOST_PROBLEMS))
    except (ValueError, RecursionError):
        instance = _trimmed_body(body, root)
        failures = list(islice(engine.failures(instance), MOST_PROBLEMS))
    found: dict[tuple[str, tuple[str | int, ...]], Problem] = {}
    for keyword, path in failures:
        node = root.at(path[1:]) if path[:1] == ("spec",) else None if path else root
        if node is not None:
            found.setdefault((keyword, path), Problem(keyword, node))
    return list(found.values())


def _trimmed_body(body: Mapping[str, Any], root: Node) -> Mapping[str, Any]:
    if not root.present:
        return body
    return {**{k: body.get(k) for k in ("apiVersion", "kind")}, "spec": _trimmed(root)}


def _trimmed(node: Node) -> Any:
    """Return a node's value no longer than one above its bound and no deeper than its table."""
    value, form = node.value, node.field.form
    if isinstance(value, dict) and form == "structure":
        known = {child.field.key: _trimmed(child) for child in node.children}
        unknown = islice((key for key in value if key not in node.field.fields), MOST_UNKNOWN)
        return {**known, **dict.fromkeys(unknown)}
    if isinstance(value, dict) and form == "map":
        entries = {str(item.scope.index): _trimmed(item) for item in node.items}
        return {**entries, "\N{HORIZONTAL ELLIPSIS}": ""} if len(value) > len(entries) else entries
    if isinstance(value, list) and form in {"list", "pairs"}:
        items = [_trimmed(item) for item in node.items]
        return [*items, None] if len(value) > len(items) else items
    return type(value)() if isinstance(value, dict | list) else value
