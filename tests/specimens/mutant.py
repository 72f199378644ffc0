# SPDX-License-Identifier: Apache-2.0
"""Random objects, and the same with something wrong in random places."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from schemas import Kind
from tests.specimens.specimen import Maker, wrap

JUNK: tuple[Any, ...] = (
    None, True, 0, -1, 5, 2**63, 10**30, 0.5, 1e300, "", "text", "a\n", "\u0661\u0662",
    "NoneOfThese", "x" * 300, [], [None], ["a", 5], {}, {"a": 1}, {"name": "a"},
    [{"name": "a", "value": "b"}],
)  # fmt: skip
MOST_FAULTS = 3


def valid(kind: Kind, chance: random.Random) -> Any:
    """Return a random spec that the kind's schema takes."""
    return Maker(chance, chance.choice((0.05, 0.2, 0.5))).value(kind.spec)


def mutant(kind: Kind, chance: random.Random) -> dict[str, Any]:
    """Return a random object; two of three have a few random faults."""
    spec = valid(kind, chance)
    for _ in range(chance.randint(-1, MOST_FAULTS)):
        spec = _spoiled(spec, chance)
    return wrap(kind, spec)


def _spoiled(spec: Any, chance: random.Random) -> Any:
    """Return a spec with one random place replaced, removed, or added to."""
    places = list(_holders(spec))
    if not places:
        return deepcopy(chance.choice(JUNK))
    holder = chance.choice(places)
    step = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    match chance.randrange(4):
        case 0:
            del holder[step]
        case 1 if isinstance(holder, dict):
            holder[str(step).swapcase()] = holder.pop(step)
        case 2 if isinstance(holder, dict):
            holder["zzUnheardOf"] = deepcopy(chance.choice(JUNK))
        case _:
            holder[step] = deepcopy(chance.choice(JUNK))
    return spec


def _holders(value: Any) -> Iterator[Any]:
    """Yield each object and list that holds something."""
    if isinstance(value, dict | list) and value:
        yield value
        for child in value.values() if isinstance(value, dict) else value:
            yield from _holders(child)
