# SPDX-License-Identifier: Apache-2.0
"""The generator: spelling, patterns, structure, and that nothing committed is stale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
import yaml
from botocore.session import Session

from schemas import find_kind, kinds, load_table
from tests.gateprocess import ROOT
from tools import generate, wheels
from tools.patterns import UntranslatableError, translate
from tools.spelling import spell_ack, spell_legacy
from webhook.schema import matches

ACK = {
    "RoleArn": "roleARN", "ExecutionRoleArn": "executionRoleARN",
    "ValidationRole": "validationRole",
    "S3Uri": "s3URI", "S3OutputPath": "s3OutputPath", "ModelDataUrl": "modelDataURL",
    "ImageUri": "imageURI", "TrainingImage": "trainingImage", "KmsKeyId": "kmsKeyID",
    "VolumeKmsKeyId": "volumeKMSKeyID", "S3KmsKeyId": "s3KMSKeyID", "VpcId": "vpcID",
    "HomeEfsFileSystemKmsKeyId": "homeEFSFileSystemKMSKeyID", "SubnetIds": "subnetIDs",
    "SecurityGroupIds": "securityGroupIDs", "LifecycleConfigArns": "lifecycleConfigARNs",
    "VolumeSizeInGB": "volumeSizeInGB", "EbsVolumeSizeInGb": "ebsVolumeSizeInGb",
    "DefaultEbsVolumeSizeInGb": "defaultEBSVolumeSizeInGb", "MaxPayloadInMB": "maxPayloadInMB",
    "FSxLustreFileSystemConfig": "fSxLustreFileSystemConfig", "UiConfig": "uiConfig",
    "EFSFileSystemConfig": "efsFileSystemConfig", "EFSFileSystem": "efsFileSystem",
    "RStudioServerProDomainSettings": "rStudioServerProDomainSettings",
    "RStudioConnectUrl": "rStudioConnectURL", "UiTemplateS3Uri": "uiTemplateS3URI",
    "HumanTaskUiArn": "humanTaskUIARN", "Type": "type_", "MIMETypes": "mIMETypes",
    "Identifier": "identifier", "IdleSettings": "idleSettings", "Guid": "guid",
    "NumberOfCpuCoresRequired": "numberOfCPUCoresRequired", "TransformAmiVersion":
    "transformAMIVersion", "UltraServerId": "ultraServerID", "ArtifactUrl": "artifactURL",
}  # fmt: skip


@pytest.mark.parametrize(("member", "key"), ACK.items())
def test_ack_spells_acronyms(member: str, key: str) -> None:
    """The traps of that spelling, one by one."""
    assert spell_ack(member) == key


def test_the_original_lowers_one_letter() -> None:
    """And nothing else, so that it can be turned round."""
    for member in ACK:
        key = spell_legacy(member)
        assert key[0].upper() + key[1:] == member


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


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("[a-z]+", "abc", "abc\n"),
        ("[a-z]+", "abc", "1abc"),
        ("^[a-z]+$", "abc", "abc!"),
        ("\\d{3}", "123", "\u0661\u0662\u0663"),
        ("\\w+", "a_1", "\u00e9"),
        ("[\\w-]+", "a-1", "\u00e9"),
        ("[\\S]+", "a", "a b"),
        ("a|b", "b", "ab"),
        ("\\_\\/", "_/", "x"),
    ],
)
def test_patterns_mean_what_aws_means(pattern: str, good: str, bad: str) -> None:
    """The whole value, ASCII, in both engines."""
    translated = translate(pattern)
    assert translated is not None
    rust = jsonschema_rs.Draft202012Validator({"pattern": translated})
    assert rust.is_valid(good)
    assert matches(translated, good)
    assert not rust.is_valid(bad)
    assert not matches(translated, bad)


def test_patterns_that_say_nothing_or_cannot_be_said() -> None:
    """The first are dropped, the second ask for an entry in the table."""
    assert translate(".*") is None
    assert translate("[\\S\\s]*") is None
    for pattern in ("\\p{L}", "[\\p{Alnum}]", "[\\S]{2}(", "\\bx"):
        with pytest.raises(UntranslatableError):
            translate(pattern)


def schemas() -> Iterator[Any]:
    """Yield every kind's schema."""
    for _, file in kinds().values():
        yield load_table(file)


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a JSON document."""
    if isinstance(schema, dict):
        yield schema
        for child in schema.values():
            yield from nodes(child)
    elif isinstance(schema, list):
        for child in schema:
            yield from nodes(child)


def test_schemas_are_schemas_and_their_patterns_compile_everywhere() -> None:
    """Draft 2020-12; each pattern in both engines, behind a bound of length."""
    for schema in schemas():
        jsonschema.Draft202012Validator.check_schema(schema)
        for node in nodes(schema):
            if isinstance(node.get("pattern"), str):
                re.compile(node["pattern"])
                jsonschema_rs.Draft202012Validator({"pattern": node["pattern"]})
            if "then" in node:
                assert node["if"] == {"maxLength": node["maxLength"]}


def test_every_list_and_map_has_a_bound() -> None:
    """The API's, else the gate's own, which is marked as such."""
    for schema in schemas():
        for node in nodes(schema["properties"]["spec"]):
            if node.get("type") == "array":
                assert "maxItems" in node
            if node.get("x-aws", {}).get("form") == "map":
                assert "maxProperties" in node


def test_images_tables_hold_known_accounts() -> None:
    """Some facts that are known from elsewhere."""
    images = load_table("catalog/images.json")

    def account(repository: str, region: str) -> str | None:
        found: str | None = images["tables"][images["repositories"][repository]].get(region)
        return found

    assert account("xgboost", "us-east-1") == "811284229777"
    assert account("xgboost", "us-west-2") == "433757028032"
    assert account("xgboost", "ca-west-1") is None
    assert account("sagemaker-xgboost", "eu-west-1") == "141502667606"
    assert account("pytorch-training", "cn-north-1") == "727897471807"


def test_regions_know_partitions_and_sagemaker() -> None:
    """44 regions have SageMaker; pseudo-regions are none."""
    partitions = load_table("catalog/regions.json")["partitions"]
    served = [r for p in partitions for r, facts in p["regions"].items() if facts["sagemaker"]]
    session = Session()
    known = {
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("sagemaker", partition)
    }
    assert (set(served), len(served)) == (known, 44)
    assert not [r for p in partitions for r in p["regions"] if "global" in r or "fips" in r]


def test_a_changed_byte_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--check` writes nothing, names the file, and fails."""
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    files = {"schemas/a.json": "{}\n", "schemas/b.json": "[]\n"}
    assert generate.write(files, check=False) == 0
    assert generate.write(files, check=True) == 0
    (tmp_path / "schemas/b.json").write_text("[ ]\n")
    assert generate.write(files, check=True) == 1
    assert "stale: schemas/b.json" in capsys.readouterr().err
    assert (tmp_path / "schemas/b.json").read_text() == "[ ]\n"


def test_another_wheel_than_the_pinned_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its hash, and the pinned one, are named."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    wheel = wheels.pinned()["newest"]
    folder = tmp_path / "kube-sagemaker" / "wheels"
    folder.mkdir(parents=True)
    (folder / wheel.file).write_bytes(b"something else")
    with pytest.raises(wheels.WheelError, match=wheel.sha256):
        _ = wheel.path
