# SPDX-License-Identifier: Apache-2.0
"""The AWS requests that an object becomes: those that the gate judges, with our tag on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from controller.ownership import is_by_name
from controller.step import AUTOSCALING, SAGEMAKER, AwsCall
from controller.subject import UID_TAG, Subject
from webhook.extract import extract
from webhook.node import View
from webhook.request import request_of

MOST_TAGS: Final = 50
"""Tags that AWS takes; where the user has as many, the name alone says whose it is."""

TAGGED: Final = frozenset(
    {
        "CreateEndpoint",
        "CreateEndpointConfig",
        "CreateHyperParameterTuningJob",
        "CreateModel",
        "CreateProcessingJob",
        "CreateTrainingJob",
        "CreateTransformJob",
    }
)
SERVICE_OF: Final = {"RegisterScalableTarget": AUTOSCALING, "PutScalingPolicy": AUTOSCALING}


def requests(subject: Subject) -> list[AwsCall]:
    """Return the calls that the object becomes, in their order, with our tag."""
    resource = subject.resource
    view = View(resource.kind, resource.spec)
    calls = extract(resource, view, None, {}, None)
    found = [
        AwsCall(
            call.operation,
            tagged(call.operation, request_of(call), subject.uid),
            SERVICE_OF.get(call.operation, SAGEMAKER),
        )
        for call in calls
        if not call.part_of
    ]
    view.release()
    return found


def tagged(operation: str, parameters: Mapping[str, Any], uid: str) -> Mapping[str, Any]:
    """Return a request with the tag that says whose its result is, in place of another's."""
    tags = parameters.get("Tags") or []
    if operation not in TAGGED or not isinstance(tags, list):
        return parameters
    own = [tag for tag in tags if not (isinstance(tag, dict) and tag.get("Key") == UID_TAG)]
    if len(own) >= MOST_TAGS:
        return parameters
    return {**parameters, "Tags": [*own, {"Key": UID_TAG, "Value": uid}]}


def has_no_mark(call: AwsCall, subject: Subject, name: str) -> bool:
    """Whether nothing about a call's result would say that it is the subject's."""
    tags = call.parameters.get("Tags")
    mark = {"Key": UID_TAG, "Value": subject.uid}
    is_marked = isinstance(tags, list) and mark in tags
    is_full = isinstance(tags, list) and len(tags) >= MOST_TAGS
    return is_full and not is_marked and not is_by_name(subject, name)
