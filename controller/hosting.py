# SPDX-License-Identifier: Apache-2.0
"""The state machine of a HostingDeployment: its children, its endpoint, and the endpoint's update.

Models and the endpoint configuration are Kubernetes objects of their own, named by generation and
owned by the deployment; an edit makes new ones, moves the endpoint to them, and takes the old away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from controller.condition import FAILED, LONGEST, READY, SYNCED, Conditions
from controller.deletion import delete_failed
from controller.endpoint import (
    MOVING,
    SENT,
    UPDATING,
    endpoint_name,
    endpoint_status,
    fixed,
    is_elsewhere,
    mirror,
    was_sent,
)
from controller.failure import AwsError, Meaning, is_news, is_read, meaning, pause
from controller.family import Family
from controller.jobkind import NO_ROOM, SLOW
from controller.observed import Observed
from controller.ownership import is_ours
from controller.precedent import precedent
from controller.request import has_no_mark, tagged
from controller.step import REST, AwsCall, Happening, Step
from controller.subject import REQUESTED, Subject

FIRST: Final = "SynchronizingK8sJobWithSageMaker"
WAITING: Final = "ReconcilingEndpoint"

CHILD_FAILED: Final = "ChildFailed"

WAITS: Final = 30.0
"""Seconds until an endpoint that somebody waits for is looked at again."""

_BUSY: Final = re.compile(r"in.progress|updating", re.IGNORECASE)
"""How AWS says that an endpoint takes no update just now."""

DELETABLE: Final = frozenset({"InService", "Failed", "OutOfService", "UpdateRollbackFailed"})


def step(subject: Subject, observed: Observed, now: datetime) -> Step:
    """Return what is to be done next for a deployment."""
    family = Family(subject, observed.children)
    if subject.deleted_at is not None:
        return _delete(subject, observed, family, now)
    if not subject.is_held:
        return Step(holds=True, status=None if subject.status else {"endpointStatus": FIRST})
    if subject.has_given_up and not (
        subject.condition(FAILED).get("reason") == CHILD_FAILED and not family.faults
    ):
        return _watch(subject, observed, now)
    if observed.refused:
        texts = "\n".join(finding.sentence for finding in observed.refused)
        return end(subject, now, "Refused", texts)
    impossible = fixed(subject)
    if impossible is not None:
        return end(subject, now, *impossible)
    if observed.error is not None:
        return _failed(subject, observed, observed.error, now)
    if family.config_name is None:
        return _children(subject, family, now)
    if not observed.is_known:
        return Step(call=_call("DescribeEndpoint", subject))
    if observed.description is None and is_elsewhere(subject):
        return Step(status=subject.unplaced, again=0)
    if observed.description is None:
        return _create(subject, family, now)
    return _follow(subject, observed, observed.description, family, now)


def _create(subject: Subject, family: Family, now: datetime) -> Step:
    parameters = {
        "EndpointName": endpoint_name(subject),
        "EndpointConfigName": family.config_name,
        **({"Tags": family.tags} if family.tags else {}),
    }
    create = AwsCall("CreateEndpoint", tagged("CreateEndpoint", parameters, subject.uid))
    if has_no_mark(create, subject, endpoint_name(subject)):
        return end(subject, now, "NoRoomForTag", NO_ROOM)
    made_from = {**subject.status, **subject.where, REQUESTED: endpoint_name(subject)}
    made_from["observedGeneration"] = subject.generation
    return Step(status=made_from, call=create)


def _watch(subject: Subject, observed: Observed, now: datetime) -> Step:
    """Show an endpoint that is there, of an object that has given up what it is to become."""
    if not subject.noted("endpointArn"):
        return REST
    if observed.error is not None:
        return Step(again=pause(observed.error, observed.failures))
    if not observed.is_known:
        return Step(call=_call("DescribeEndpoint", subject))
    conditions = Conditions(subject, now)
    found = observed.description
    word = "Gone" if found is None else str(found["EndpointStatus"])
    shown = {} if found is None else mirror(found, subject.region or "")
    conditions.set(READY, word, holds=word == "InService" or word in UPDATING)
    status = {**subject.status, **shown, "conditions": conditions.items}
    return Step(status=status, again=SLOW)


def _call(operation: str, subject: Subject) -> AwsCall:
    return AwsCall(operation, {"EndpointName": endpoint_name(subject)})


def _children(subject: Subject, family: Family, now: datetime) -> Step:
    """Make the children that are missing; wait for those that are not ready."""
    word = subject.status.get("endpointStatus")
    status = {**subject.status}
    if not subject.status.get("endpointArn") and word != WAITING:
        status["endpointStatus"] = WAITING
    if family.faults:
        return end(subject, now, CHILD_FAILED, "\n".join(family.faults))
    if family.ill_named:
        return end(subject, now, "BadName", family.ill_named)
    status["additional"] = "\n".join(family.worries)
    missing, sent = family.missing, precedent(family)
    is_new = subject.observed_generation != subject.generation  # else its children are not seen yet
    return Step(status=status, children=missing, is_judged=is_new and bool(missing), sent=sent)


def end(
    subject: Subject,
    now: datetime,
    reason: str,
    text: str,
    found: Mapping[str, Any] | None = None,
) -> Step:
    """Give up, until the spec changes. An endpoint that is there goes on serving.

    `found` is the status that says how it is; without it the status stays.
    """
    conditions = Conditions(subject, now).true(FAILED, reason, text).false(SYNCED, reason, text)
    status = {**(subject.status if found is None else found), "additional": text}
    if not subject.noted("endpointArn"):
        status["endpointStatus"] = "Failed"
        conditions.false(READY, reason)
    status["conditions"] = conditions.over(status.get("conditions"))
    is_new = subject.condition(FAILED).get("message") != text[:LONGEST]
    happenings = (Happening(reason, text, is_warning=True),) if is_new else ()
    return Step(status=status, happenings=happenings)


def _failed(subject: Subject, observed: Observed, error: AwsError, now: datetime) -> Step:
    sense, again = meaning(error), pause(error, observed.failures)
    is_made = bool(subject.noted("endpointArn"))
    is_update = error.operation == "UpdateEndpoint"
    is_busy = is_update and _BUSY.search(error.message) is not None
    if sense is Meaning.BAD and not (is_busy or (is_made and is_read(error.operation))):
        return end(subject, now, error.code or "BadRequest", error.text)
    if not is_busy and not is_news(error, observed.failures):
        return Step(again=again)
    conditions, reason = Conditions(subject, now), error.code or "NoAnswer"
    if subject.said(SYNCED) in {SENT, MOVING} and (sense is Meaning.LATER or not is_update):
        reason = subject.said(SYNCED)  # which is to be remembered: it may have taken effect
    conditions.false(SYNCED, reason, error.text)
    status = {**subject.status, "additional": error.text, "conditions": conditions.items}
    if not subject.status.get("endpointArn"):
        status["endpointStatus"] = WAITING
    return Step(status=status, again=again)


def _follow(
    subject: Subject,
    observed: Observed,
    description: Mapping[str, Any],
    family: Family,
    now: datetime,
) -> Step:
    name = endpoint_name(subject)
    ours = is_ours(subject, name, subject.noted("endpointName"), observed.tags)
    if ours is None:
        return Step(call=AwsCall("ListTags", {"ResourceArn": description["EndpointArn"]}))
    if not ours and is_elsewhere(subject):
        return Step(status=subject.unplaced, again=0)
    if not ours:
        text = f"SageMaker has an endpoint {name!r} that is not this object's; give another name"
        return end(subject, now, "NameTaken", text)
    word, config = str(description["EndpointStatus"]), description["EndpointConfigName"]
    is_moved = config == family.config_name
    status = endpoint_status(subject, description, family.model_names, now, is_moved=is_moved)
    if word == "InService" and not is_moved:
        if was_sent(subject, description):
            text = "the update failed, and SageMaker went back to the old configuration"
            reason = str(description.get("FailureReason", ""))
            return end(subject, now, "RolledBack", f"{text}: {reason}", status)
        return _update(subject, family, status, now)
    if word == "Failed" and subject.observed_generation not in {None, subject.generation}:
        return Step(status=status, call=_call("DeleteEndpoint", subject))
    old = family.surplus if word == "InService" else ()
    changed = word != subject.status.get("endpointStatus")
    reason = str(description.get("FailureReason", "")) or word
    happening = Happening(word, f"{endpoint_name(subject)}: {reason}", is_warning=word == "Failed")
    again = WAITS if word == "Deleting" else SLOW  # no List shows that it is gone
    told = (happening,) if changed else ()
    return Step(status=status, happenings=told, children=old, again=again)


def _update(subject: Subject, family: Family, status: Mapping[str, Any], now: datetime) -> Step:
    parameters = {
        "EndpointName": endpoint_name(subject),
        "EndpointConfigName": family.config_name,
        **family.retained,
    }
    text = "SageMaker is asked to move the endpoint"
    conditions = Conditions(subject, now).false(SYNCED, SENT, text)
    made_from = {
        **status,
        "observedGeneration": subject.generation,
        "conditions": conditions.over(status["conditions"]),
    }
    return Step(status=made_from, call=AwsCall("UpdateEndpoint", parameters))


def _delete(subject: Subject, observed: Observed, family: Family, now: datetime) -> Step:
    if not subject.is_held:
        return REST
    if subject.is_abandoned or subject.region is None:
        return Step(children=family.abandoned, releases=True)
    status = {**subject.status, "endpointStatus": "Deleting"}
    if observed.error is not None:
        is_made = bool(subject.noted("endpointArn"))
        return delete_failed(subject, observed.error, observed, now, is_made=is_made)
    if not observed.is_known:
        return Step(status=status, call=_call("DescribeEndpoint", subject))
    if observed.description is not None:
        name = endpoint_name(subject)
        ours = is_ours(subject, name, subject.noted("endpointName"), observed.tags)
        if ours is None:
            arn = observed.description["EndpointArn"]
            return Step(call=AwsCall("ListTags", {"ResourceArn": arn}))
        if ours and observed.description["EndpointStatus"] in DELETABLE:
            return Step(status=status, call=_call("DeleteEndpoint", subject))
        if ours:
            return Step(status=status, again=WAITS)
    if family.everyone:
        return Step(status=status, children=family.everyone, again=WAITS)
    return Step(releases=True)
