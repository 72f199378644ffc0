# SPDX-License-Identifier: Apache-2.0
"""Models, endpoint configurations and endpoints."""

from __future__ import annotations

from typing import Any

import pytest

from tests.aws import example
from tests.aws.fake import FakeAWS
from tests.aws.said import refused

NAME = {"EndpointName": "endpoint"}
BUSY = (
    "ValidationException",
    (
        "Cannot update in-progress endpoint "
        '"arn:aws:sagemaker:us-west-2:123456789012:endpoint/endpoint".'
    ),
)


@pytest.fixture
def hosted(sagemaker: Any) -> Any:
    """A client in a region with a model and two configurations, `config` and `second`."""
    sagemaker.create_model(**example.model())
    sagemaker.create_endpoint_config(**example.config())
    second = example.config("second")
    second["ProductionVariants"][0] |= {"InitialInstanceCount": 3, "InitialVariantWeight": 0.5}
    sagemaker.create_endpoint_config(**second)
    return sagemaker


@pytest.fixture
def serving(aws: FakeAWS, hosted: Any) -> Any:
    """A client in a region with an endpoint in service."""
    hosted.create_endpoint(**example.endpoint())
    aws.advance(60)
    return hosted


def described(client: Any) -> dict[str, Any]:
    """Return what Describe says of the endpoint."""
    return dict(client.describe_endpoint(**NAME))


def test_an_endpoint_comes_into_service(aws: FakeAWS, hosted: Any) -> None:
    """Creating without variants, then InService with images, weights and counts."""
    hosted.create_endpoint(**example.endpoint())
    creating = described(hosted)
    assert creating["EndpointStatus"] == "Creating"
    assert "ProductionVariants" not in creating
    aws.advance(60)
    found = described(hosted)
    assert found["EndpointStatus"] == "InService"
    assert found["LastModifiedTime"] > creating["LastModifiedTime"]
    (variant,) = found["ProductionVariants"]
    assert variant["VariantName"] == "AllTraffic"
    assert (variant["CurrentInstanceCount"], variant["DesiredInstanceCount"]) == (1, 1)
    assert (variant["CurrentWeight"], variant["DesiredWeight"]) == (1.0, 1.0)
    (image,) = variant["DeployedImages"]
    assert image["SpecifiedImage"] == example.IMAGE
    assert image["ResolvedImage"].startswith(example.IMAGE.removesuffix(":1.7") + "@sha256:")


def test_an_endpoint_may_fail(aws: FakeAWS, hosted: Any) -> None:
    """Failed has a reason, refuses updates and can be deleted."""
    aws.plan("endpoint", kind="Endpoint", seconds=5, end="Failed", reason="no capacity")
    hosted.create_endpoint(**example.endpoint())
    aws.advance(5)
    found = described(hosted)
    assert (found["EndpointStatus"], found["FailureReason"]) == ("Failed", "no capacity")
    words = refused(hosted.update_endpoint, **NAME, EndpointConfigName="second")[1]
    assert words.endswith("in status Failed.")
    hosted.delete_endpoint(**NAME)
    assert described(hosted)["EndpointStatus"] == "Deleting"


def test_nothing_changes_an_endpoint_under_way(aws: FakeAWS, hosted: Any) -> None:
    """While Creating, Updating and Deleting, update and deletion are refused in the same words."""
    hosted.create_endpoint(**example.endpoint())
    update = {**NAME, "EndpointConfigName": "second"}
    for change in (lambda: None, lambda: hosted.update_endpoint(**update)):
        change()
        assert refused(hosted.update_endpoint, **update) == BUSY
        assert refused(hosted.delete_endpoint, **NAME) == BUSY
        aws.advance(60)
    hosted.delete_endpoint(**NAME)
    assert refused(hosted.delete_endpoint, **NAME) == BUSY


def test_an_update_brings_the_new_configuration(aws: FakeAWS, serving: Any) -> None:
    """While Updating the old one serves and the new one is pending."""
    serving.update_endpoint(**NAME, EndpointConfigName="second")
    found = described(serving)
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("Updating", "config")
    assert found["PendingDeploymentSummary"]["EndpointConfigName"] == "second"
    aws.advance(60)
    found = described(serving)
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", "second")
    assert found["ProductionVariants"][0]["CurrentInstanceCount"] == 3
    assert "PendingDeploymentSummary" not in found


