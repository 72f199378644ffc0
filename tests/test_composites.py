# SPDX-License-Identifier: Apache-2.0
"""Kinds that become several calls: which, in what order, with which names and parameters."""

from __future__ import annotations

from typing import Any

import pytest

from schemas import Kind, find_kind
from tests.samples import completed
from tests.test_kinds import judge
from tests.test_requests import calls_of, complaints
from webhook.naming import generated_name
from webhook.request import name_of, request_of

ORIGINAL = "sagemaker.aws.amazon.com"
UID = "e06b46ed-02fe-46a2-8d99-e1c47820ddbb"
HEX = UID.replace("-", "")
NONE = "0" * 32


def kind_of(name: str, group: str = ORIGINAL) -> Kind:
    """Return a kind that is there."""
    found = find_kind(group, name)
    assert found is not None
    return found


def sample(name: str, group: str = ORIGINAL) -> dict[str, Any]:
    """Return a kind's sample, completed, as the API server stores it."""
    body = dict(completed(kind_of(name, group))[0].resource.body)
    body["metadata"] = {**body["metadata"], "uid": UID, "generation": 3}
    return body


@pytest.mark.parametrize(
    ("name", "limit", "made"),
    [
        ("xgboost-mnist", 63, f"xgboost-mnist-{HEX}"),
        ("a" * 40, 63, f"{'a' * 30}-{HEX}"),
        ("xgboost-mnist", 32, HEX),
        ("xgboost-mnist", 34, f"x-{HEX}"),
        ("xgboost-mnist", 33, HEX),
        ("xgboost-mnist", 20, HEX[:20]),
    ],
)
def test_names_are_cut_as_the_original_cut_them(name: str, limit: int, made: str) -> None:
    """The name first; the uid alone where not one character of the name fits."""
    assert generated_name(name, HEX, limit) == made
    assert len(made) <= limit


@pytest.mark.parametrize(
    ("kind", "operation", "name"),
    [
        ("TrainingJob", "CreateTrainingJob", f"xgboost-mnist-{HEX}"),
        ("ProcessingJob", "CreateProcessingJob", f"mnist-prepare-{HEX}"),
        ("BatchTransformJob", "CreateTransformJob", f"xgboost-mnist-batch-{HEX}"),
        ("HyperparameterTuningJob", "CreateHyperParameterTuningJob", HEX),
        ("Model", "CreateModel", f"xgboost-mnist-model-{HEX}"),
        ("EndpointConfig", "CreateEndpointConfig", f"xgboost-mnist-config-{HEX}"),
    ],
)
def test_the_originals_make_names(kind: str, operation: str, name: str) -> None:
    """Of name and uid; before there is a uid, one of the same length."""
    body = sample(kind)
    call = calls_of(body)[0]
    assert (call.operation, name_of(call), call.region) == (operation, name, "us-west-2")
    del body["metadata"]["uid"]
    assert name_of(calls_of(body)[0]) == name.replace(HEX, NONE)
    body["metadata"] = {"generateName": "run-"}
    found = name_of(calls_of(body)[0])
    assert found is not None
    assert found.endswith(NONE)
    assert found.startswith("run-00000-") or kind == "HyperparameterTuningJob"


def test_a_name_of_the_users_own_stands() -> None:
    """An empty one does not."""
    body = sample("TrainingJob")
    body["spec"]["trainingJobName"] = "mine"
    assert name_of(calls_of(body)[0]) == "mine"
    body["spec"]["trainingJobName"] = ""
    assert name_of(calls_of(body)[0]) == f"xgboost-mnist-{HEX}"


def test_acks_pipelines_get_a_token() -> None:
    """The API demands it, and the CRD has no place for it."""
    body = sample("PipelineExecution", "sagemaker.services.k8s.aws")
    assert request_of(calls_of(body)[0])["ClientRequestToken"] == HEX


def test_a_tuning_jobs_definitions_are_judged_as_training_jobs() -> None:
    """One, or many; they are judged, and not sent."""
    ack = "sagemaker.services.k8s.aws"
    body = sample("HyperParameterTuningJob", ack)
    definition = body["spec"].pop("trainingJobDefinition")
    names = ("first", "second")
    body["spec"]["trainingJobDefinitions"] = [{**definition, "definitionName": n} for n in names]
    own, *inner = calls_of(body)
    assert (own.operation, own.part_of) == ("CreateHyperParameterTuningJob", "")
    assert not complaints(own)
    assert [(c.operation, c.part_of, c.root["DefinitionName"].text) for c in inner] == [
        ("CreateTrainingJob", own.operation, name) for name in names
    ]


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        ("HyperparameterTuningJob", ORIGINAL),
        ("HyperParameterTuningJob", "sagemaker.services.k8s.aws"),
    ],
)
def test_rules_on_training_jobs_speak_of_definitions(kind: str, group: str) -> None:
    """At the place in the definition."""
    body = sample(kind, group)
    definition = body["spec"]["trainingJobDefinition"]
    del definition["algorithmSpecification"]["trainingImage"]
    definition["stoppingCondition"]["maxWaitTimeInSeconds"] = 5000
    del definition["resourceConfig"]["volumeSizeInGB"]
    where = "spec.trainingJobDefinition"
    assert {(finding.field, finding.rule) for finding in judge(body).denied} == {
        (f"{where}.algorithmSpecification.trainingImage", "SM230"),
        (f"{where}.stoppingCondition.maxWaitTimeInSeconds", "SM232"),
        (f"{where}.resourceConfig.volumeSizeInGB", "SM231"),
    }


