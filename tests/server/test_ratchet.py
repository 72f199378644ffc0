# SPDX-License-Identifier: Apache-2.0
"""Updates over HTTP: what was bad already does not block, what becomes bad does."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.cases.case import GROUPS, Case, render
from tests.gateprocess import GateProcess

Job = dict[str, Any]

BAD, WORSE, GOOD = "bad name!", "other name!", "fine"


@pytest.fixture(scope="module")
def gate() -> Iterator[GateProcess]:
    """A gate without a policy."""
    with GateProcess() as running:
        yield running


def job(*channels: str, group: str = "legacy", **changes: Any) -> Job:
    """Return a job with channels of these names."""
    base = Case("", "CreateTrainingJob", "", changes, None, "")
    kind = next(kind for kind in base.kinds() if kind.group == GROUPS[group])
    body = render(base, kind)
    channel = body["spec"]["inputDataConfig"][0]
    body["spec"]["inputDataConfig"] = [{**channel, "channelName": name} for name in channels]
    return body


def moved(body: Job, region: str, group: str) -> Job:
    """Return the job in another region."""
    body = copy.deepcopy(body)
    if group == "legacy":
        body["spec"]["region"] = region
    else:
        body["metadata"]["annotations"]["services.k8s.aws/region"] = region
    return body


def with_spot(run: int, wait: int) -> Callable[[str], Job]:
    """Return a maker of a spot job."""
    changes = {
        "EnableManagedSpotTraining": True,
        "StoppingCondition": {"MaxRuntimeInSeconds": run, "MaxWaitTimeInSeconds": wait},
    }
    return lambda group: job(GOOD, group=group, **copy.deepcopy(changes))


def unrelated(group: str) -> Job:
    """Return a bad job with another field changed."""
    body = job(BAD, group=group)
    body["spec"]["stoppingCondition"]["maxRuntimeInSeconds"] = 7200
    return body


TEN: dict[str, tuple[Callable[[str], Job], Callable[[str], Job], bool]] = {
    "untouched": (lambda g: job(BAD, group=g), lambda g: job(BAD, group=g), True),
    "list reordered": (lambda g: job(BAD, GOOD, group=g), lambda g: job(GOOD, BAD, group=g), True),
    "item removed": (lambda g: job(BAD, WORSE, group=g), lambda g: job(BAD, group=g), True),
    "bad item duplicated": (lambda g: job(BAD, group=g), lambda g: job(BAD, BAD, group=g), False),
    "bad to other bad": (lambda g: job(BAD, group=g), lambda g: job(WORSE, group=g), False),
    "cross-field, one side changed": (with_spot(3600, 60), with_spot(7200, 60), False),
    "unrelated field changed": (lambda g: job(BAD, group=g), unrelated, True),
    "region changed, image untouched": (
        lambda g: job(GOOD, group=g),
        lambda g: moved(job(GOOD, group=g), "us-west-2", g),
        False,
    ),
    "good item before a bad one": (
        lambda g: job(BAD, group=g),
        lambda g: job(GOOD, BAD, group=g),
        True,
    ),
    "bad item moved and changed": (
        lambda g: job(BAD, GOOD, group=g),
        lambda g: job(GOOD, WORSE, group=g),
        False,
    ),
}


@pytest.mark.parametrize("group", ["legacy", "ack"])
@pytest.mark.parametrize("route", ["mutate", "validate"])
@pytest.mark.parametrize("name", TEN)
def test_update(gate: GateProcess, name: str, route: str, group: str) -> None:
    """The ten cases; a spec that did not change is not even judged, so a label goes along."""
    old, new, passes = TEN[name]
    stored, sent = old(group), new(group)
    sent["metadata"].setdefault("annotations", {})["example.com/note"] = "changed"
    answer = gate.review(route, operation="UPDATE", object=sent, oldObject=stored)
    is_schema_stage = "name!" in str(sent)
    assert answer["allowed"] is (passes or (route == "mutate" and not is_schema_stage)), answer


def test_what_passes_by_the_ratchet_is_left_in_the_audit_log(gate: GateProcess) -> None:
    """Nobody is bothered, and nothing is hidden."""
    sent = job(BAD)
    sent["metadata"]["annotations"] = {"example.com/note": "changed"}
    answer = gate.review("validate", operation="UPDATE", object=sent, oldObject=job(BAD))
    assert answer["allowed"] is True
    assert answer["auditAnnotations"]["findings"] == "SM107=audit"


def test_leaving_adoption_demands_what_adoption_did_not(gate: GateProcess) -> None:
    """The annotation is judged for what it means: taking it off an empty object is refused."""
    kind = {"apiVersion": "sagemaker.services.k8s.aws/v1alpha1", "kind": "TrainingJob"}
    adopted = {**kind, "metadata": {"annotations": {"services.k8s.aws/adoption-policy": "adopt"}}}
    plain = {**kind, "metadata": {"name": "x"}, "spec": {}}
    answer = gate.review("validate", operation="UPDATE", object=plain, oldObject=adopted)
    assert answer["allowed"] is False
