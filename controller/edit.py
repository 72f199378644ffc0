# SPDX-License-Identifier: Apache-2.0
"""What is said of an edit of a job that was made: it changes nothing, and is not passed over."""

from __future__ import annotations

from datetime import datetime

from controller.condition import SYNCED, Conditions
from controller.jobkind import IGNORED, SHOWING
from controller.step import REST, Happening, Step
from controller.subject import Subject


def edited(subject: Subject, now: datetime, *, is_made: bool) -> Step:
    """Say once that an edit of a job that was created changes nothing."""
    made_from = subject.observed_generation
    if not is_made or made_from in {None, subject.generation}:
        return REST
    if subject.said(SYNCED):
        return REST
    text = ignored(subject)
    conditions = Conditions(subject, now).false(SYNCED, IGNORED, text)
    happening = Happening(IGNORED, text, is_warning=True)
    return Step(status={**subject.status, "conditions": conditions.items}, happenings=(happening,))


def ignored(subject: Subject) -> str:
    """Return what is said of an edit."""
    return (
        f"SageMaker made this job from generation {subject.observed_generation} of the object;"
        " a job cannot be changed, so later edits are ignored"
    )


def warning(subject: Subject) -> tuple[Happening, ...]:
    """Say once that an edit of a running job is ignored."""
    is_edited = subject.observed_generation not in {None, subject.generation}
    if not is_edited or subject.said(SYNCED) in {IGNORED, SHOWING}:
        return ()
    return (Happening(IGNORED, ignored(subject), is_warning=True),)
