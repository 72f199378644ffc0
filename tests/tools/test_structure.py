# SPDX-License-Identifier: Apache-2.0
"""The CRDs' structure: what the original and ACK have, no more and no less."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from schemas import Field, find_kind
from tests.gateprocess import ROOT
from tools.data import load_data

ORIGINAL: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("original.yaml").read_text())

ACK = {
    "App": 15, "DataQualityJobDefinition": 52, "Domain": 175, "Endpoint": 30,
    "EndpointConfig": 58, "FeatureGroup": 37, "HyperParameterTuningJob": 216,
    "InferenceComponent": 22, "LabelingJob": 50, "Model": 53, "ModelBiasJobDefinition": 49,
    "ModelExplainabilityJobDefinition": 47, "ModelPackage": 173, "ModelPackageGroup": 5,
    "ModelQualityJobDefinition": 53, "MonitoringSchedule": 60, "NotebookInstance": 18,
    "NotebookInstanceLifecycleConfig": 8, "Pipeline": 10, "PipelineExecution": 13,
    "ProcessingJob": 72, "Project": 20, "Space": 68, "TrainingJob": 111, "TransformJob": 38,
    "UserProfile": 87,
}  # fmt: skip
"""Properties of spec in the CRDs of the controller's release 1.9.1, counted there."""


def properties(schema: dict[str, Any]) -> Iterator[str]:
    """Yield every property below a schema, items of lists included."""
    for key, child in schema.get("properties", {}).items():
        yield key
        yield from properties(child)
    if isinstance(schema.get("items"), dict):
        yield from properties(schema["items"])


@cache
def crd_of(kind: str, *, ack: bool = False) -> dict[str, Any]:
    """Return the schema of spec in a kind's CRD."""
    folder = "tests/controlplane/crds" if ack else "manifests/crds"
    for path in (ROOT / folder).glob("*.yaml"):
        crd = yaml.safe_load(path.read_text())["spec"]
        if crd["names"]["kind"] == kind:
            served = crd["versions"][0]["schema"]["openAPIV3Schema"]
            spec: dict[str, Any] = served["properties"]["spec"]
            return spec
    raise AssertionError(f"there is no CRD of {kind}")


def test_acks_kinds_are_the_controllers() -> None:
    """26 kinds, 1,540 properties."""
    assert set(load_data("kinds.toml")["ack"]) == set(ACK)
    assert (len(ACK), sum(ACK.values())) == (26, 1540)


@pytest.mark.parametrize(("kind", "count"), ACK.items())
def test_acks_structure_is_the_controllers(kind: str, count: int) -> None:
    """As many properties as its own CRD has, in our schema of it too; only the top demands."""
    spec = crd_of(kind, ack=True)
    assert len(list(properties(spec))) == count
    found = find_kind("sagemaker.services.k8s.aws", kind)
    assert found is not None
    assert len(list(properties(found.schema["properties"]["spec"]))) == count
    nested = [child for child in spec["properties"].values() if "required" in child]
    assert not nested


def test_acks_required_lists_are_the_controllers() -> None:
    """Of the first and the last kinds, and of those that leave a token to the controller."""
    assert crd_of("TrainingJob", ack=True)["required"] == sorted(
        ["algorithmSpecification", "outputDataConfig", "resourceConfig", "roleARN",
         "stoppingCondition", "trainingJobName"]
    )  # fmt: skip
    assert crd_of("Pipeline", ack=True)["required"] == ["pipelineName", "roleARN"]
    assert crd_of("PipelineExecution", ack=True)["required"] == ["pipelineName"]
    assert "required" not in crd_of("ModelPackage", ack=True)


def places(original: Any, crd: dict[str, Any], path: str) -> Iterator[tuple[str, str, Any]]:
    """Yield each place of the original with its type, and with what our CRD has there."""
    if isinstance(original, dict):
        yield path, "object", crd
        for key, child in original.items():
            name = key.removesuffix("!")
            yield from places(child, crd.get("properties", {}).get(name, {}), f"{path}.{name}")
    elif isinstance(original, list):
        yield path, "array", crd
        yield from places(original[0], crd.get("items", {}), f"{path}[]")
    elif original == "pairs":
        pair = {"name": "string", "value": "string"}
        yield from places([pair], crd, path)
    else:
        yield path, original, crd


@pytest.mark.parametrize("kind", ORIGINAL)
def test_every_field_of_2021_keeps_name_and_type(kind: str) -> None:
    """A manifest that was valid stays valid."""
    found = list(places(ORIGINAL[kind], crd_of(kind), "spec"))
    assert len(found) > 10
    wrong = [(path, type_) for path, type_, crd in found if crd.get("type") != type_]
    assert not wrong


