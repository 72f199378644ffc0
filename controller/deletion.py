# SPDX-License-Identifier: Apache-2.0
"""What follows an error on an object's way out: nothing holds an object for ever."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from controller.condition import SYNCED, Conditions
from controller.failure import FLAPPING, AwsError, Meaning, meaning, pause
from controller.observed import Observed
from controller.step import AwsCall, Happening, Step
from controller.subject import Subject

GRACE: Final = timedelta(minutes=10)
"""How long a deletion waits for somebody to mend credentials or permissions."""


def delete_failed(
    subject: Subject, error: AwsError, observed: Observed, describe: AwsCall, now: datetime
) -> Step:
    """Return the next step of a deletion whose last call failed; `describe` asks anew."""
    sense = meaning(error)
    if sense is Meaning.ABSENT:
        return Step(releases=True)
    if sense is Meaning.BAD and error.operation == describe.operation:
        return Step(releases=True)  # no such thing can be
    if sense is Meaning.BLOCKED and now - (subject.deleted_at or now) > GRACE:
        text = f"deleted here and left as it is in AWS, after {GRACE}: {error.text}"
        return Step(happenings=(Happening("Abandoned", text, is_warning=True),), releases=True)
    if sense in {Meaning.BAD, Meaning.TAKEN} and observed.failures < FLAPPING:
        return Step(call=describe)  # it ended meanwhile, or is not ready to be deleted
    conditions = Conditions(subject, now).false(SYNCED, error.code or "NoAnswer", error.text)
    status = {**subject.status, "additional": error.text, "conditions": conditions.items}
    return Step(status=status, again=pause(error, observed.failures))
