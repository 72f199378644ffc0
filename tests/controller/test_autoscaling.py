# SPDX-License-Identifier: Apache-2.0
"""Autoscaling: a target and a policy for each variant; nothing that AWS says is lost."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from controller.failure import AwsError
from controller.observed import Observed
from controller.step import AUTOSCALING, REST, AwsCall
from controller.subject import FINALIZER
from tests.controller.row import DELETED, after, failed, held, said
from tests.controller.sample import RESOURCE, sample
from tests.controller.test_job import REFUSAL
from tests.controller.world import Body, World, conditions, make

KIND = "HostingAutoscalingPolicy"
STATUS = "hostingAutoscalingPolicyStatus"
OTHER = {"endpointName": "endpoint-2", "variantName": "AllTraffic"}


def changes(world: World) -> list[str]:
    """Return the operations that change something, in order."""
    return [c.operation for c in world.cloud.calls if not c.operation.startswith("Describe")]


def settled(**spec: Any) -> tuple[World, Any]:
    """Return a world in which a policy is at rest."""
    world = World()
    body = sample(KIND)
    body["spec"] |= spec
    key = world.add(body)
    world.run(3)
    world.cloud.calls.clear()
    return world, key


def test_the_originals_defaults() -> None:
    """Of the policy, the dimension, the namespace and the suspension; the spec is left alone."""
    world = World()
    key = world.add(sample(KIND))
    before = dict(world.objects[key]["spec"])
    world.run(3)
    shared = {"ServiceNamespace": "sagemaker", "ResourceId": RESOURCE,
              "ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}  # fmt: skip
    off = dict.fromkeys(
        ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended"),
        False,
    )
    register, put = [c for c in world.cloud.calls if not c.operation.startswith("Describe")]
    assert register.parameters == {**shared, "MinCapacity": 1, "MaxCapacity": 4,
                                   "SuspendedState": off}  # fmt: skip
    assert put.parameters == {
        **shared, "PolicyName": "SageMakerEndpointInvocationScalingPolicy",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 60},
    }  # fmt: skip
    assert {register.service, put.service} == {AUTOSCALING}
    assert world.objects[key]["spec"] == before
    status = world.objects[key]["status"]
    assert (status[STATUS], status["resourceIDList"]) == ("Created", [RESOURCE])
    assert status["policyName"] == "SageMakerEndpointInvocationScalingPolicy"


def test_at_rest_nothing_is_sent() -> None:
    """Only looked at, and seldom."""
    world, _ = settled()
    world.run(3)
    assert changes(world) == []
    assert min(world.pauses) >= 1800


def test_what_differs_is_put_right() -> None:
    """Also when somebody has changed it in AWS."""
    world, _ = settled()
    world.cloud.things["Target", RESOURCE]["MaxCapacity"] = 9
    world.run(2)
    assert changes(world) == ["RegisterScalableTarget"]
    assert world.cloud.things["Target", RESOURCE]["MaxCapacity"] == 4


def test_what_is_taken_out_of_the_spec_is_taken_back() -> None:
    """A suspension, a cooldown: a field that is no longer there is no longer wanted."""
    config = {"targetValue": 60, "scaleInCooldown": 30}
    suspended = {"dynamicScalingInSuspended": True}
    world, key = settled(targetTrackingScalingPolicyConfiguration=config, suspendedState=suspended)
    del world.objects[key]["spec"]["suspendedState"]
    world.edit(key, targetTrackingScalingPolicyConfiguration={"targetValue": 60})
    world.run(2)
    assert changes(world) == ["RegisterScalableTarget", "PutScalingPolicy"]
    target = world.cloud.things["Target", RESOURCE]
    assert target["SuspendedState"]["DynamicScalingInSuspended"] is False
    (policy,) = [t for (k, _), t in world.cloud.things.items() if k == "Policy"]
    assert policy["TargetTrackingScalingPolicyConfiguration"] == {"TargetValue": 60}


def test_another_endpoint_and_another_name_leave_nothing_behind() -> None:
    """The policies and targets of before are taken away, after the new ones are there."""
    world, key = settled()
    world.edit(key, policyName="mine")
    world.run(2)
    names = [t["PolicyName"] for (k, _), t in world.cloud.things.items() if k == "Policy"]
    assert names == ["mine"]
    world.edit(key, resourceId=[OTHER])
    world.run(2)
    assert [n for k, n in world.cloud.things if k == "Target"] == [
        "endpoint/endpoint-2/variant/AllTraffic"
    ]
    assert world.objects[key]["status"]["policyName"] == "mine"


def test_an_edit_is_judged_against_what_was_sent() -> None:
    """As AWS has it; the first is judged alone."""
    world, key = settled()
    assert all(sent is None for _, sent in world.judged)
    world.judged.clear()
    world.edit(key, maxCapacity=9)
    world.run(2)
    (_, sent), *_ = world.judged
    assert sent["spec"]["maxCapacity"] == 4
    assert sent["spec"]["resourceId"] == world.objects[key]["spec"]["resourceId"]


@pytest.mark.parametrize(
    ("operation", "code", "message", "word"),
    [
        ("RegisterScalableTarget", "ValidationException", "Could not find endpoint", "Reconciling"),
        ("RegisterScalableTarget", "ValidationException", f"{RESOURCE} does not exist",
         "Reconciling"),
        ("RegisterScalableTarget", "ValidationException", f"Maximum below minimum: {RESOURCE}",
         "Error"),
        ("PutScalingPolicy", "ValidationException", "Unknown metric", "Error"),
        ("PutScalingPolicy", "LimitExceededException", "too many", "Reconciling"),
        ("PutScalingPolicy", "FailedResourceAccessException", "no access", "Reconciling"),
        ("DescribeScalableTargets", "InternalServiceException", "sorry", "Reconciling"),
    ],
)  # fmt: skip
def test_errors_are_shown_in_awss_words(operation: str, code: str, message: str, word: str) -> None:
    """An endpoint that is not ready yet is waited for; a bad request ends it."""
    step = after(held(KIND, {STATUS: "Reconciling"}), failed(operation, code, message, 3))
    assert (step.status or {})[STATUS] == word
    assert message in (step.status or {})["additional"]
    assert ((step.again or 0) >= 8, said(step)["Synced"][0]) == (word != "Error", "False")
    if word == "Error":
        assert after(held(KIND, dict(step.status or {}))) == REST


def test_a_refused_register_sends_no_put() -> None:
    """One after the other."""
    world = World()
    key = world.add(sample(KIND))
    world.cloud.refuse("RegisterScalableTarget", "ValidationException", "bad")
    world.run(4)
    assert changes(world) == ["RegisterScalableTarget"]
    assert conditions(world.objects[key])["Failed"]["status"] == "True"


@pytest.mark.parametrize(
    "spec",
    [
        {"region": "us-west-2", "resourceId": [{"endpointName": "e"}]},
        {"region": "us-west-2", "resourceId": [{"endpointName": "e", "variantName": "v"}, {}]},
        {"region": "us-west-2"},
    ],
)
def test_what_crashed_the_original_is_refused(spec: Body) -> None:
    """A resource without one of its names, or no resource: judged, and if need be AWS refuses."""
    body = make(KIND, spec, finalizers=[FINALIZER])
    step = after(body)
    assert step.call is not None
    assert ("ResourceId" in step.call.parameters, step.is_judged) == (False, True)
    assert said(after(body, Observed(refused=(REFUSAL,))))["Failed"] == ("True", "Refused")


def test_deletion_of_what_was_never_made() -> None:
    """Nothing is asked."""
    step = after(held(KIND, {STATUS: "Error"}, deletionTimestamp=DELETED))
    assert (step.call, step.releases) == (None, True)


def test_fifty_to_a_question() -> None:
    """Targets are described in batches, policies by resource."""
    many = [{"endpointName": f"e{i}", "variantName": "v"} for i in range(60)]
    world = World()
    world.add(make(KIND, {**sample(KIND)["spec"], "resourceId": many}))
    call = after(held(KIND, {}, {"resourceId": many})).call
    assert call is not None
    assert len(call.parameters["ResourceIds"]) == 50


def test_what_aws_shows_in_another_way_is_sent_once() -> None:
    """An empty list comes back as none: that is no difference to put right for ever."""
    world, body = World(), sample(KIND)
    body["spec"]["targetTrackingScalingPolicyConfiguration"] = {
        "targetValue": 60,
        "customizedMetricSpecification": {
            "metricName": "m", "namespace": "n", "statistic": "Average", "dimensions": [],
        },
    }  # fmt: skip
    put = world.cloud._PutScalingPolicy

    def drop_empty(call: AwsCall) -> Any:
        config = deepcopy(call.parameters["TargetTrackingScalingPolicyConfiguration"])
        assert config["CustomizedMetricSpecification"].pop("Dimensions") == []
        shown = {**call.parameters, "TargetTrackingScalingPolicyConfiguration": config}
        return put(replace(call, parameters=shown))

    world.cloud._PutScalingPolicy = drop_empty  # type: ignore[method-assign]
    key = world.add(body)
    world.run(1)
    assert world.cloud.count("PutScalingPolicy") == 1
    assert conditions(world.objects[key])["Ready"]["status"] == "True"
    world.run(3)
    assert world.cloud.count("PutScalingPolicy") <= 4


def test_a_policy_that_was_put_under_an_earlier_name_is_taken_away() -> None:
    """Though its answer was lost, and the name was edited before it was seen."""
    world, body = World(), sample(KIND)
    body["spec"]["policyName"] = "one"
    key, put = world.add(body), world.cloud._PutScalingPolicy

    def lose(call: AwsCall) -> Any:
        world.cloud._PutScalingPolicy = put  # type: ignore[method-assign]
        put(call)
        return AwsError(call.operation, "", "lost")

    world.cloud._PutScalingPolicy = lose  # type: ignore[method-assign]
    world.run(1)
    world.edit(key, policyName="two")
    world.run(4)
    policies = [name for kind, name in world.cloud.things if kind == "Policy"]
    assert policies == [f"{RESOURCE} two"]
    assert world.objects[key]["status"]["policyName"] == "two"
