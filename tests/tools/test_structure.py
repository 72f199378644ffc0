# SPDX-License-Identifier: Apache-2.0
"""The CRDs' structure: what the original and ACK have, no more and no less."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from schemas import find_kind
from tests.gateprocess import ROOT


def properties(schema: dict[str, Any]) -> Iterator[str]:
    """Yield every property below a schema, items of lists included."""
    for key, child in schema.get("properties", {}).items():
        yield key
        yield from properties(child)
    if isinstance(schema.get("items"), dict):
        yield from properties(schema["items"])


def test_acks_structure_is_the_controllers() -> None:
    """111 properties, as its own CRD has."""
    crd = ROOT / "tests/controlplane/crds/sagemaker.services.k8s.aws_trainingjobs.yaml"
    served = yaml.safe_load(crd.read_text())["spec"]["versions"][0]
    spec = served["schema"]["openAPIV3Schema"]["properties"]["spec"]
    assert len(list(properties(spec))) == 111
    assert spec["required"] == sorted(
        ["algorithmSpecification", "outputDataConfig", "resourceConfig", "roleARN",
         "stoppingCondition", "trainingJobName"]
    )  # fmt: skip
    kind = find_kind("sagemaker.services.k8s.aws", "TrainingJob")
    assert kind is not None
    assert len(list(properties(kind.schema["properties"]["spec"]))) == 111


OF_2021 = {
    "algorithmSpecification.algorithmName": "string",
    "algorithmSpecification.metricDefinitions[].name": "string",
    "algorithmSpecification.metricDefinitions[].regex": "string",
    "algorithmSpecification.trainingImage": "string",
    "algorithmSpecification.trainingInputMode": "string",
    "checkpointConfig.localPath": "string",
    "checkpointConfig.s3Uri": "string",
    "debugHookConfig.collectionConfigurations[].collectionName": "string",
    "debugHookConfig.collectionConfigurations[].collectionParameters[].name": "string",
    "debugHookConfig.localPath": "string",
    "debugHookConfig.ruleParameters[].value": "string",
    "debugHookConfig.s3OutputPath": "string",
    "debugRuleConfigurations[].instanceType": "string",
    "debugRuleConfigurations[].localPath": "string",
    "debugRuleConfigurations[].ruleConfigurationName": "string",
    "debugRuleConfigurations[].ruleEvaluatorImage": "string",
    "debugRuleConfigurations[].ruleParameters[].name": "string",
    "debugRuleConfigurations[].s3OutputPath": "string",
    "debugRuleConfigurations[].volumeSizeInGB": "integer",
    "enableInterContainerTrafficEncryption": "boolean",
    "enableManagedSpotTraining": "boolean",
    "enableNetworkIsolation": "boolean",
    "hyperParameters[].name": "string",
    "hyperParameters[].value": "string",
    "inputDataConfig[].channelName": "string",
    "inputDataConfig[].compressionType": "string",
    "inputDataConfig[].contentType": "string",
    "inputDataConfig[].dataSource.fileSystemDataSource.directoryPath": "string",
    "inputDataConfig[].dataSource.fileSystemDataSource.fileSystemAccessMode": "string",
    "inputDataConfig[].dataSource.fileSystemDataSource.fileSystemId": "string",
    "inputDataConfig[].dataSource.fileSystemDataSource.fileSystemType": "string",
    "inputDataConfig[].dataSource.s3DataSource.attributeNames[]": "string",
    "inputDataConfig[].dataSource.s3DataSource.s3DataDistributionType": "string",
    "inputDataConfig[].dataSource.s3DataSource.s3DataType": "string",
    "inputDataConfig[].dataSource.s3DataSource.s3Uri": "string",
    "inputDataConfig[].inputMode": "string",
    "inputDataConfig[].recordWrapperType": "string",
    "inputDataConfig[].shuffleConfig.seed": "integer",
    "outputDataConfig.kmsKeyId": "string",
    "outputDataConfig.s3OutputPath": "string",
    "region": "string",
    "resourceConfig.instanceCount": "integer",
    "resourceConfig.instanceType": "string",
    "resourceConfig.volumeKmsKeyId": "string",
    "resourceConfig.volumeSizeInGB": "integer",
    "roleArn": "string",
    "sageMakerEndpoint": "string",
    "stoppingCondition.maxRuntimeInSeconds": "integer",
    "stoppingCondition.maxWaitTimeInSeconds": "integer",
    "tags[].key": "string",
    "tags[].value": "string",
    "tensorBoardOutputConfig.localPath": "string",
    "tensorBoardOutputConfig.s3OutputPath": "string",
    "trainingJobName": "string",
    "vpcConfig.securityGroupIds[]": "string",
    "vpcConfig.subnets[]": "string",
}
"""Every scalar of the original's CRD, written down from it by hand."""

LEFT_OUT = (
    "experimentConfig", "profilerConfig", "profilerRuleConfigurations",
    "algorithmSpecification.enableSageMakerMetricsTimeSeries", "debugHookConfig.hookParameters",
)  # fmt: skip


def legacy_crd() -> dict[str, Any]:
    """Return the schema of spec in our CRD."""
    crd = ROOT / "manifests/crds/sagemaker.aws.amazon.com_trainingjobs.yaml"
    served = yaml.safe_load(crd.read_text())["spec"]["versions"][0]
    spec: dict[str, Any] = served["schema"]["openAPIV3Schema"]["properties"]["spec"]
    return spec


def at(schema: dict[str, Any], path: str) -> dict[str, Any] | None:
    """Return the schema of a path."""
    found: dict[str, Any] | None = schema
    for step in re.findall(r"[^.\[\]]+|\[\]", path):
        if found is None:
            return None
        found = found.get("items") if step == "[]" else found.get("properties", {}).get(step)
    return found


@pytest.mark.parametrize(("path", "kind"), OF_2021.items())
def test_every_field_of_2021_keeps_name_and_type(path: str, kind: str) -> None:
    """A manifest that was valid stays valid."""
    found = at(legacy_crd(), path)
    assert found is not None
    assert found["type"] == kind


def test_what_the_original_left_out_stays_out() -> None:
    """It would be dropped by its controllers."""
    for path in LEFT_OUT:
        assert at(legacy_crd(), path) is None


def test_what_the_api_has_gained_is_offered() -> None:
    """In the original's spelling, maps as lists of pairs."""
    for path in (
        "resourceConfig.instanceGroups[].instanceType",
        "environment[].name",
        "retryStrategy.maximumRetryAttempts",
        "remoteDebugConfig.enableRemoteDebug",
    ):
        assert at(legacy_crd(), path) is not None, path


def test_the_crd_demands_what_2021_and_today_both_do() -> None:
    """Never more: a CRD's `required` cannot grow."""
    spec = legacy_crd()
    assert spec["required"] == ["outputDataConfig", "region", "roleArn"]
    assert "required" not in spec["properties"]["resourceConfig"]
    assert "minimum" not in spec["properties"]["resourceConfig"]["properties"]["instanceCount"]
    assert spec["properties"]["inputDataConfig"]["minItems"] == 1
    assert spec["properties"]["trainingJobName"]["maxLength"] == 63


def test_every_object_of_our_spec_is_open() -> None:
    """So that a misspelt field reaches the gate from every client."""

    def walk(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield schema
        for child in (*schema.get("properties", {}).values(), schema.get("items")):
            if isinstance(child, dict):
                yield from walk(child)

    for schema in walk(legacy_crd()):
        if schema["type"] == "object":
            assert schema["x-kubernetes-preserve-unknown-fields"] is True
        assert "enum" not in schema
        assert "pattern" not in schema
