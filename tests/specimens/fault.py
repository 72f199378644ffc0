# SPDX-License-Identifier: Apache-2.0
"""One fault of each sort that a kind's model has, at the first place that can have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas import Field, Kind
from tests.specimens.specimen import Maker, least
from tests.specimens.text import fits
from webhook.finding import Key, Path, render_path

RULE_OF = {
    "type": "SM105",
    "missing": "SM103",
    "enum": "SM106",
    "pattern": "SM107",
    "length": "SM108",
    "range": "SM104",
    "items": "SM109",
    "unknown": "SM101",
}
"""Sort of fault -> the rule that speaks of it."""

ILL_FORMED = ("!", "!!!!!!!!!!!!!!!!!!!!", "\n", "a\n", "", " ")


@dataclass(frozen=True, slots=True)
class Faulty:
    """A spec with one fault. `at` is its place as a message names it."""

    sort: str
    spec: Any
    at: str


def faults(kind: Kind) -> Iterator[Faulty]:
    """Yield the first fault of each sort."""
    seen: set[str] = set()
    for trail in trails(kind.spec, ()):
        for sort, wrong, below in wrongs(trail[-1] if trail else kind.spec):
            if sort not in seen and (trail or sort in {"missing", "unknown"}):
                seen.add(sort)
                spec = least(kind) if trail else wrong
                path = put(kind.spec, spec, trail, wrong)
                yield Faulty(sort, spec, render_path((*path, *below)))


def trails(field: Field, before: tuple[Field, ...]) -> Iterator[tuple[Field, ...]]:
    """Yield the way to each field, the field's own children last."""
    yield before
    for child in field.fields.values():
        yield from trails(child, (*before, child))
    if field.item is not None:
        yield from trails(field.item, (*before, field.item))


def wrongs(field: Field) -> Iterator[tuple[str, Any, Path]]:
    """Yield sort, wrong value, and the place of the fault below the field."""
    rules = field.constraints
    match field.form:
        case "structure":
            made = Maker().value(field)
            yield "unknown", {**made, "zzUnheardOf": 1}, ("zzUnheardOf",)
            for key in rules.get("required", ()):
                yield "missing", {k: v for k, v in made.items() if k != key}, (key,)
        case "list":
            assert field.item is not None
            item = Maker().value(field.item)
            yield "items", [item] * (rules["maxItems"] + 1), ()
        case "scalar" if field.type == "string":
            yield from _wrong_texts(field)
        case "scalar" if field.type in {"integer", "number"}:
            yield "type", "five", ()
            if "maximum" in rules:
                yield "range", int(rules["maximum"]) + 1, ()
            elif rules.get("minimum", 0) > 0:
                yield "range", 0, ()
        case _:
            yield "type", "text", ()


def _wrong_texts(field: Field) -> Iterator[tuple[str, Any, Path]]:
    rules = field.constraints
    yield "type", 5, ()
    if "enum" in rules:
        yield "enum", "NoneOfThese", ()
    elif "maxLength" in rules:
        yield "length", "a" * (rules["maxLength"] + 1), ()
        ill = next((text for text in ILL_FORMED if _is_ill_formed(text, field)), None)
        if ill is not None:
            yield "pattern", ill, ()


def _is_ill_formed(text: str, field: Field) -> bool:
    """Whether a text breaks the pattern, and nothing but the pattern."""
    rules = field.constraints
    in_bounds = rules.get("minLength", 0) <= len(text) <= rules["maxLength"]
    return "then" in rules and in_bounds and not fits(text, field)


def put(root: Field, spec: Any, trail: tuple[Field, ...], value: Any) -> Path:
    """Put a value where a trail leads, what is on the way made as it must be; return the path."""
    path: list[str | int] = ["spec"]
    place, holder = root, spec
    for depth, field in enumerate(trail):
        is_last = depth == len(trail) - 1
        made = value if is_last else _container(field, trail[depth + 1])
        if place.form == "structure":
            step: str | int = field.key
            if not is_last and isinstance(holder.get(step), dict):
                made = holder[step]
            holder[step] = made
        elif place.form == "map":
            step = Key("a")
            holder[step] = made
        else:
            step = 0
            holder[:] = [made, *holder[1:]]
        path.append(step)
        place, holder = field, made
    return tuple(path)


def _container(field: Field, child: Field) -> Any:
    """Return the value of a field that is to hold a child."""
    made = Maker().value(field)
    return [Maker().value(child)] if field.form in {"list", "pairs"} and not made else made
