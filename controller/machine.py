# SPDX-License-Identifier: Apache-2.0
"""The state machine of each kind: `step(subject, observed, now)`, pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from controller import artifact, autoscaling, hosting, job
from controller.artifact import ARTIFACTS
from controller.jobs import JOBS
from controller.observed import Observed
from controller.step import Step
from controller.subject import Subject


def step(subject: Subject, observed: Observed, now: datetime) -> Step:
    """Return what is to be done next for an object of any kind of ours."""
    if subject.kind in JOBS:
        return job.step(JOBS[subject.kind], subject, observed, now)
    if subject.kind in ARTIFACTS:
        return artifact.step(ARTIFACTS[subject.kind], subject, observed, now)
    if subject.kind == "HostingDeployment":
        return hosting.step(subject, observed, now)
    return autoscaling.step(subject, observed, now)


_STATE_KEY: Final = {
    **{kind: job.status_key for kind, job in JOBS.items()},
    "HostingDeployment": "endpointStatus",
    "HostingAutoscalingPolicy": autoscaling.STATUS,
}


def state(subject: Subject) -> str:
    """Return the word of the status that says where an object is, "" before there is one."""
    return str(subject.status.get(_STATE_KEY.get(subject.kind, "status"), ""))
