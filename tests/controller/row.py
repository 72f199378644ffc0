# SPDX-License-Identifier: Apache-2.0
"""What tables are made of: an object as it is, what is observed, and the step that follows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from controller import machine
from controller.failure import AwsError
from controller.observed import Observed
from controller.step import Step
from controller.subject import FINALIZER
from tests.controller.sample import sample
from tests.controller.world import Body, subject_of

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
DELETED = "2026-01-01T11:59:00Z"
LONG_DELETED = "2026-01-01T11:00:00Z"
NOTHING = Observed()
ABSENT = Observed(is_known=True)


NAMES = {
    "TrainingJob": "trainingJobName",
    "HyperparameterTuningJob": "hyperParameterTuningJobName",
    "BatchTransformJob": "transformJobName",
}


def held(kind: str, status: Body | None = None, spec: Body | None = None, **meta: Any) -> Body:
    """Return an object that holds our finalizer and, where it has such a field, its name."""
    body = sample(kind, **{"finalizers": [FINALIZER], "generation": 2, **meta})
    named = {NAMES[kind]: after(sample(kind)).spec[NAMES[kind]]} if kind in NAMES else {}
    body["spec"] |= {**named, **(spec or {})}
    return body if status is None else {**body, "status": status}


def there(**description: Any) -> Observed:
    """Return that AWS has this."""
    return Observed(description=description, is_known=True)


def failed(operation: str, code: str, message: str = "no", failures: int = 1) -> Observed:
    """Return that a call failed."""
    status = 400 if code else 0
    return Observed(error=AwsError(operation, code, message, status), failures=failures)


def after(body: Body, observed: Observed = NOTHING, now: datetime = NOW) -> Step:
    """Return the next step."""
    return machine.step(subject_of(body), observed, now)


def said(step: Step) -> dict[str, tuple[str, str]]:
    """Return the conditions of a step: status and reason by type."""
    status = step.status or {}
    return {c["type"]: (c["status"], c["reason"]) for c in status.get("conditions", ())}


def condition(type_: str, status: str, reason: str, generation: int = 2) -> Body:
    """Return a condition as a status has it."""
    return {
        "type": type_,
        "status": status,
        "reason": reason,
        "observedGeneration": generation,
        "lastTransitionTime": "2025-12-31T00:00:00Z",
        "message": "as it was",
    }
