# SPDX-License-Identifier: Apache-2.0
"""No object, however odd, stops the operators, and each can be deleted again."""

from __future__ import annotations

import random
from typing import Any

import pytest
import yaml

from controller.cluster import KINDS
from tests.operators.field import Field
from tests.operators.objects import sample
from tests.specimens.mutant import mutant

CRASHERS: dict[str, dict[str, Any]] = {
    "environment": {
        "kind": "BatchTransformJob", "environment": [{"name": "A", "value": "b"}],
    },
    "no-target": {
        "kind": "HostingAutoscalingPolicy", "targetTrackingScalingPolicyConfiguration": None,
    },
    "no-variant": {"kind": "HostingAutoscalingPolicy", "resourceId": [{"endpointName": "x"}]},
    "no-endpoint": {"kind": "HostingAutoscalingPolicy", "resourceId": [{"variantName": "x"}]},
    "no-spec": {"kind": "ProcessingJob", "spec": None},
}  # fmt: skip


@pytest.mark.parametrize("name", CRASHERS)
def test_what_killed_the_original_is_answered(work: Field, name: str) -> None:
    """By a status with words in it; the operators go on."""
    change = dict(CRASHERS[name])
    kind = change.pop("kind")
    body = sample(kind, f"odd-{name}")
    if "spec" in change:
        del body["spec"]
    else:
        body["spec"].update(change)
        body["spec"] = {k: v for k, v in body["spec"].items() if v is not None}
    work.apply(body)
    work.until(lambda: len(work.status(kind, f"odd-{name}")) > 1, "it has a status")
    assert work.process.is_running
    work.delete(kind, f"odd-{name}")
    work.aws.advance(300)
    work.until_gone(kind, f"odd-{name}")


def test_no_object_however_odd_stops_the_operators(work: Field) -> None:
    """Two hundred random objects of all kinds, most of them wrong: each can be deleted again."""
    chance = random.Random(7)  # noqa: S311 - the same each time
    kinds = list(KINDS.values())
    made = []
    for number in range(200):
        body = mutant(chance.choice(kinds), chance)
        body["metadata"] = {"name": f"mutant-{number}"}
        if isinstance(body["spec"], dict):
            body["spec"].pop("sageMakerEndpoint", None)  # of some other AWS, which there is not
        done = work.plane.kubectl(
            "-n", work.namespace, "create", "--validate=ignore", "-f", "-",
            stdin=yaml.safe_dump(body),
        )  # fmt: skip
        if done.returncode == 0:
            made.append((body["kind"], f"mutant-{number}"))
    assert len(made) > 60, "the API server takes a good part of them"
    work.until(
        lambda: all(work.status(*each) for each in made[-5:]), "the last ones have been looked at"
    )
    assert "a fault of ours" not in work.process.said()
    for kind, name in made:
        work.delete(kind, name)
    work.aws.advance(600)
    names = ",".join({f"{kind.plural}.{kind.group}" for kind in kinds})

    def left() -> list[str]:
        return [n for n in work.kubectl("get", names, "-o", "name").split() if "/mutant-" in n]

    work.until(lambda: not left(), "all are gone")
    assert work.process.is_running
