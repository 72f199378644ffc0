# SPDX-License-Identifier: Apache-2.0
"""The state machine of a HostingDeployment: its children, its endpoint, and the endpoint's update.

Models and the endpoint configuration are Kubernetes objects of their own, named by generation and
owned by the deployment; an edit makes new ones, moves the endpoint to them, and takes the old away.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from controller.condition import FAILED, READY, SYNCED, Conditions, stamp
from controller.deletion import delete_failed
from controller.endpoint import mirror
from controller.failure import FLAPPING, AwsError, Meaning, meaning, pause
from controller.family import Family
from controller.job import SLOW
from controller.observed import Observed
from controller.request import tagged
from controller.step import REST, AwsCall, Child, Happening, Step
from controller.subject import UID_TAG, Subject
from webhook.naming import made_name

FIRST: Final = "SynchronizingK8sJobWithSageMaker"
WAITING: Final = "ReconcilingEndpoint"

UPDATING: Final = frozenset({"Updating", "SystemUpdating", "RollingBack"})
DELETABLE: Final = frozenset({"InService", "Failed", "OutOfService", "UpdateRollbackFailed"})


def step(subject: Subject, observed: Observed, now: datetime) -> Step:
    """Return what is to be done next for a deployment."""
    family = Family(subject, observed.children)
    if subject.deleted_at is not None:
        return _delete(subject, observed, family, now)
    if not subject.is_held:
        return Step(holds=True, status=None if subject.status else {"endpointStatus": FIRST})
    failed = subject.condition(FAILED)
    if failed.get("status") == "True" and failed.get("observedGeneration") == subject.generation:
        return REST if failed.get("reason") != "ChildFailed" else _children(subject, family, now)
    if observed.refused:
        texts = "\n".join(finding.sentence for finding in observed.refused)
        return end(subject, now, "Refused", texts)
    if observed.error is not None:
        return _failed(subject, observed, observed.error, now)
    if family.config_name is None:
        return _children(subject, family, now)
    if not observed.is_known:
        return Step(call=_call("DescribeEndpoint", subject))
    if observed.description is None:
        parameters = {
            "EndpointName": endpoint_name(subject),
            "EndpointConfigName": family.config_name,
            **({"Tags": family.tags} if family.tags else {}),
        }
        create = AwsCall("CreateEndpoint", tagged("CreateEndpoint", parameters, subject.uid))
        made_from = {**subject.status, "observedGeneration": subject.generation}
        return Step(status=made_from, call=create)
    return _follow(subject, observed, observed.description, family, now)


def endpoint_name(subject: Subject) -> str:
    """Return the endpoint's name: as recorded, else as given, else as made."""
    recorded = subject.status.get("endpointName")
    if isinstance(recorded, str) and recorded:
        return recorded
    return subject.text("endpointName") or made_name("CreateEndpoint", subject.resource)


def _call(operation: str, subject: Subject) -> AwsCall:
    return AwsCall(operation, {"EndpointName": endpoint_name(subject)})


def _children(subject: Subject, family: Family, now: datetime) -> Step:
    """Make the children that are missing; wait for those that are not ready."""
    word = subject.status.get("endpointStatus")
    status = {**subject.status}
    if not subject.status.get("endpointArn") and word != WAITING:
        status["endpointStatus"] = WAITING
    faults = family.faults
    if faults:
        return end(subject, now, "ChildFailed", "\n".join(faults))
    missing = family.missing
    return Step(status=status, children=missing, is_judged=bool(missing), sent=family.sent)


def end(subject: Subject, now: datetime, reason: str, text: str) -> Step:
    """Give up, until the spec changes. An endpoint that is there goes on serving."""
    conditions = Conditions(subject, now).true(FAILED, reason, text).false(SYNCED, reason, text)
    status = {**subject.status, "additional": text}
    if not subject.status.get("endpointArn"):
        status["endpointStatus"] = "Failed"
        conditions.false(READY, reason)
    status["conditions"] = conditions.items
    is_news = subject.condition(FAILED).get("message") != text
    happenings = (Happening(reason, text, is_warning=True),) if is_news else ()
    return Step(status=status, happenings=happenings)


def _failed(subject: Subject, observed: Observed, error: AwsError, now: datetime) -> Step:
    sense, again = meaning(error), pause(error, observed.failures)
    if sense is Meaning.BAD and error.operation != "UpdateEndpoint":
        return end(subject, now, error.code or "BadRequest", error.text)
    if sense in {Meaning.TAKEN, Meaning.ABSENT} or observed.failures < FLAPPING:
        return Step(again=again)
    conditions = Conditions(subject, now).false(SYNCED, error.code or "NoAnswer", error.text)
    status = {**subject.status, "additional": error.text, "conditions": conditions.items}
    if not subject.status.get("endpointArn"):
        status["endpointStatus"] = WAITING
    return Step(status=status, again=again)


