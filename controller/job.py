# SPDX-License-Identifier: Apache-2.0
"""The state machine of the four job kinds: described, created once, followed, stopped on deletion.

What differs between them is a `JobKind`. A job is never created while AWS may have one of its
name, never adopted in silence, and never made again once it has been.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from controller.condition import FAILED, READY, SYNCED, Conditions
from controller.deletion import delete_failed
from controller.edit import edited, ignored, warning
from controller.failure import AwsError, Meaning, is_news, is_read, meaning, pause
from controller.jobkind import (
    FINISHED,
    FIRST,
    GONE,
    IGNORED,
    NO_ROOM,
    SHOWING,
    SLOW,
    STOPPABLE_NOT,
    STOPPING,
    TERMINAL,
    JobKind,
)
from controller.observed import Observed
from controller.ownership import is_ours
from controller.request import has_no_mark, requests
from controller.step import REST, AwsCall, Happening, Step
from controller.subject import REQUESTED, Subject


def step(kind: JobKind, subject: Subject, observed: Observed, now: datetime) -> Step:
    """Return what is to be done next for a job."""
    if subject.deleted_at is not None:
        return _delete(kind, subject, observed, now)
    name = kind.name_of(subject)
    if not subject.is_spawned:
        key = kind.spec_name  # where there is no spec, there is nothing to write it into
        writes = {key: name} if key and subject.spec and not subject.text(key) else {}
        if not subject.is_held or writes:
            return Step(holds=not subject.is_held, spec=writes, status=_first(kind, subject))
    if _is_settled(kind, subject):
        return edited(subject, now, is_made=bool(subject.noted(kind.name_key)))
    if observed.error is not None:
        return _failed(kind, subject, observed, observed.error, now)
    if not observed.is_known and subject.region is not None:
        return Step(call=kind.call("Describe", name))
    if observed.description is None:
        return _create(kind, subject, observed, now)
    return _follow(kind, subject, observed, observed.description, now)


def _first(kind: JobKind, subject: Subject) -> Mapping[str, Any] | None:
    return None if subject.status else {kind.status_key: FIRST}


def _is_settled(kind: JobKind, subject: Subject) -> bool:
    """Whether nothing will change any more unless the object does."""
    if not subject.noted(kind.name_key):
        return subject.has_given_up
    reason = subject.condition(SYNCED).get("reason")
    shown = kind.spawn is None or reason in {FINISHED, IGNORED, GONE}
    return subject.noted(kind.status_key) in TERMINAL and shown and not _is_ruled(subject.status)


def _is_ruled(status: Mapping[str, Any]) -> bool:
    """Whether a debugger rule is still being evaluated: that may outlast the job."""
    found = status.get("debugRuleEvaluationStatuses")
    rules = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return any(each.get("ruleEvaluationStatus") in {"InProgress", "Stopping"} for each in rules)


def _create(kind: JobKind, subject: Subject, observed: Observed, now: datetime) -> Step:
    if subject.noted(kind.name_key):
        if subject.noted(kind.status_key) in TERMINAL or subject.region is None:
            return REST  # it ended as its status says, and AWS has forgotten it; or who knows
        text = "the job is gone from SageMaker; it is not started again"
        return _end(kind, subject, now, GONE, text)
    if subject.is_spawned:
        return REST
    if kind.is_elsewhere(subject):
        return Step(status=subject.unplaced, again=0)
    if observed.refused:
        texts = "\n".join(finding.sentence for finding in observed.refused)
        return _end(kind, subject, now, "Refused", texts)
    (call,) = requests(subject)
    name = kind.name_of(subject)
    if has_no_mark(call, subject, name):
        return _end(kind, subject, now, "NoRoomForTag", NO_ROOM)
    made_from = {**subject.status, **subject.where, REQUESTED: name}
    made_from["observedGeneration"] = subject.generation
    return Step(status=made_from, call=call, is_judged=True)


def _end(kind: JobKind, subject: Subject, now: datetime, reason: str, text: str) -> Step:
    """Give up, until the spec changes."""
    conditions = (
        Conditions(subject, now)
        .true(FAILED, reason, text)
        .false(READY, reason)
        .false(SYNCED, reason, text)
    )
    status = {
        **subject.status,
        kind.status_key: "Failed",
        "additional": text,
        "conditions": conditions.items,
    }
    return Step(status=status, happenings=(Happening(reason, text, is_warning=True),))


def _failed(
    kind: JobKind, subject: Subject, observed: Observed, error: AwsError, now: datetime
) -> Step:
    is_made = bool(subject.noted(kind.name_key))
    if meaning(error) is Meaning.BAD and not is_made:
        if error.operation.startswith("Describe"):
            return _create(kind, subject, observed, now)  # no such name can be: judge says why
        if not is_read(error.operation):
            return _end(kind, subject, now, error.code or "BadRequest", error.text)
    again = pause(error, observed.failures)
    if not is_news(error, observed.failures):
        return Step(again=again)
    conditions = Conditions(subject, now).false(SYNCED, error.code or "NoAnswer", error.text)
    status = {**subject.status, "conditions": conditions.items}
    if not is_made:
        may_pass = meaning(error) in {Meaning.LATER, Meaning.TAKEN}
        word = kind.reconciling if may_pass or not kind.erring else kind.erring
        status |= {kind.status_key: word, "additional": error.text}
    return Step(status=status, again=again)


def _follow(
    kind: JobKind,
    subject: Subject,
    observed: Observed,
    description: Mapping[str, Any],
    now: datetime,
) -> Step:
    name = kind.name_of(subject)
    ours = _is_ours(kind, subject, observed, name)
    if ours is None:
        return Step(call=AwsCall("ListTags", {"ResourceArn": description[f"{kind.noun}Arn"]}))
    if not ours and kind.is_elsewhere(subject):
        return Step(status=subject.unplaced, again=0)
    if not ours:
        text = f"SageMaker has a {kind.noun} {name!r} that is not this object's; give another name"
        return _end(kind, subject, now, "NameTaken", text)
    word = str(description[f"{kind.noun}Status"])
    reason = str(description.get("FailureReason", ""))
    shows = kind.spawn(subject, observed, name) if kind.spawn is not None else None
    status = {
        **subject.status,
        REQUESTED: "",
        kind.status_key: word,
        kind.name_key: name,
        "additional": reason,
        **kind.mirror(subject, description),
        **subject.where,
        "observedGeneration": subject.observed_generation or subject.generation,
    }
    status["conditions"] = _conditions(kind, subject, description, now, is_shown=not shows)
    happenings = (*_news(kind, subject, word, f"{name}: {reason or word}"), *warning(subject))
    if shows is not None:
        return replace(shows, status=status, happenings=happenings)
    again = None if word in TERMINAL and not _is_ruled(status) else SLOW
    return Step(status=status, happenings=happenings, again=again)


def _is_ours(kind: JobKind, subject: Subject, observed: Observed, name: str) -> bool | None:
    return subject.is_spawned or is_ours(subject, name, subject.noted(kind.name_key), observed.tags)


def _conditions(
    kind: JobKind,
    subject: Subject,
    description: Mapping[str, Any],
    now: datetime,
    *,
    is_shown: bool,
) -> list[Mapping[str, Any]]:
    word = str(description[f"{kind.noun}Status"])
    reason = str(description.get("FailureReason", ""))
    conditions = Conditions(subject, now).set(READY, word, reason, holds=word == "Completed")
    conditions.set(FAILED, word, reason, holds=word == "Failed")
    if word in TERMINAL and not is_shown:
        conditions.false(SYNCED, SHOWING, "not all of its training jobs are shown yet")
    elif subject.observed_generation not in {None, subject.generation}:
        conditions.false(SYNCED, IGNORED, ignored(subject))
    elif is_shown or not subject.condition(SYNCED):  # an error on the way there stays shown
        ended = word in TERMINAL and kind.spawn is not None
        conditions.true(SYNCED, FINISHED if ended else "Created")
    return conditions.items


def _news(kind: JobKind, subject: Subject, word: str, text: str) -> tuple[Happening, ...]:
    if word == subject.noted(kind.status_key):
        return ()
    return (Happening(word, text, is_warning=word == "Failed"),)


def _delete(kind: JobKind, subject: Subject, observed: Observed, now: datetime) -> Step:
    if not subject.is_held:
        return REST
    if subject.is_abandoned or subject.is_spawned or subject.region is None:
        return Step(releases=True)
    name = kind.name_of(subject)
    if observed.error is not None:
        is_made = bool(subject.noted(kind.name_key))
        return delete_failed(subject, observed.error, observed, now, is_made=is_made)
    if not observed.is_known:
        return Step(call=kind.call("Describe", name))
    if observed.description is None:
        return Step(releases=True)
    ours = _is_ours(kind, subject, observed, name)
    if ours is None:
        arn = observed.description[f"{kind.noun}Arn"]
        return Step(call=AwsCall("ListTags", {"ResourceArn": arn}))
    word = str(observed.description[f"{kind.noun}Status"])
    if not ours or word in TERMINAL or word == "DeleteFailed":
        return Step(releases=True)
    stopping = {**observed.description, f"{kind.noun}Status": "Stopping"}
    status = {**subject.status, **kind.mirror(subject, stopping), kind.status_key: "Stopping"}
    if word in STOPPABLE_NOT:
        return Step(status=status, again=STOPPING)
    return Step(status=status, call=kind.call("Stop", name))
