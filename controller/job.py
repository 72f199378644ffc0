# SPDX-License-Identifier: Apache-2.0
"""The state machine of the four job kinds: described, created once, followed, stopped on deletion.

What differs between them is a `JobKind`. A job is never created while AWS may have one of its
name, never adopted in silence, and never made again once it has been.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from controller.condition import FAILED, READY, SYNCED, Conditions
from controller.deletion import delete_failed
from controller.failure import FLAPPING, AwsError, Meaning, meaning, pause
from controller.observed import Observed
from controller.request import requests
from controller.step import REST, AwsCall, Happening, Step
from controller.subject import UID_TAG, Subject

FIRST: Final = "SynchronizingK8sJobWithSageMaker"
"""The original's first word on every object."""

TERMINAL: Final = frozenset({"Completed", "Failed", "Stopped"})

SLOW: Final = 600.0
"""Seconds until a job is described although no List call has shown a change."""

STOPPING: Final = 30.0
"""The same while somebody waits for a job to stop."""

Mirror = Callable[[Subject, Mapping[str, Any]], Mapping[str, Any]]
Spawn = Callable[[Subject, Observed, str], Step | None]

FINISHED: Final = "Finished"
"""The reason of Synced on a job that ended and whose every training job has its object."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """What is particular to a kind of job.

    `noun` is AWS's ("TrainingJob"); `status_key` and `name_key` are the original's status fields,
    `spec_name` the field that a made name is written back to, `reconciling` the original's word for
    an error that is tried again; `mirror` gives the kind's further status fields, `spawn` the next
    step towards objects that show a part of it.
    """

    noun: str
    status_key: str
    name_key: str
    spec_name: str | None
    reconciling: str
    mirror: Mirror
    spawn: Spawn | None = None

    @property
    def name_parameter(self) -> str:
        """The parameter that holds the name."""
        return f"{self.noun}Name"


def step(kind: JobKind, subject: Subject, observed: Observed, now: datetime) -> Step:
    """Return what is to be done next for a job."""
    if subject.deleted_at is not None:
        return _delete(kind, subject, observed, now)
    name = name_of(kind, subject)
    if not subject.is_spawned:
        writes = (
            {kind.spec_name: name} if kind.spec_name and not subject.text(kind.spec_name) else {}
        )
        if not subject.is_held or writes:
            return Step(holds=not subject.is_held, spec=writes, status=_first(kind, subject))
    if _is_settled(kind, subject):
        return _edited(kind, subject, now)
    if observed.error is not None:
        return _failed(kind, subject, observed, observed.error, now)
    if not observed.is_known and subject.region is not None:
        return Step(call=_call("Describe", kind, name))
    if observed.description is None:
        return _create(kind, subject, observed, now)
    return _follow(kind, subject, observed, observed.description, now)


def name_of(kind: JobKind, subject: Subject) -> str:
    """Return the job's name: as recorded, else as given, else as made.

    A later edit of the name starts no second job.
    """
    recorded = subject.status.get(kind.name_key)
    if isinstance(recorded, str) and recorded:
        return recorded
    (call,) = requests(subject)
    return str(call.parameters[kind.name_parameter])


def _call(verb: str, kind: JobKind, name: str) -> AwsCall:
    return AwsCall(f"{verb}{kind.noun}", {kind.name_parameter: name})


def _first(kind: JobKind, subject: Subject) -> Mapping[str, Any] | None:
    return None if subject.status else {kind.status_key: FIRST}


def _is_settled(kind: JobKind, subject: Subject) -> bool:
    """Whether nothing will change any more unless the object does."""
    if subject.status.get(kind.name_key):
        rules = subject.status.get("debugRuleEvaluationStatuses") or []
        running = any(each.get("ruleEvaluationStatus") == "InProgress" for each in rules)
        shown = kind.spawn is None or subject.condition(SYNCED).get("reason") == FINISHED
        return subject.status.get(kind.status_key) in TERMINAL and not running and shown
    failed = subject.condition(FAILED)
    is_of_now = failed.get("observedGeneration") == subject.generation
    return failed.get("status") == "True" and is_of_now


def _edited(kind: JobKind, subject: Subject, now: datetime) -> Step:
    """Say once that an edit of a job that was created changes nothing."""
    made_from = subject.observed_generation
    if not subject.status.get(kind.name_key) or made_from in {None, subject.generation}:
        return REST
    if subject.condition(SYNCED).get("observedGeneration") == subject.generation:
        return REST
    text = _ignored(subject)
    conditions = Conditions(subject, now).false(SYNCED, "EditIgnored", text)
    happening = Happening("EditIgnored", text, is_warning=True)
    return Step(status={**subject.status, "conditions": conditions.items}, happenings=(happening,))


def _ignored(subject: Subject) -> str:
    return (
        f"SageMaker made this job from generation {subject.observed_generation} of the object;"
        " a job cannot be changed, so later edits are ignored"
    )


def _create(kind: JobKind, subject: Subject, observed: Observed, now: datetime) -> Step:
    if subject.status.get(kind.name_key):
        text = "the job is gone from SageMaker; it is not started again"
        return _end(kind, subject, now, "Gone", text)
    if subject.is_spawned:
        return REST
    if observed.refused:
        texts = "\n".join(finding.sentence for finding in observed.refused)
        return _end(kind, subject, now, "Refused", texts)
    (call,) = requests(subject)
    return Step(call=call, is_judged=True)


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
    name, sense = name_of(kind, subject), meaning(error)
    if sense is Meaning.TAKEN or (sense is Meaning.ABSENT and error.operation != "Describe"):
        return Step(call=_call("Describe", kind, name), again=pause(error, observed.failures))
    if sense is Meaning.BAD:
        if error.operation.startswith("Describe") and not subject.status.get(kind.name_key):
            return _create(kind, subject, observed, now)  # no such name can be: judge says why
        return _end(kind, subject, now, error.code or "BadRequest", error.text)
    again = pause(error, observed.failures)
    if error.operation.startswith("Describe") and observed.failures < FLAPPING:
        return Step(again=again)
    conditions = Conditions(subject, now).false(SYNCED, error.code or "NoAnswer", error.text)
    status = {**subject.status, "conditions": conditions.items}
    if not subject.status.get(kind.name_key):
        status |= {kind.status_key: kind.reconciling, "additional": error.text}
    return Step(status=status, again=again)


def is_ours(subject: Subject, kind: JobKind, observed: Observed, name: str) -> bool | None:
    """Whether a job of our name is ours; None while that is to be asked.

    By the uid that a made name holds, by what an earlier status says, else by our tag.
    """
    if subject.status.get(kind.name_key) == name or subject.is_spawned:
        return True
    if subject.uid.replace("-", "") in name or (
        kind.noun == "HyperParameterTuningJob" and (name == subject.uid.replace("-", "")[:32])
    ):
        return True
    return None if observed.tags is None else observed.tags.get(UID_TAG) == subject.uid


def _follow(
    kind: JobKind,
    subject: Subject,
    observed: Observed,
    description: Mapping[str, Any],
    now: datetime,
) -> Step:
    name = name_of(kind, subject)
    ours = is_ours(subject, kind, observed, name)
    if ours is None:
        return Step(call=AwsCall("ListTags", {"ResourceArn": description[f"{kind.noun}Arn"]}))
    if not ours:
        text = f"SageMaker has a {kind.noun} {name!r} that is not this object's; give another name"
        return _end(kind, subject, now, "NameTaken", text)
    word = str(description[f"{kind.noun}Status"])
    conditions = Conditions(subject, now)
    reason = str(description.get("FailureReason", ""))
    conditions.set(READY, word, reason, holds=word == "Completed")
    conditions.set(FAILED, word, reason, holds=word == "Failed")
    made_from = subject.observed_generation or subject.generation
    shows = kind.spawn(subject, observed, name) if kind.spawn is not None else None
    if made_from == subject.generation:
        ended = word in TERMINAL and shows is None and kind.spawn is not None
        conditions.true(SYNCED, FINISHED if ended else "Created")
    else:
        conditions.false(SYNCED, "EditIgnored", _ignored(subject))
    status = {
        **subject.status,
        kind.status_key: word,
        kind.name_key: name,
        "additional": reason,
        **kind.mirror(subject, description),
        "observedGeneration": made_from,
        "conditions": conditions.items,
    }
    changed = word != subject.status.get(kind.status_key)
    happening = Happening(word, f"{name}: {reason or word}", is_warning=word == "Failed")
    happenings = (happening,) if changed else ()
    if shows is not None:
        return replace(shows, status=status, happenings=happenings)
    return Step(status=status, happenings=happenings, again=None if word in TERMINAL else SLOW)


def _delete(kind: JobKind, subject: Subject, observed: Observed, now: datetime) -> Step:
    if not subject.is_held:
        return REST
    if subject.is_abandoned or subject.is_spawned or subject.region is None:
        return Step(releases=True)
    name, error = name_of(kind, subject), observed.error
    if error is not None:
        return delete_failed(subject, error, observed, _call("Describe", kind, name), now)
    if not observed.is_known:
        return Step(call=_call("Describe", kind, name))
    if observed.description is None:
        return Step(releases=True)
    ours = is_ours(subject, kind, observed, name)
    if ours is None:
        arn = observed.description[f"{kind.noun}Arn"]
        return Step(call=AwsCall("ListTags", {"ResourceArn": arn}))
    word = str(observed.description[f"{kind.noun}Status"])
    if not ours or word in TERMINAL:
        return Step(releases=True)
    status = {**subject.status, kind.status_key: "Stopping"}
    if word == "Stopping":
        return Step(status=status, again=STOPPING)
    return Step(status=status, call=_call("Stop", kind, name))
