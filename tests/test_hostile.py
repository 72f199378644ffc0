# SPDX-License-Identifier: Apache-2.0
"""Wrong things in every place of every kind: judged and answered, never stumbled over."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from schemas import Field, Kind
from tests.samples import context
from tests.specimens.specimen import Maker, wrap
from tests.test_kinds import IDS, KINDS, judge
from webhook.defaulting import default
from webhook.reserved import CRASHED
from webhook.resource import read_resource

WRONG: tuple[Any, ...] = (None, 2**70, 0.5, True, "\u0000<b>${X}", [], {}, [None], {"": None})


class Dense(Maker):
    """Makes a value with every field in it, one item in each list."""

    def _wants(self) -> bool:
        return True

    def _count(self, place: Field, word: str) -> int:
        return max(1, int(place.constraints.get(word, 0)))


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place of a value as what holds it and the step to it."""
    steps: Any = ()
    if isinstance(value, dict):
        steps = list(value)
    elif isinstance(value, list):
        steps = range(len(value))
    for step in steps:
        yield value, step
        yield from places(value[step])


def never_stumbles(body: dict[str, Any]) -> None:
    """Complete and judge; a rule that crashes would be a finding of its own."""
    resource = read_resource(body, "default")
    assert resource is not None
    done = default(resource, context())
    for each in (body, dict(done.resource.body)):
        crashed = [f for f in judge(each).everything if f.rule == CRASHED]
        assert not crashed, (crashed[0].sentence, getattr(crashed[0].fault, "trace", ""))
        for finding in judge(each).everything:
            assert finding.sentence.isprintable()


every = pytest.mark.parametrize("kind", KINDS, ids=IDS)


@every
def test_wrong_things_at_every_place(kind: Kind) -> None:
    """Each place of an object that has every field, with a few wrong things in turn."""
    chance = random.Random(kind.name)  # noqa: S311 - the same in every run
    spec = Dense().value(kind.spec)
    body = wrap(kind, spec)
    count = 0
    for holder, step in places(spec):
        kept = holder[step]
        for wrong in chance.sample(WRONG, 4):
            holder[step] = copy.deepcopy(wrong)
            never_stumbles(body)
            count += 1
        holder[step] = kept
    assert count >= 4 * len(kind.spec.fields)
    never_stumbles(body)


@every
@pytest.mark.parametrize("wrong", [None, [], "text", 5, {"": {}}, {"a" * 300: 1}])
def test_wrong_things_in_place_of_all(kind: Kind, wrong: Any) -> None:
    """Spec and metadata that are none."""
    for part in ("spec", "metadata", "status"):
        never_stumbles({**wrap(kind, Maker().value(kind.spec)), part: copy.deepcopy(wrong)})


@every
def test_a_thousand_unknown_keys_and_items(kind: Kind) -> None:
    """Two megabytes of them cost no more than their bounds: few findings, each in few words."""
    spec = Dense().value(kind.spec)
    for holder, step in list(places(spec)):
        if isinstance(holder[step], list):
            holder[step] = holder[step] * 1500
            break
    junk = {f"zz{number}": {"a": [number] * 10} for number in range(10_000)}
    body = wrap(kind, {**spec, **junk})
    never_stumbles(body)
    findings = list(judge(body).everything)
    assert 20 <= len(findings) <= 1000


def test_depth_that_no_engine_takes_is_judged() -> None:
    """A structure nested below a known place, and below an unknown one."""
    deep: Any = {}
    for _ in range(900):
        deep = {"a": deep}
    for kind in KINDS:
        spec = Maker().value(kind.spec)
        first = next(iter(kind.spec.fields))
        never_stumbles(wrap(kind, {**spec, first: deep, "zz": deep}))
