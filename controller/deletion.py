# SPDX-License-Identifier: Apache-2.0
"""What follows an error on an object's way out: nothing holds an object for ever."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from controller.condition import SYNCED, Conditions
from controller.failure import AwsError, Meaning, is_news, meaning, pause
from controller.observed import Observed
from controller.step import Happening, Step
from controller.subject import ABANDON, ON_DELETE, Subject

GRACE: Final = timedelta(minutes=10)
"""How long a deletion waits for what only a person can mend: credentials, permissions, requests."""

REMEDY: Final = f"to delete it here and leave AWS as it is: annotate it {ON_DELETE}={ABANDON}"


def delete_failed(
    subject: Subject, error: AwsError, observed: Observed, now: datetime, *, is_made: bool
) -> Step:
    """Return the next step of a deletion whose last call failed.

    `is_made`: its status says that there was something in AWS.

    What AWS refuses may be over meanwhile, or not ready: it is asked again, for a while. Where AWS
    gives no answer, what may have been made is waited for: it may cost money.
    """
    sense = meaning(error)
    if sense is Meaning.BAD and error.operation.startswith("Describe") and not is_made:
        return Step(releases=True)  # no such thing can be
    is_late = now - (subject.deleted_at or now) > GRACE
    is_new = not is_made and subject.observed_generation is None  # no Create was ever sent
    is_silent = is_new and not error.code
    if is_late and (is_silent or sense in {Meaning.BLOCKED, Meaning.BAD, Meaning.TAKEN}):
        text = f"deleted here and left as it is in AWS, after {GRACE}: {error.text}"
        return Step(happenings=(Happening("Abandoned", text, is_warning=True),), releases=True)
    again = pause(error, observed.failures)
    if not is_news(error, observed.failures):
        return Step(again=again)
    text = f"{error.text}; {REMEDY}"
    conditions = Conditions(subject, now).false(SYNCED, error.code or "NoAnswer", text)
    status = {**subject.status, "additional": text, "conditions": conditions.items}
    return Step(status=status, again=again)