def demanded(original: Any, crd: dict[str, Any], path: str) -> Iterator[tuple[str, set[str]]]:
    """Yield what our CRD demands beyond the original, structure by structure."""
    if isinstance(original, dict):
        then = {key.removesuffix("!") for key in original if key.endswith("!")}
        known = {key.removesuffix("!") for key in original}
        yield path, (set(crd.get("required", ())) & known) - then
        yield path, set(crd.get("required", ())) - known
        for key, child in original.items():
            name = key.removesuffix("!")
            yield from demanded(child, crd["properties"][name], f"{path}.{name}")
    elif isinstance(original, list):
        yield from demanded(original[0], crd["items"], f"{path}[]")


@pytest.mark.parametrize("kind", ORIGINAL)
def test_nothing_is_demanded_that_was_not(kind: str) -> None:
    """A CRD's `required` cannot grow: it would lock stored objects."""
    assert not [(path, more) for path, more in demanded(ORIGINAL[kind], crd_of(kind), "") if more]


EXCEPTIONS = load_data("legacy.toml")


def parent(path: str) -> tuple[Field, str]:
    """Return the structure that an exception's path ends in, and the last member."""
    kind, *steps = path.removesuffix("[]").split(".")
    found = find_kind("sagemaker.aws.amazon.com", kind)
    assert found is not None
    place = found.spec
    for step in steps[:-1]:
        place = {child.member: child for child in place.fields.values()}[step.removesuffix("[]")]
        if step.endswith("[]"):
            assert place.item is not None
            place = place.item
    return place, steps[-1]


def test_what_the_original_left_out_stays_out() -> None:
    """It would be dropped by its controllers; and each entry speaks of something."""
    for path in EXCEPTIONS["left_out"]:
        place, member = parent(path)
        assert member in place.absent.values(), path


def test_every_exception_speaks_of_a_field() -> None:
    """One that no longer does is to be deleted; each has its reason."""
    for table in ("renamed", "optional", "open_in_crd", "demanded", "bounds"):
        for path, entry in EXCEPTIONS[table].items():
            place, member = parent(path)
            assert member in {child.member for child in place.fields.values()}, path
            assert isinstance(entry, str) or entry["reason"]


def test_what_the_api_has_gained_is_offered() -> None:
    """In the original's spelling, maps as lists of pairs."""
    for kind, *steps in (
        ("TrainingJob", "resourceConfig", "instanceGroups", "[]", "instanceType"),
        ("TrainingJob", "environment", "[]", "name"),
        ("HyperparameterTuningJob", "hyperParameterTuningJobConfig", "randomSeed"),
        ("HyperparameterTuningJob", "autotune", "mode"),
        ("BatchTransformJob", "dataCaptureConfig", "destinationS3Uri"),
        ("Model", "primaryContainer", "modelDataSource", "s3DataSource", "s3Uri"),
        ("EndpointConfig", "asyncInferenceConfig", "outputConfig", "s3OutputPath"),
        ("HostingDeployment", "productionVariants", "[]", "serverlessConfig", "maxConcurrency"),
        ("HostingDeployment", "asyncInferenceConfig", "outputConfig", "s3OutputPath"),
        ("HostingAutoscalingPolicy", "predictiveScalingPolicyConfiguration", "mode"),
    ):
        place: Any = crd_of(kind)
        for step in steps:
            place = place["items"] if step == "[]" else place["properties"][step]


def test_the_crd_demands_what_2021_and_today_both_do() -> None:
    """The API has loosened much."""
    spec = crd_of("TrainingJob")
    assert spec["required"] == ["outputDataConfig", "region", "roleArn"]
    assert "required" not in spec["properties"]["resourceConfig"]
    assert "minimum" not in spec["properties"]["resourceConfig"]["properties"]["instanceCount"]
    assert spec["properties"]["inputDataConfig"]["minItems"] == 1
    assert spec["properties"]["trainingJobName"]["maxLength"] == 63
    assert crd_of("Model")["required"] == ["region"]
    assert crd_of("HostingDeployment")["required"] == ["models", "productionVariants", "region"]
    assert crd_of("HostingAutoscalingPolicy")["required"] == ["region"]


def test_every_object_of_our_specs_is_open() -> None:
    """So that a misspelt field reaches the gate from every client."""

    def walk(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield schema
        for child in (*schema.get("properties", {}).values(), schema.get("items")):
            if isinstance(child, dict):
                yield from walk(child)

    for kind in ORIGINAL:
        for schema in walk(crd_of(kind)):
            if schema["type"] == "object":
                assert schema["x-kubernetes-preserve-unknown-fields"] is True
            assert "enum" not in schema
            assert "pattern" not in schema
