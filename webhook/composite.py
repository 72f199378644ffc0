# SPDX-License-Identifier: Apache-2.0
"""The kinds that become more than one call: one function each, and the table of them.

A function is given a call with the kind's whole spec as its root, and returns the calls that the
controller will make, in their order. The members of a spec that two calls share are told apart by
`Call.members`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from webhook.call import Call
from webhook.naming import (
    NO_UID,
    generated_name,
    generation,
    made_name,
    object_name,
    object_uid,
)
from webhook.node import Node
from webhook.spelling import unspell

Split = Callable[[Call], tuple[Call, ...]]
Make = Callable[[], Mapping[str, Any]]

OF_ENDPOINT: Final = frozenset({"EndpointName", "Tags"})
OF_CONFIG: Final = frozenset(
    {
        "AsyncInferenceConfig",
        "CrossRegionTrafficConfig",
        "ExplainerConfig",
        "KmsKeyId",
        "MetricsConfig",
        "Tags",
    }
)
OF_MODEL: Final = frozenset(
    {"EnableNetworkIsolation", "ExecutionRoleArn", "InferenceExecutionConfig", "VpcConfig"}
)
OF_TARGET: Final = frozenset({"MaxCapacity", "MinCapacity", "SuspendedState"})
OF_POLICY: Final = frozenset(
    {"PredictiveScalingPolicyConfiguration", "TargetTrackingScalingPolicyConfiguration"}
)

TARGET_DEFAULTS: Final = {
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    "ServiceNamespace": "sagemaker",
}
POLICY_DEFAULTS: Final = {
    **TARGET_DEFAULTS,
    "PolicyName": "SageMakerEndpointInvocationScalingPolicy",
    "PolicyType": "TargetTrackingScaling",
}
"""What the original fills in."""


def tuning_job(call: Call) -> tuple[Call, ...]:
    """One call; each training definition is judged as the training job that it will become."""
    definitions = (call.root["TrainingJobDefinition"], *call.root["TrainingJobDefinitions"].items)
    job = replace(call, operation="CreateTrainingJob", part_of=call.operation, make=None)
    return (call, *(replace(job, root=each) for each in definitions if each.present))


def hosting_deployment(call: Call) -> tuple[Call, ...]:
    """A model each, then the configuration, then the endpoint. Models are known by aliases."""
    root, resource = call.root, call.resource

    def child(name: str) -> str:
        own = f"{name}-{generation(resource)}-{object_uid(resource)}"
        return generated_name(own, NO_UID)

    def make_config() -> Mapping[str, Any]:
        variants = {
            member: _with_models(unspell(root[member].field, root[member].value), child)
            for member in ("ProductionVariants", "ShadowProductionVariants")
            if root[member].present
        }
        return {"EndpointConfigName": child(object_name(resource)), **variants}

    def make_endpoint() -> Mapping[str, Any]:
        given = root["EndpointName"].text
        made = {"EndpointConfigName": child(object_name(resource))}
        return made if given else {**made, "EndpointName": made_name("CreateEndpoint", resource)}

    models = [
        replace(
            call,
            operation="CreateModel",
            root=model,
            members=OF_MODEL,
            make=_model_maker(call, model, child),
        )
        for model in root["Models"].items
    ]
    config = replace(call, operation="CreateEndpointConfig", members=OF_CONFIG, make=make_config)
    endpoint = replace(call, operation="CreateEndpoint", members=OF_ENDPOINT, make=make_endpoint)
    return (*models, config, endpoint)


def _model_maker(call: Call, model: Node, child: Callable[[str], str]) -> Make:
    def make() -> Mapping[str, Any]:
        made: dict[str, Any] = {"ModelName": child(model["Name"].text or "")}
        tags, containers = call.root["Tags"], model["Containers"]
        if tags.present:
            made["Tags"] = unspell(tags.field, tags.value)
        values = unspell(containers.field, containers.value) if containers.present else []
        if len(values) == 1:
            made["PrimaryContainer"] = values[0]
        elif values:
            made["Containers"] = values
        return made

    return make


def _with_models(variants: Any, child: Callable[[str], str]) -> Any:
    """Return variants that name models as AWS knows them, for those that name an alias."""
    if not isinstance(variants, list):
        return variants
    return [
        {**variant, "ModelName": child(variant["ModelName"])}
        if isinstance(variant, dict) and isinstance(variant.get("ModelName"), str)
        else variant
        for variant in variants
    ]


def hosting_autoscaling_policy(call: Call) -> tuple[Call, ...]:
    """A target and a policy for each variant of an endpoint."""
    root = call.root

    def maker(defaults: Mapping[str, str], ids: Mapping[str, Any]) -> Make:
        return lambda: {**ids, **{name: root[name].value or d for name, d in defaults.items()}}

    target = replace(call, operation="RegisterScalableTarget", members=OF_TARGET)
    policy = replace(call, operation="PutScalingPolicy", members=OF_POLICY)
    every = [_resource_id(item) for item in root["ResourceIds"].items] or [{}]
    return tuple(
        replace(each, make=maker(defaults, ids))
        for ids in every
        for each, defaults in ((target, TARGET_DEFAULTS), (policy, POLICY_DEFAULTS))
    )


def _resource_id(item: Node) -> Mapping[str, Any]:
    endpoint, variant = item["EndpointName"].text, item["VariantName"].text
    return {"ResourceId": f"endpoint/{endpoint}/variant/{variant}"} if endpoint and variant else {}


SPLITS: Final[Mapping[str, Split]] = {
    "HyperParameterTuningJob": tuning_job,
    "HyperparameterTuningJob": tuning_job,
    "HostingDeployment": hosting_deployment,
    "HostingAutoscalingPolicy": hosting_autoscaling_policy,
}
"""Kind -> its function; every other kind is one call."""
