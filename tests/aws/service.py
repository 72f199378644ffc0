# SPDX-License-Identifier: Apache-2.0
"""SageMaker in one region: which operation does what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.aws import endpoint, endpointconfig, job, model, processing, tag, training, transform
from tests.aws import tuning as tunings
from tests.aws.kind import ENDPOINT, KINDS, TUNING, Kind
from tests.aws.listing import SUMMARIES, cut, page, sorting
from tests.aws.refusal import Refusal
from tests.aws.registry import Registry, Resource
from tests.aws.shape import check, failures, service_model
from tests.aws.trial import objective

Answer = dict[str, Any] | None

MODULES: Final[Mapping[str, Any]] = {
    "TrainingJob": training,
    "HyperParameterTuningJob": tunings,
    "TransformJob": transform,
    "ProcessingJob": processing,
    "Model": model,
    "EndpointConfig": endpointconfig,
    "Endpoint": endpoint,
}
"""Each has create(registry, request, now) -> Resource and describe(registry, resource, now)."""


def answer(registry: Registry, operation: str, request: dict[str, Any], now: float) -> Answer:
    """Carry an operation out and return its answer, None where AWS sends an empty body.

    Raises Refusal. Every answer is held against botocore's model, so that a slip of this fake
    shows as one and not as a riddle in the client under test.
    """
    act = OPERATIONS.get(operation)
    if act is None:
        raise Refusal("UnknownOperationException", f"The fake has no {operation}")
    shapes = service_model().operation_model(operation)
    given = {key: value for key, value in request.items() if value is not None}
    check(shapes.input_shape, given)
    tunings.settle(registry, now)
    result = act(registry, given, now)
    tunings.settle(registry, now)
    if shapes.output_shape is None:
        return None
    result = _fitting(shapes.output_shape, result or {})
    if wrong := _slips(shapes.output_shape, result):
        raise AssertionError(f"the fake's own answer to {operation} is wrong: {'; '.join(wrong)}")
    return result


def _slips(shape: Any, result: Mapping[str, Any]) -> list[str]:
    try:
        return [each for each in failures(shape, result, "") if _counts(each)]
    except Refusal as refusal:
        return [refusal.message]


def _fitting(shape: Any, result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that a structure has: Describe echoes a request, and notes of ours."""
    return {key: value for key, value in result.items() if key in shape.members}


def _counts(failure: str) -> bool:
    """Tell a slip from what AWS itself does: no model artifacts before a job has completed."""
    return "null at 'modelArtifacts'" not in failure


def described(registry: Registry, resource: Resource, now: float) -> dict[str, Any]:
    """Return what Describe says about a resource."""
    return dict(MODULES[resource.kind.noun].describe(registry, resource, now))


def _create(kind: Kind) -> Callable[[Registry, dict[str, Any], float], Answer]:
    def create(registry: Registry, request: dict[str, Any], now: float) -> Answer:
        registry.check_free(kind, request[f"{kind.noun}Name"], now)
        made = MODULES[kind.noun].create(registry, request, now)
        registry.add(made)
        registry.created[kind.noun][made.name] += 1
        return {f"{kind.noun}Arn": made.arn}

    return create


def _describe(kind: Kind) -> Callable[[Registry, dict[str, Any], float], Answer]:
    def describe(registry: Registry, request: dict[str, Any], now: float) -> Answer:
        return described(registry, registry.find(kind, request[f"{kind.noun}Name"], now), now)

    return describe


def _list(kind: Kind) -> Callable[[Registry, dict[str, Any], float], Answer]:
    member = SUMMARIES.get(kind.noun, f"{kind.noun}Summaries")

    def list_(registry: Registry, request: dict[str, Any], now: float) -> Answer:
        shape = service_model().operation_model(f"List{kind.noun}s").output_shape
        summary = shape.members[member].member
        chosen, token = page(kind, request, registry.all(kind, now), now)
        listed = [_fitting(summary, described(registry, each, now)) for each in chosen]
        return {member: listed} | ({"NextToken": token} if token else {})

    return list_


def _stop(kind: Kind) -> Callable[[Registry, dict[str, Any], float], Answer]:
    def stop(registry: Registry, request: dict[str, Any], now: float) -> Answer:
        found = registry.get(kind, name := request[f"{kind.noun}Name"], now)
        if found is None:
            raise kind.not_stoppable(registry.region, name)
        (tunings if kind is TUNING else job).stop(found, now)
        return None

    return stop


def _delete(kind: Kind) -> Callable[[Registry, dict[str, Any], float], Answer]:
    """Delete at once, in use or not: AWS asks not to, and does not check."""

    def delete(registry: Registry, request: dict[str, Any], now: float) -> Answer:
        registry.remove(registry.find(kind, request[f"{kind.noun}Name"], now))
        return None

    return delete


def _list_trials(registry: Registry, request: dict[str, Any], now: float) -> Answer:
    """List the training jobs of one tuning job; by name unless asked otherwise."""
    found = registry.find(TUNING, request["HyperParameterTuningJobName"], now)
    status, field = request.get("StatusEquals"), request.get("SortBy", "Name")
    children = [c for c in found.children if status in {None, c.timeline.at(now).status}]
    order = sorting(field, now)
    if field == "FinalObjectiveMetricValue":  # those without one are not listed (the reference)
        children = [child for child in children if objective(child, now) is not None]
        order = lambda child: ((objective(child, now) or {})["Value"], child.name)  # noqa: E731
    chosen, token = cut(children, request, order, "Ascending")
    listed = [tunings.summary(child, now) for child in chosen]
    return {"TrainingJobSummaries": listed} | ({"NextToken": token} if token else {})


OPERATIONS: Final[Mapping[str, Callable[[Registry, dict[str, Any], float], Answer]]] = {
    **{f"Create{noun}": _create(kind) for noun, kind in KINDS.items()},
    **{f"Describe{noun}": _describe(kind) for noun, kind in KINDS.items()},
    **{f"List{noun}s": _list(kind) for noun, kind in KINDS.items()},
    **{f"Stop{noun}": _stop(kind) for noun, kind in KINDS.items() if noun.endswith("Job")},
    **{f"Delete{noun}": _delete(KINDS[noun]) for noun in ("Model", "EndpointConfig")},
    f"Delete{ENDPOINT.noun}": endpoint.delete,
    f"Update{ENDPOINT.noun}": endpoint.update,
    "ListTrainingJobsForHyperParameterTuningJob": _list_trials,
    "AddTags": tag.add,
    "ListTags": tag.list_,
}
"""What the fake knows of SageMaker."""
