# SPDX-License-Identifier: Apache-2.0
"""The state machine of autoscaling policies: a target and a policy for each variant of an endpoint.

Level by level: what AWS has is described, and the first thing that differs is put right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from controller.condition import FAILED, READY, SYNCED, Conditions
from controller.deletion import delete_failed
from controller.failure import AwsError, Meaning, is_news, is_read, meaning, pause
from controller.observed import SENT, Observed
from controller.request import requests
from controller.scaled import IDS, agrees, current, last_sent, look_for, shown
from controller.step import AUTOSCALING, REST, AwsCall, Happening, Step
from controller.subject import REGION, Subject

STATUS: Final = "hostingAutoscalingPolicyStatus"
RARELY: Final = 1800.0
UNTIL_READY: Final = 30.0
"""Seconds until an endpoint that was not ready is asked for again."""

AWAKE: Final = {
    "DynamicScalingInSuspended": False,
    "DynamicScalingOutSuspended": False,
    "ScheduledScalingSuspended": False,
}
"""What the original fills in: so a suspension that is taken out of the spec ends."""

_RESOURCE: Final = re.compile(r"endpoint/\S+")
_NOT_THERE: Final = re.compile(r"endpoint|not (?:exist|be found|found)|find", re.IGNORECASE)


def step(subject: Subject, observed: Observed, now: datetime) -> Step:
    """Return what is to be done next for an autoscaling policy."""
    calls = [_awake(call) for call in requests(subject)]
    if subject.deleted_at is not None:
        return _delete(subject, observed, calls, now)
    if not subject.is_held:
        return Step(holds=True, status=None if subject.status else {STATUS: "Reconciling"})
    if subject.has_given_up:
        return REST
    if observed.refused:
        texts = "\n".join(finding.sentence for finding in observed.refused)
        return _end(subject, now, "Refused", texts)
    if observed.error is not None:
        return _failed(subject, observed, observed.error, now)
    if _recorded(subject) and subject.moved == REGION:
        return _move(subject, observed, calls[0], now)
    nameless = [call for call in calls if "ResourceId" not in call.parameters]
    if subject.region is None or nameless:
        return Step(call=[*nameless, *calls][0], is_judged=True)  # refused, by us or by AWS
    wanted = [str(call.parameters["ResourceId"]) for call in calls[::2]]
    look = look_for(observed, [*wanted, *_recorded(subject)], calls[0])
    if look is not None:
        return look
    call = _next(subject, observed, calls)
    if call is not None:
        return _apply(subject, observed, call, wanted)
    for removal in _removals(subject, observed, calls, keep=frozenset(wanted)):
        return Step(call=removal)
    return _made(subject, wanted, calls, now)


def _awake(call: AwsCall) -> AwsCall:
    if call.operation != "RegisterScalableTarget":
        return call
    given = call.parameters.get("SuspendedState")
    if given is not None and not isinstance(given, Mapping):
        return call
    parameters = {**call.parameters, "SuspendedState": {**AWAKE, **(given or {})}}
    return AwsCall(call.operation, parameters, call.service)


def _next(subject: Subject, observed: Observed, calls: list[AwsCall]) -> AwsCall | None:
    """Return the next call: each once for a generation, then what differs from what AWS has.

    The first also sends what a description would not show: that something was taken out. What AWS
    has just taken is not sent again: it may show it in another way, an empty list as none.
    """
    unsent = [call for call in calls if _label(call) not in observed.listed]
    if subject.observed_generation != subject.generation:
        return next(iter(unsent), None)
    return next((call for call in unsent if not agrees(call, current(observed, call))), None)


def _label(call: AwsCall) -> str:
    return f"{SENT} {call.operation} {call.parameters['ResourceId']}"


def _move(subject: Subject, observed: Observed, call: AwsCall, now: datetime) -> Step:
    """Follow an edit of the region where nothing has come to be in the old one."""
    look = look_for(observed, _recorded(subject), call)
    if look is not None:
        return look
    if not any(shown(observed, "DescribeScalableTargets", "ScalableTargets")):
        return Step(status={**subject.unplaced, "resourceIDList": []}, again=0)
    text = f"its targets are in {subject.region}, and cannot be moved to {subject.text(REGION)}"
    return _end(subject, now, "RegionChanged", f"{text}: make another object")


def _apply(subject: Subject, observed: Observed, call: AwsCall, wanted: list[str]) -> Step:
    status = {**subject.status, **subject.where, "resourceIDList": _known(subject, wanted)}
    if call.operation == "PutScalingPolicy" and not subject.noted("policyName"):
        status["policyName"] = call.parameters["PolicyName"]  # which an edit may change meanwhile
    sent = last_sent(subject, _recorded(subject), observed.listed)
    return Step(status=status, call=call, keep=_label(call), is_judged=True, sent=sent)


def _recorded(subject: Subject) -> list[str]:
    found = subject.status.get("resourceIDList")
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _known(subject: Subject, wanted: list[str]) -> list[str]:
    return list(dict.fromkeys([*_recorded(subject), *wanted]))


def _removals(
    subject: Subject, observed: Observed, calls: list[AwsCall], keep: frozenset[str]
) -> Iterator[AwsCall]:
    """Yield what takes away targets and policies of ours that are not to be kept."""
    new = calls[-1].parameters.get("PolicyName")
    old = {new, subject.noted("policyName")}
    gone = [each for each in _known(subject, []) if each not in keep]
    for item in shown(observed, "DescribeScalingPolicies", "ScalingPolicies"):
        where, policy = item["ResourceId"], item["PolicyName"]
        is_replaced = where in keep and policy != new
        if (where in gone or is_replaced) and policy in old:
            parameters = {each: item[each] for each in (*IDS, "PolicyName")}
            yield AwsCall("DeleteScalingPolicy", parameters, AUTOSCALING)
    for item in shown(observed, "DescribeScalableTargets", "ScalableTargets"):
        if item["ResourceId"] in gone:
            parameters = {each: item[each] for each in IDS}
            yield AwsCall("DeregisterScalableTarget", parameters, AUTOSCALING)


def _made(subject: Subject, wanted: list[str], calls: list[AwsCall], now: datetime) -> Step:
    conditions = Conditions(subject, now).true(READY, "Created").true(SYNCED, "Created")
    conditions.false(FAILED, "Created")
    status = {
        **subject.status,
        STATUS: "Created",
        "policyName": calls[-1].parameters["PolicyName"],
        "resourceIDList": wanted,
        **subject.where,
        "additional": "",
        "observedGeneration": subject.generation,
        "conditions": conditions.items,
    }
    changed = subject.status.get(STATUS) != "Created"
    happenings = (Happening("Created", ", ".join(wanted)),) if changed else ()
    return Step(status=status, happenings=happenings, again=RARELY)


def _end(subject: Subject, now: datetime, reason: str, text: str) -> Step:
    conditions = (
        Conditions(subject, now)
        .true(FAILED, reason, text)
        .false(SYNCED, reason, text)
        .false(READY, reason)
    )
    status = {
        **subject.status,
        STATUS: "Error",
        "additional": text,
        "conditions": conditions.items,
    }
    return Step(status=status, happenings=(Happening(reason, text, is_warning=True),))


def _failed(subject: Subject, observed: Observed, error: AwsError, now: datetime) -> Step:
    is_made = subject.observed_generation is not None and is_read(error.operation)
    is_bad = meaning(error) is Meaning.BAD and not is_made
    words = _RESOURCE.sub("", error.message)  # which names the endpoint anyway
    is_early = is_bad and not is_read(error.operation) and bool(_NOT_THERE.search(words))
    if is_bad and not is_early:
        return _end(subject, now, error.code or "BadRequest", error.text)
    again = pause(error, observed.failures)
    if not is_early and not is_news(error, observed.failures):
        return Step(again=again)
    reason = "EndpointNotReady" if is_early else error.code or "NoAnswer"
    conditions = Conditions(subject, now).false(SYNCED, reason, error.text)
    if subject.observed_generation is None:
        conditions.false(READY, reason)
    status = {
        **subject.status,
        STATUS: "Reconciling",
        "additional": error.text,
        "conditions": conditions.items,
    }
    return Step(status=status, again=max(again, UNTIL_READY) if is_early else again)


def _delete(subject: Subject, observed: Observed, calls: list[AwsCall], now: datetime) -> Step:
    ids = _recorded(subject)
    if not subject.is_held:
        return REST
    if subject.is_abandoned or subject.region is None or not ids:
        return Step(releases=True)
    if observed.error is not None:
        return delete_failed(subject, observed.error, observed, now, is_made=True)
    look = look_for(observed, ids, calls[0])
    if look is not None:
        return look
    for call in _removals(subject, observed, calls, keep=frozenset()):
        return Step(call=call)
    return Step(status={**subject.status, STATUS: "Deleted"}, releases=True)
