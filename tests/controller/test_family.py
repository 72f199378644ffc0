# SPDX-License-Identifier: Apache-2.0
"""What a deployment's children are made of, and what its endpoint is told of an update."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from controller.observed import Observed
from controller.step import Step
from tests.controller.row import NOW, after, held, said
from tests.controller.sample import ROLE, container, variant
from tests.controller.test_hosting import KIND, MADE, child, seen
from tests.controller.world import Body

TAGS = [{"key": "team", "value": "ml"}]
PLACE = {"region": "us-west-2", "sageMakerEndpoint": "https://vpce.example.com"}
NETWORK = {"securityGroupIds": ["sg-1"], "subnets": ["subnet-1"]}


def made(step: Step) -> dict[str, Any]:
    """Return the spec of the one child that is made."""
    (one,) = step.children
    assert one.body is not None
    spec: dict[str, Any] = one.body["spec"]
    return spec


@pytest.mark.parametrize(
    ("containers", "expected"),
    [
        ([container()], {"primaryContainer": container()}),
        ([container(), container("b")], {"containers": [container(), container("b")]}),
    ],
)
def test_a_model(containers: list[Body], expected: Body) -> None:
    """A sole container is the primary one, of several `primaryContainer` says nothing."""
    model = {"executionRoleArn": ROLE, "vpcConfig": NETWORK, "enableNetworkIsolation": True}
    whole = {**model, "name": "xgboost", "primaryContainer": "first", "containers": containers}
    step = after(held(KIND, None, {**PLACE, "tags": TAGS, "models": [whole]}))
    assert made(step) == {**PLACE, "tags": TAGS, **model, **expected}


def test_a_configuration() -> None:
    """The variants with their models as AWS knows them, the key, the tags and the place."""
    spec = {**PLACE, "tags": TAGS, "kmsKeyId": "key"}
    ready = Observed(children=dict([child("Model", "xgboost", 2)]))
    step = after(held(KIND, None, spec), ready)
    variants = [{**variant(), "modelName": "xgboost2"}]
    assert made(step) == {**spec, "productionVariants": variants}


@pytest.mark.parametrize(
    ("second", "text"),
    [
        ({"name": "xgboost"}, "name 'xgboost': another model's object has its name"),
        ({"name": "XGBoost"}, "name 'XGBoost': another model's object has its name"),
        (None, "spec.productionVariants: modelName 'xgbost' is no name of spec.models"),
    ],
)
def test_each_variant_gets_the_model_that_it_names(second: Body | None, text: str) -> None:
    """Two models of one object, or a variant of none: said, before anything is made."""
    body = held(KIND)
    spec = body["spec"]
    if second is None:
        spec["productionVariants"][0]["modelName"] = "xgbost"
    else:
        spec["models"].append({**spec["models"][0], **second})
    step = after(body)
    assert (step.children, step.call, said(step)["Failed"]) == ((), None, ("True", "BadName"))
    assert text in (step.status or {})["additional"]


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({}, {}),
        ({"retainAllVariantProperties": False}, {"RetainAllVariantProperties": False}),
        (
            {
                "retainAllVariantProperties": True,
                "excludeRetainedVariantProperties": [{"variantPropertyType": "DesiredWeight"}],
            },
            {
                "RetainAllVariantProperties": True,
                "ExcludeRetainedVariantProperties": [{"VariantPropertyType": "DesiredWeight"}],
            },
        ),
    ],
)
def test_an_update_is_told_what_to_retain(spec: Body, told: Body) -> None:
    """And nothing that nobody wrote."""
    call = after(held(KIND, MADE, spec), seen("InService", "mnist1")).call
    assert call is not None
    assert call.operation == "UpdateEndpoint"
    names = {"EndpointName", "EndpointConfigName"}
    assert {k: v for k, v in call.parameters.items() if k not in names} == told


IMAGE = {"specifiedImage": "i:1", "resolvedImage": "i@sha256:1",
         "resolutionTime": "2026-01-01T12:00:00Z"}  # fmt: skip
SHOWN = {
    "VariantName": "v", "CurrentInstanceCount": 1, "DesiredInstanceCount": 2,
    "CurrentWeight": 1.9, "DesiredWeight": 2.0,
    "DeployedImages": [
        {"SpecifiedImage": "i:1", "ResolvedImage": "i@sha256:1", "ResolutionTime": NOW},
    ],
}  # fmt: skip


def test_the_status_has_the_originals_fields() -> None:
    """Of each variant counts, whole weights and images; AWS's reason in a field of its own."""
    more = {"FailureReason": "why", "ProductionVariants": [SHOWN]}
    status = after(held(KIND, MADE), seen("Failed", "mnist2", **more)).status or {}
    assert status["productionVariants"] == [{
        "variantName": "v", "currentInstanceCount": 1, "desiredInstanceCount": 2,
        "currentWeight": 1, "desiredWeight": 2, "deployedImages": [IMAGE],
    }]  # fmt: skip
    assert {
        type(status["productionVariants"][0][f"{w}Weight"]) for w in ("current", "desired")
    } == {int}
    assert (status["failureReason"], status["endpointConfigName"]) == ("why", "mnist2")
    assert status["modelNames"] == [{"name": "xgboost", "value": "xgboost2"}]


def test_the_names_of_models_are_in_the_specs_order() -> None:
    """However the cluster lists them."""
    body = held(KIND, MADE)
    spec = body["spec"]
    spec["models"] = [{**spec["models"][0], "name": name} for name in ("b", "xgboost", "a")]
    children = dict(child("Model", name, 2) for name in ("a", "b"))
    observed = seen("InService")
    both = Observed(observed.description, is_known=True, children={**observed.children, **children})
    names = [each["name"] for each in (after(body, both).status or {})["modelNames"]]
    assert names == ["b", "xgboost", "a"]


def test_the_last_check_is_the_last_that_brought_something() -> None:
    """Or the status would be written at every look."""
    status = dict(after(held(KIND, MADE), seen("InService")).status or {})
    assert status["lastCheckTime"] == "2026-01-01T12:00:00Z"
    again = after(held(KIND, status), seen("InService"), NOW + timedelta(hours=1)).status or {}
    assert again["lastCheckTime"] == status["lastCheckTime"]
    later = after(held(KIND, status), seen("Updating"), NOW + timedelta(hours=1)).status or {}
    assert later["lastCheckTime"] == "2026-01-01T13:00:00Z"


@pytest.mark.parametrize(
    ("region", "suffix"), [("us-east-2", "amazonaws.com"), ("cn-north-1", "amazonaws.com.cn")]
)
def test_the_url_is_of_the_partition(region: str, suffix: str) -> None:
    """Where requests are sent."""
    body = held(KIND, {}, {"region": region})
    status = after(body, seen("InService")).status or {}
    start = f"https://runtime.sagemaker.{region}.{suffix}/endpoints/"
    assert status["endpointUrl"] == f"{start}{status['endpointName']}/invocations"