def test_a_deployment_is_models_configuration_and_endpoint() -> None:
    """A sole container is the primary one; variants name models as AWS will know them."""
    body = sample("HostingDeployment")
    second = {
        "name": "chain",
        "executionRoleArn": "arn:aws:iam::123456789012:role/other",
        "primaryContainer": "first",
        "containers": [
            {
                "containerHostname": host,
                "image": body["spec"]["models"][0]["containers"][0]["image"],
            }
            for host in ("first", "second")
        ],
    }
    body["spec"]["models"].append(second)
    body["spec"]["retainAllVariantProperties"] = True
    calls = calls_of(body)
    assert all(not complaints(call) for call in calls)
    one, many, config, endpoint = (request_of(call) for call in calls)
    child = f"xgboost-model-3-{HEX}"[:30] + f"-{NONE}"
    assert [call.operation for call in calls] == [
        "CreateModel", "CreateModel", "CreateEndpointConfig", "CreateEndpoint",
    ]  # fmt: skip
    tags = [{"Key": "project", "Value": "mnist"}]
    assert one["ModelName"] == child
    assert one["PrimaryContainer"]["ContainerHostname"] == "xgboost"
    assert (one["Tags"], config["Tags"], endpoint["Tags"]) == (tags, tags, tags)
    assert [each["ContainerHostname"] for each in many["Containers"]] == ["first", "second"]
    assert "PrimaryContainer" not in many
    assert config["ProductionVariants"][0]["ModelName"] == child
    assert config["ProductionVariants"][0]["InstanceType"] == "ml.m5.large"
    assert endpoint == {
        "EndpointName": f"xgboost-mnist-{HEX}",
        "EndpointConfigName": config["EndpointConfigName"],
        "Tags": tags,
    }
    body["spec"]["endpointName"] = "mine"
    assert name_of(calls_of(body)[-1]) == "mine"


def test_shape_rules_speak_of_a_deployments_models_and_variants() -> None:
    """Image, instance type and role, each at its place."""
    body = sample("HostingDeployment")
    model, variant = body["spec"]["models"][0], body["spec"]["productionVariants"][0]
    model["containers"][0]["image"] = "811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1"
    model["executionRoleArn"] = "arn:aws-cn:iam::123456789012:role/x"
    variant["instanceType"] = "ml.m5.lage"
    found = {finding.field: finding.sentence for finding in judge(body).denied}
    assert "433757028032.dkr.ecr.us-west-2" in found["spec.models[0].containers[0].image"]
    assert "arn" in found["spec.models[0].executionRoleArn"]
    assert "ml.m5.large" in found["spec.productionVariants[0].instanceType"]
    assert len(found) == 3


def test_a_scaling_policy_is_two_calls_for_each_variant() -> None:
    """With the original's defaults."""
    body = sample("HostingAutoscalingPolicy")
    body["spec"]["resourceId"].append({"endpointName": "other", "variantName": "v"})
    for key in ("policyName", "policyType"):
        del body["spec"][key]
    calls = calls_of(body)
    assert all(not complaints(call) for call in calls)
    assert [(call.operation, request_of(call)["ResourceId"]) for call in calls] == [
        (operation, resource)
        for resource in ("endpoint/xgboost-mnist/variant/all-traffic", "endpoint/other/variant/v")
        for operation in ("RegisterScalableTarget", "PutScalingPolicy")
    ]
    target, policy = request_of(calls[0]), request_of(calls[1])
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 4)
    assert policy["PolicyName"] == "SageMakerEndpointInvocationScalingPolicy"
    assert policy["PolicyType"] == "TargetTrackingScaling"
    assert policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 60
    for request in (target, policy):
        assert request["ScalableDimension"] == "sagemaker:variant:DesiredInstanceCount"
        assert request["ServiceNamespace"] == "sagemaker"


def test_a_scaling_policy_without_a_variant_is_refused_not_crashed() -> None:
    """The original's manager died of it, of its lack of a configuration too."""
    body = sample("HostingAutoscalingPolicy")
    body["spec"]["resourceId"] = [{"endpointName": "xgboost-mnist"}]
    assert {f.field for f in judge(body).denied} == {"spec.resourceId[0].variantName"}
    del body["spec"]["resourceId"]
    assert {f.field for f in judge(body).denied} == {"spec.resourceId"}
