# SPDX-License-Identifier: Apache-2.0
"""The services that moto plays, behind the same URL and with the same faults."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.aws import example
from tests.aws.fake import FakeAWS
from tests.aws.said import refused

BUCKET = {
    "Bucket": "data",
    "CreateBucketConfiguration": {"LocationConstraint": "us-west-2"},
}
TARGET = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/endpoint/variant/AllTraffic",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}


def test_s3_keeps_objects_of_any_name(aws: FakeAWS) -> None:
    """Put, Get, Head and List; operations are recorded by their names."""
    s3 = aws.client("s3")
    s3.create_bucket(**BUCKET)
    body = bytes(range(256)) * 100
    s3.put_object(Bucket="data", Key="a b/ü+%.bin", Body=body)
    assert s3.get_object(Bucket="data", Key="a b/ü+%.bin")["Body"].read() == body
    assert s3.head_object(Bucket="data", Key="a b/ü+%.bin")["ContentLength"] == len(body)
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="data")["Contents"]] == [
        "a b/ü+%.bin"
    ]
    assert s3.head_bucket(Bucket="data")["BucketRegion"] == "us-west-2"
    assert [call.operation for call in aws.calls] == [
        *("CreateBucket", "PutObject", "GetObject", "HeadObject", "ListObjectsV2", "HeadBucket")
    ]


def test_each_fake_begins_with_nothing(aws: FakeAWS) -> None:
    """What moto keeps for the whole process is forgotten."""
    aws.client("s3").create_bucket(**BUCKET)
    with FakeAWS() as another:
        assert another.client("s3").list_buckets()["Buckets"] == []


def test_logs_hold_what_was_written(aws: FakeAWS) -> None:
    """Groups, streams, events, and the filter that a log reader uses."""
    logs = aws.client("logs")
    group = {"logGroupName": "/aws/sagemaker/TrainingJobs"}
    stream = {**group, "logStreamName": "a/algo-1"}
    logs.create_log_group(**group)
    logs.create_log_stream(**stream)
    now = int(aws.clock.now() * 1000)
    logs.put_log_events(**stream, logEvents=[{"timestamp": now, "message": "epoch 1"}])
    found = logs.filter_log_events(**group, logStreamNamePrefix="a/")["events"]
    assert [each["message"] for each in found] == ["epoch 1"]


def test_iam_knows_roles(aws: FakeAWS) -> None:
    """A missing role has IAM's own code, in IAM's own protocol."""
    iam = aws.client("iam", "us-east-1")
    iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}")
    assert iam.get_role(RoleName="r")["Role"]["RoleName"] == "r"
    assert refused(iam.get_role, RoleName="none")[0] == "NoSuchEntity"
    assert [call.operation for call in aws.calls] == ["CreateRole", "GetRole", "GetRole"]


def test_autoscaling_wants_an_endpoint_in_service(aws: FakeAWS, sagemaker: Any) -> None:
    """A scalable target is a variant of an endpoint that serves; then policies can be put."""
    scaling = aws.client("application-autoscaling")
    register = {**TARGET, "MinCapacity": 1, "MaxCapacity": 2}
    assert "Could not find endpoint" in refused(scaling.register_scalable_target, **register)[1]
    sagemaker.create_model(**example.model())
    sagemaker.create_endpoint_config(**example.config())
    sagemaker.create_endpoint(**example.endpoint())
    assert "not InService" in refused(scaling.register_scalable_target, **register)[1]
    aws.advance(60)
    wrong = register | {"ResourceId": "endpoint/endpoint/variant/Other"}
    assert "Could not find variant" in refused(scaling.register_scalable_target, **wrong)[1]
    scaling.register_scalable_target(**register)
    tracking = {
        "TargetValue": 5.0,
        "PredefinedMetricSpecification": {
            "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
        },
    }
    scaling.put_scaling_policy(
        **TARGET,
        PolicyName="p",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=tracking,
    )
    found = scaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    assert [each["PolicyName"] for each in found] == ["p"]
    scaling.deregister_scalable_target(**TARGET)
    assert scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"] == []


def test_faults_strike_these_services_too(aws: FakeAWS) -> None:
    """Refusals come in the service's protocol; a lost answer has taken effect."""
    s3, iam = aws.client("s3"), aws.client("iam", "us-east-1")
    aws.refuse("CreateBucket", code="SlowDown", message="Please < reduce", status=503)
    assert refused(s3.create_bucket, **BUCKET) == ("SlowDown", "Please < reduce")
    aws.refuse("CreateBucket", lost_answer=True)
    with pytest.raises(ConnectionClosedError):
        s3.create_bucket(**BUCKET)
    assert [each["Name"] for each in s3.list_buckets()["Buckets"]] == ["data"]
    aws.refuse("ListRoles", code="Throttling", message="Rate exceeded")
    assert refused(iam.list_roles) == ("Throttling", "Rate exceeded")
    aws.refuse("RegisterScalableTarget", code="FailedResourceAccessException", message="no")
    scaling = aws.client("application-autoscaling")
    assert refused(scaling.register_scalable_target, **TARGET, MinCapacity=1, MaxCapacity=2) == (
        "FailedResourceAccessException",
        "no",
    )


def test_access_is_denied_there_too(aws: FakeAWS) -> None:
    """With the codes that each service has for it."""
    for service, code in (("s3", "AccessDenied"), ("logs", "AccessDeniedException")):
        client = aws.client(service, key="DENIED")
        call = client.list_buckets if service == "s3" else client.describe_log_groups
        with pytest.raises(ClientError) as caught:
            call()
        assert caught.value.response["Error"]["Code"] == code
