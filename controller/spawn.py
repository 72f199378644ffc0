# SPDX-License-Identifier: Apache-2.0
"""The training jobs of a tuning job, as objects of its own: shown, never created in AWS."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from controller.observed import Observed
from controller.step import AwsCall, Child, Step
from controller.subject import SPAWNED_BY, Subject
from schemas import Kind, find_kind
from webhook.spelling import spell

LIST: Final = "ListTrainingJobsForHyperParameterTuningJob"
PAGE: Final = 100

_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def spawn(subject: Subject, observed: Observed, name: str) -> Step | None:
    """Return the next step towards an object for each training job; None when all have one."""
    token, seen = "", set[str]()
    while token not in seen:
        seen.add(token)
        key = f"{LIST} {token}"
        page = observed.listed.get(key)
        if page is None:
            parameters = {"HyperParameterTuningJobName": name, "MaxResults": PAGE}
            more = {"NextToken": token} if token else {}
            return Step(call=AwsCall(LIST, {**parameters, **more}), keep=key)
        for job in _names(page):
            is_there = ("TrainingJob", child_name(job)) in observed.children
            if not is_there and observed.listed.get(_key(job)) != {}:  # which is gone from AWS
                return _make(subject, observed, job)
        token = page.get("NextToken") or ""
        if not token:
            break
    return None


def _names(page: Mapping[str, Any]) -> Iterator[str]:
    for summary in page.get("TrainingJobSummaries", ()):
        yield str(summary["TrainingJobName"])


def child_name(job: str) -> str:
    """Return the name of a training job's object: the same, where Kubernetes takes it."""
    if _NAME.fullmatch(job):
        return job
    digest = hashlib.sha256(job.encode()).hexdigest()[:8]
    return f"{re.sub('[^a-z0-9-]', '-', job.lower()).strip('-')}-{digest}"


def _key(job: str) -> str:
    return f"DescribeTrainingJob {job}"


def _make(subject: Subject, observed: Observed, job: str) -> Step:
    key = _key(job)
    description = observed.listed.get(key)
    if description is None:
        call = AwsCall("DescribeTrainingJob", {"TrainingJobName": job})
        return Step(call=call, keep=key)
    return Step(children=(Child("TrainingJob", child_name(job), _body(subject, description)),))


def _body(subject: Subject, description: Mapping[str, Any]) -> Mapping[str, Any]:
    kind = find_kind(subject.resource.kind.group, "TrainingJob")
    assert isinstance(kind, Kind)  # noqa: S101 - one of ours
    members = {child.member for child in kind.spec.fields.values()}
    spec = spell(kind.spec, {k: v for k, v in description.items() if k in members})
    return {
        "apiVersion": kind.api_version,
        "kind": kind.name,
        "metadata": {
            "annotations": {SPAWNED_BY: subject.name},
            "ownerReferences": [subject.owner],
        },
        "spec": {**spec, **subject.where},
    }
