# SPDX-License-Identifier: Apache-2.0
"""The state machine of what is made once and cannot be changed: models and endpoint configurations.

An edit deletes the old one and makes another of the same name, as the original did. What was
deleted behind our back is made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from controller.condition import FAILED, READY, SYNCED, Conditions, stamp
from controller.deletion import delete_failed
from controller.failure import AwsError, Meaning, is_news, is_read, meaning, pause
from controller.observed import Observed
from controller.request import requests
from controller.step import REST, AwsCall, Happening, Step
from controller.subject import Subject
from webhook.naming import made_name
from webhook.spelling import spell

FIRST: Final = "SynchronizingK8sJobWithSageMaker"

REPLACING: Final = "Replacing"
"""The reason of Synced once the old one's deletion was judged: its successor was with it."""

RARELY: Final = 1800.0
"""Seconds between looks at what cannot change, only vanish: AWS lists no such change."""


@dataclass(frozen=True, slots=True)
class ArtifactKind:
    """What is particular: AWS's noun, and the original's status fields for name and ARN."""

    noun: str
    name_key: str
    arn_key: str

    @property
    def name_parameter(self) -> str:
        """The parameter that holds the name."""
        return f"{self.noun}Name"


ARTIFACTS: Final = {
    "Model": ArtifactKind("Model", "sageMakerModelName", "modelArn"),
    "EndpointConfig": ArtifactKind(
        "EndpointConfig", "sageMakerEndpointConfigName", "endpointConfigArn"
    ),
}


def step(kind: ArtifactKind, subject: Subject, observed: Observed, now: datetime) -> Step:
    """Return what is to be done next for a model or an endpoint configuration."""
    name = made_name(f"Create{kind.noun}", subject.resource)
    if subject.deleted_at is not None:
        return _delete(kind, subject, observed, name, now)
    if not subject.is_held:
        return Step(holds=True, status=None if subject.status else {"status": FIRST})
    if subject.has_given_up:
        return REST
    if observed.error is not None:
        return _failed(kind, subject, observed, observed.error, now)
    if not observed.is_known and subject.region is not None:
        return Step(call=_call("Describe", kind, name))
    if observed.refused:
        texts = "\n".join(finding.sentence for finding in observed.refused)
        return end(subject, observed, now, "Refused", texts)
    if observed.description is None:
        return Step(status=subject.unplaced, again=0) if subject.moved else _create(kind, subject)
    if subject.observed_generation not in {None, subject.generation}:
        return _replace(kind, subject, observed.description, name, now)
    return _made(kind, subject, observed.description, now)


def _create(kind: ArtifactKind, subject: Subject) -> Step:
    """Make it: the first, the next, or the same again.

    What was judged already, with its predecessor or before it vanished, is not judged again: that
    predecessor is gone.
    """
    was_made = subject.status.get("status") == "Created"
    is_same = was_made and subject.observed_generation == subject.generation
    is_judged = not (is_same or subject.said(SYNCED) == REPLACING or subject.is_part)
    status = {k: v for k, v in subject.status.items() if k != kind.arn_key}  # of what is no more
    status |= {**subject.where, "observedGeneration": subject.generation}
    if is_judged:
        status["status"] = FIRST
    (create,) = requests(subject)
    return Step(status=status, call=create, is_judged=is_judged)


def _replace(
    kind: ArtifactKind,
    subject: Subject,
    description: Mapping[str, Any],
    name: str,
    now: datetime,
) -> Step:
    """Delete what an earlier spec asked for."""
    conditions = Conditions(subject, now).false(SYNCED, REPLACING)
    status = {**subject.status, "conditions": conditions.items}
    old, delete = _body_of(subject, description), _call("Delete", kind, name)
    return Step(status=status, call=delete, is_judged=not subject.is_part, sent=old)


def _call(verb: str, kind: ArtifactKind, name: str) -> AwsCall:
    return AwsCall(f"{verb}{kind.noun}", {kind.name_parameter: name})


def _body_of(subject: Subject, description: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the object as it was when AWS's side was made, for the review of an update."""
    field = subject.resource.kind.spec
    members = {child.member for child in field.fields.values()}
    spec = spell(field, {k: v for k, v in description.items() if k in members})
    return {**subject.resource.body, "spec": {**spec, **subject.where}}


def _made(
    kind: ArtifactKind, subject: Subject, description: Mapping[str, Any], now: datetime
) -> Step:
    conditions = Conditions(subject, now).true(READY, "Created").true(SYNCED, "Created")
    conditions.false(FAILED, "Created")
    changed = subject.status.get("status") != "Created"
    name, arn = description[kind.name_parameter], description[f"{kind.noun}Arn"]
    status = {
        **subject.status,
        "status": "Created",
        kind.name_key: name,
        kind.arn_key: arn,
        "additional": "",
        **subject.where,
        "observedGeneration": subject.generation,
        "conditions": conditions.items,
    }
    if changed or "lastUpdateTime" not in subject.status:
        status["lastUpdateTime"] = stamp(now)
    happenings = (Happening("Created", str(name)),) if changed else ()
    return Step(status=status, happenings=happenings, again=RARELY)


def end(subject: Subject, observed: Observed, now: datetime, reason: str, text: str) -> Step:
    """Give up, until the spec changes. What AWS has of an earlier generation stays."""
    conditions = Conditions(subject, now).true(FAILED, reason, text).false(SYNCED, reason, text)
    if observed.description is None:
        conditions.false(READY, reason)
    status = {
        **subject.status,
        "status": "Error",
        "additional": text,
        "lastUpdateTime": stamp(now),
        "conditions": conditions.items,
    }
    return Step(status=status, happenings=(Happening(reason, text, is_warning=True),))


def _failed(
    kind: ArtifactKind, subject: Subject, observed: Observed, error: AwsError, now: datetime
) -> Step:
    is_made = subject.noted(kind.arn_key) != ""
    if meaning(error) is Meaning.BAD and not (is_made and is_read(error.operation)):
        return end(subject, observed, now, error.code or "BadRequest", error.text)
    again = pause(error, observed.failures)
    if not is_news(error, observed.failures):
        return Step(again=again)
    conditions = Conditions(subject, now)
    reason = subject.said(SYNCED)
    if reason != REPLACING:  # which is to be remembered
        reason = error.code or "NoAnswer"
    conditions.false(SYNCED, reason, error.text)
    if observed.is_known and observed.description is None:
        conditions.false(READY, "Absent")
    status = {**subject.status, "additional": error.text, "conditions": conditions.items}
    if subject.status.get("status") != "Created":
        status["status"] = "Error"
    return Step(status=status, again=again)


def _delete(
    kind: ArtifactKind, subject: Subject, observed: Observed, name: str, now: datetime
) -> Step:
    if not subject.is_held:
        return REST
    if subject.is_abandoned or subject.region is None:
        return Step(releases=True)
    if observed.error is not None:
        is_made = subject.noted(kind.arn_key) != ""
        return delete_failed(subject, observed.error, observed, now, is_made=is_made)
    if not observed.is_known:
        return Step(call=_call("Describe", kind, name))
    if observed.description is None:
        return Step(status={**subject.status, "status": "Deleted"}, releases=True)
    return Step(call=_call("Delete", kind, name))
