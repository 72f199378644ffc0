# SPDX-License-Identifier: Apache-2.0
"""jsonschema-rs and jsonschema, on objects made at random: the same faults at the same places."""

from __future__ import annotations

import random

import pytest

from schemas import Kind
from tests.specimens.mutant import mutant
from tests.test_kinds import IDS, KINDS
from webhook.schema import PythonEngine, RustEngine, engine_of

OBJECTS = 10_000
EACH = -(-OBJECTS // len(KINDS))


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_both_engines_find_the_same(kind: Kind) -> None:
    """Keyword and path of every failure; and `is_valid` says what the list says."""
    chance = random.Random(kind.name + kind.group)  # noqa: S311 - the same objects in every run
    fast, reference = engine_of(kind, RustEngine), engine_of(kind, PythonEngine)
    faulty = 0
    for _ in range(EACH):
        body = mutant(kind, chance)
        found = set(fast.failures(body))
        assert found == set(reference.failures(body)), body
        assert fast.is_valid(body) is reference.is_valid(body) is (not found)
        faulty += bool(found)
    assert EACH * 0.2 < faulty < EACH * 0.95, "both sorts are there"
