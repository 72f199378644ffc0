# SPDX-License-Identifier: Apache-2.0
"""How each group spells a member, and what becomes of AWS's patterns."""

from __future__ import annotations

import jsonschema_rs
import pytest

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