def test_an_update_may_keep_what_was_set(aws: FakeAWS, serving: Any) -> None:
    """Counts and weights of variants of the same name stay, but for those excluded."""
    serving.update_endpoint(
        **NAME,
        EndpointConfigName="second",
        RetainAllVariantProperties=True,
        ExcludeRetainedVariantProperties=[{"VariantPropertyType": "DesiredWeight"}],
    )
    aws.advance(60)
    (variant,) = described(serving)["ProductionVariants"]
    assert (variant["DesiredInstanceCount"], variant["DesiredWeight"]) == (1, 0.5)


def test_a_failed_update_rolls_back(aws: FakeAWS, serving: Any) -> None:
    """Updating, RollingBack, and InService with the old configuration and a reason."""
    aws.plan("endpoint", end="RolledBack", seconds=10, stop_seconds=5, reason="no ping")
    serving.update_endpoint(**NAME, EndpointConfigName="second")
    seen = []
    for seconds in (10, 4.9, 0.2):
        aws.advance(seconds)
        found = described(serving)
        seen.append((found["EndpointStatus"], found["EndpointConfigName"]))
    assert seen == [("RollingBack", "config"), ("RollingBack", "config"), ("InService", "config")]
    assert found["FailureReason"] == "no ping"


def test_even_the_roll_back_may_fail(aws: FakeAWS, serving: Any) -> None:
    """UpdateRollbackFailed is a status of its own."""
    aws.plan("endpoint", end="UpdateRollbackFailed", seconds=10)
    serving.update_endpoint(**NAME, EndpointConfigName="second")
    aws.advance(10)
    assert described(serving)["EndpointStatus"] == "UpdateRollbackFailed"


def test_a_deleted_endpoint_is_gone_and_its_name_is_free(aws: FakeAWS, serving: Any) -> None:
    """Deleting for a while, then not found, in lists neither."""
    serving.delete_endpoint(**NAME)
    assert [each["EndpointStatus"] for each in serving.list_endpoints()["Endpoints"]] == [
        "Deleting"
    ]
    aws.advance(5)
    assert serving.list_endpoints()["Endpoints"] == []
    assert refused(serving.describe_endpoint, **NAME)[1].startswith("Could not find endpoint ")
    assert aws.running("Endpoint") == set()
    serving.create_endpoint(**example.endpoint())
    assert aws.created("Endpoint") == {"endpoint": 2}


def test_what_is_in_use_may_be_deleted_but_an_update_misses_it(serving: Any) -> None:
    """AWS lets one delete the configuration in service, and then refuses to update."""
    serving.delete_endpoint_config(EndpointConfigName="config")
    serving.delete_model(ModelName="model")
    assert described(serving)["EndpointStatus"] == "InService"
    words = refused(serving.update_endpoint, **NAME, EndpointConfigName="second")[1]
    assert words.startswith("Could not find endpoint configuration ")
    assert "endpoint-config/config" in words


def test_updating_to_a_missing_configuration_is_refused(serving: Any) -> None:
    """And the endpoint stays as it is."""
    words = refused(serving.update_endpoint, **NAME, EndpointConfigName="none")[1]
    assert "endpoint-config/none" in words
    assert described(serving)["EndpointStatus"] == "InService"


def test_describe_fills_in_what_create_left_out(hosted: Any) -> None:
    """A container's mode and environment, and a variant's weight."""
    container = hosted.describe_model(ModelName="model")["PrimaryContainer"]
    assert (container["Mode"], container["Environment"]) == ("SingleModel", {})
    config = hosted.describe_endpoint_config(EndpointConfigName="config")
    assert config["ProductionVariants"][0]["InitialVariantWeight"] == 1.0


def test_serverless_variants_have_no_counts(aws: FakeAWS, hosted: Any) -> None:
    """They show their memory and concurrency instead."""
    serverless = {"MemorySizeInMB": 1024, "MaxConcurrency": 2}
    variant = {"VariantName": "v", "ModelName": "model", "ServerlessConfig": serverless}
    hosted.create_endpoint_config(EndpointConfigName="less", ProductionVariants=[variant])
    hosted.create_endpoint(**example.endpoint(config_name="less"))
    aws.advance(60)
    (found,) = described(hosted)["ProductionVariants"]
    assert found["CurrentServerlessConfig"] == serverless
    assert "CurrentInstanceCount" not in found


@pytest.mark.parametrize("end", ["Completed", "Failed"])
def test_what_is_under_way_can_be_ended_at_once(aws: FakeAWS, hosted: Any, end: str) -> None:
    """`finish` ends a creation either way; with nothing under way it says so."""
    hosted.create_endpoint(**example.endpoint())
    aws.finish("Endpoint", "endpoint", end)
    assert described(hosted)["EndpointStatus"] == {"Completed": "InService"}.get(end, end)
    with pytest.raises(ValueError, match="nothing is under way"):
        aws.finish("Endpoint", "endpoint")
