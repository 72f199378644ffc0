# SPDX-License-Identifier: Apache-2.0
"""What is particular to a kind of job, and the words of all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from controller.observed import Observed
from controller.request import MOST_TAGS
from controller.step import AwsCall, Step
from controller.subject import REQUESTED, UID_TAG, Subject
from webhook.naming import made_name

FIRST: Final = "SynchronizingK8sJobWithSageMaker"
"""The original's first word on every object."""

TERMINAL: Final = frozenset({"Completed", "Failed", "Stopped"})
STOPPABLE_NOT: Final = frozenset({"Stopping", "Deleting"})

SLOW: Final = 900.0
"""Seconds until a job is described although no List call has shown a change."""

STOPPING: Final = 30.0
"""The same while somebody waits for a job to stop."""

Mirror = Callable[[Subject, Mapping[str, Any]], Mapping[str, Any]]
Spawn = Callable[[Subject, Observed, str], Step | None]

FINISHED, SHOWING, GONE = "Finished", "Showing", "Gone"
"""Reasons of Synced on a job that ended: all of it is shown, not yet, or AWS has lost it."""

IGNORED: Final = "EditIgnored"

NO_ROOM: Final = (
    f"spec.tags has {MOST_TAGS} tags, as many as SageMaker takes, and the name is one of your own:"
    f" leave room for the tag {UID_TAG}, which says that what is made is this object's, or leave"
    " the name to be made"
)


@dataclass(frozen=True, slots=True)
class JobKind:
    """What is particular to a kind of job.

    `noun` is AWS's ("TrainingJob"); `status_key` and `name_key` are the original's status fields,
    `spec_name` the field that a made name is written back to, `reconciling` the original's word for
    an error that is tried again, `erring` where it has another for what only a person can mend;
    `mirror` gives the kind's further status fields, `spawn` the next step towards objects that show
    a part of it.
    """

    noun: str
    status_key: str
    name_key: str
    spec_name: str | None
    reconciling: str
    mirror: Mirror
    spawn: Spawn | None = None
    erring: str = ""

    @property
    def name_parameter(self) -> str:
        """The parameter that holds the name."""
        return f"{self.noun}Name"

    def name_of(self, subject: Subject) -> str:
        """Return the job's name: as recorded, else as requested, else as it is to be.

        A later edit of the name starts no second job.
        """
        return subject.noted(self.name_key) or subject.noted(REQUESTED) or self._wanted(subject)

    def _wanted(self, subject: Subject) -> str:
        given = subject.text(self.spec_name) if self.spec_name else None
        return given or made_name(f"Create{self.noun}", subject.resource)

    def is_elsewhere(self, subject: Subject) -> bool:
        """Whether the spec asks for another place or name than was requested."""
        return subject.is_elsewhere(self._wanted(subject))

    def call(self, verb: str, name: str) -> AwsCall:
        """Return a call that takes no more than the name."""
        return AwsCall(f"{verb}{self.noun}", {self.name_parameter: name})