def _is_ours(subject: Subject, observed: Observed) -> bool | None:
    name = endpoint_name(subject)
    if subject.status.get("endpointName") == name or subject.uid.replace("-", "") in name:
        return True
    return None if observed.tags is None else observed.tags.get(UID_TAG) == subject.uid


def _follow(
    subject: Subject,
    observed: Observed,
    description: Mapping[str, Any],
    family: Family,
    now: datetime,
) -> Step:
    ours = _is_ours(subject, observed)
    if ours is None:
        return Step(call=AwsCall("ListTags", {"ResourceArn": description["EndpointArn"]}))
    if not ours:
        text = f"SageMaker has an endpoint {endpoint_name(subject)!r} that is not this object's"
        return end(subject, now, "NameTaken", text)
    word, config = str(description["EndpointStatus"]), description["EndpointConfigName"]
    is_moved = config == family.config_name
    sent = subject.observed_generation in {None, subject.generation}
    seen = subject.condition(SYNCED)
    was_updating = seen.get("reason") == "Updating" and (
        seen.get("observedGeneration") == subject.generation
    )
    status = _status(subject, description, family, now, is_moved=is_moved)
    if word == "InService" and not is_moved:
        if sent and was_updating:
            text = "the update failed, and SageMaker went back to the old configuration"
            return end(
                subject, now, "RolledBack", f"{text}: {description.get('FailureReason', '')}"
            )
        parameters = {
            "EndpointName": endpoint_name(subject),
            "EndpointConfigName": family.config_name,
            **family.retained,
        }
        made_from = {**status, "observedGeneration": subject.generation}
        return Step(status=made_from, call=AwsCall("UpdateEndpoint", parameters))
    if word == "Failed" and not sent:
        made_from = {**status, "observedGeneration": subject.generation}
        return Step(status=made_from, call=_call("DeleteEndpoint", subject))
    old = family.surplus if word == "InService" else ()
    changed = word != subject.status.get("endpointStatus")
    reason = str(description.get("FailureReason", "")) or word
    happening = Happening(word, f"{endpoint_name(subject)}: {reason}", is_warning=word == "Failed")
    return Step(status=status, happenings=(happening,) if changed else (), children=old, again=SLOW)


def _status(
    subject: Subject,
    description: Mapping[str, Any],
    family: Family,
    now: datetime,
    *,
    is_moved: bool,
) -> Mapping[str, Any]:
    word = str(description["EndpointStatus"])
    reason = str(description.get("FailureReason", ""))
    conditions = Conditions(subject, now)
    conditions.set(READY, word, reason, holds=word == "InService" or word in UPDATING)
    conditions.set(FAILED, word, reason, holds=word == "Failed")
    if word in UPDATING:
        conditions.false(SYNCED, "Updating", "the endpoint is being moved")
    elif is_moved and word == "InService":
        conditions.true(SYNCED, "Updated")
    else:
        conditions.false(SYNCED, word)
    status = {
        **subject.status,
        **mirror(description, subject.region or ""),
        "additional": "",
        "modelNames": family.model_names,
        "observedGeneration": subject.observed_generation or subject.generation,
        "conditions": conditions.items,
    }
    if status != {**subject.status, "lastCheckTime": status.get("lastCheckTime")}:
        status["lastCheckTime"] = stamp(now)
    return status


def _delete(subject: Subject, observed: Observed, family: Family, now: datetime) -> Step:
    if not subject.is_held:
        return REST
    if subject.is_abandoned or subject.region is None:
        return Step(children=family.abandoned, releases=True)
    status = {**subject.status, "endpointStatus": "Deleting"}
    describe = _call("DescribeEndpoint", subject)
    if observed.error is not None:
        return delete_failed(subject, observed.error, observed, describe, now)
    if not observed.is_known:
        return Step(status=status, call=describe)
    if observed.description is not None:
        ours = _is_ours(subject, observed)
        if ours is None:
            arn = observed.description["EndpointArn"]
            return Step(call=AwsCall("ListTags", {"ResourceArn": arn}))
        if ours and observed.description["EndpointStatus"] in DELETABLE:
            return Step(status=status, call=_call("DeleteEndpoint", subject))
        if ours:
            return Step(status=status, again=SLOW / 20)
    everyone = tuple(Child(kind, name) for kind, name in observed.children)
    if everyone:
        return Step(status=status, children=everyone, again=SLOW / 20)
    return Step(releases=True)
