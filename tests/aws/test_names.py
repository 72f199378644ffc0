# SPDX-License-Identifier: Apache-2.0
"""Names: taken, missing, of another region, in ARNs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.aws import example
from tests.aws.fake import FakeAWS
from tests.aws.said import refused

ARN = "arn:aws:sagemaker:us-west-2:123456789012"
JOB = "Job name must be unique within an AWS account and region, and a job with this name already"
INVALID = "ValidationException"

TAKEN = [
    (
        "training_job",
        example.training("a"),
        "ResourceInUse",
        (
            "Training job names must be unique within an AWS account and region, and a training "
            f"job with this name already exists ({ARN}:training-job/a)"
        ),
    ),
    (
        "hyper_parameter_tuning_job",
        example.tuning("a"),
        "ResourceInUse",
        "A hyperparameter tuning job with the name, a, already exists. Choose a different name.",
    ),
    (
        "transform_job",
        example.transform("a"),
        "ResourceInUse",
        f"{JOB} exists ({ARN}:transform-job/a)",
    ),
    (
        "processing_job",
        example.processing("a"),
        "ResourceInUse",
        f"{JOB} exists ({ARN}:processing-job/a)",
    ),
    (
        "model",
        example.model("a"),
        INVALID,
        f'Cannot create already existing model "{ARN}:model/a".',
    ),
    (
        "endpoint_config",
        example.config("a"),
        INVALID,
        f'Cannot create already existing endpoint configuration "{ARN}:endpoint-config/a".',
    ),
    (
        "endpoint",
        example.endpoint("a"),
        INVALID,
        f'Cannot create already existing endpoint "{ARN}:endpoint/a".',
    ),
]


@pytest.fixture
def hosted(sagemaker: Any) -> Any:
    """A client in a region with the model `model` and the configuration `config`."""
    sagemaker.create_model(**example.model())
    sagemaker.create_endpoint_config(**example.config())
    return sagemaker


@pytest.mark.parametrize(("noun", "request_", "code", "words"), TAKEN, ids=[t[0] for t in TAKEN])
def test_a_name_is_taken_once(
    aws: FakeAWS, hosted: Any, noun: str, request_: dict[str, Any], code: str, words: str
) -> None:
    """A second Create is refused, right away and also when the job has long ended."""
    create = getattr(hosted, f"create_{noun}")
    create(**request_)
    assert refused(create, **request_) == (code, words)
    aws.advance(10_000)
    assert refused(create, **request_) == (code, words)


MISSING = [
    ("training_job", "TrainingJobName", INVALID, "Requested resource not found."),
    (
        "hyper_parameter_tuning_job",
        "HyperParameterTuningJobName",
        "ResourceNotFound",
        (
            "Amazon SageMaker can't find a tuning job with the name a. "
            "Check the name and try your request again."
        ),
    ),
    ("transform_job", "TransformJobName", INVALID, "Could not find requested job with name: a"),
    ("processing_job", "ProcessingJobName", INVALID, "Could not find requested job with name: a"),
    ("model", "ModelName", INVALID, f'Could not find model "{ARN}:model/a".'),
    (
        "endpoint_config",
        "EndpointConfigName",
        INVALID,
        f'Could not find endpoint configuration "{ARN}:endpoint-config/a".',
    ),
    ("endpoint", "EndpointName", INVALID, f'Could not find endpoint "{ARN}:endpoint/a".'),
]


@pytest.mark.parametrize(("noun", "member", "code", "words"), MISSING, ids=[m[0] for m in MISSING])
def test_a_missing_name_has_its_kinds_words(
    sagemaker: Any, noun: str, member: str, code: str, words: str
) -> None:
    """Describe, and Stop or Delete, say so by kind; Stop of two kinds has words of its own."""
    assert refused(getattr(sagemaker, f"describe_{noun}"), **{member: "a"}) == (code, words)
    verb = "stop" if noun.endswith("job") else "delete"
    if noun in {"transform_job", "processing_job"}:
        words = "Could not find job to update with name: a"
    assert refused(getattr(sagemaker, f"{verb}_{noun}"), **{member: "a"}) == (code, words)


def test_regions_know_nothing_of_each_other(aws: FakeAWS, sagemaker: Any) -> None:
    """The region is that of the signature; the same name may be taken in each."""
    sagemaker.create_training_job(**example.training("a"))
    elsewhere = aws.client("sagemaker", "eu-west-1")
    assert refused(elsewhere.describe_training_job, TrainingJobName="a")[0] == INVALID
    request = example.training("a")
    request["AlgorithmSpecification"]["TrainingImage"] = example.IMAGE.replace(
        "us-west-2", "eu-west-1"
    )
    arn = elsewhere.create_training_job(**request)["TrainingJobArn"]
    assert arn == "arn:aws:sagemaker:eu-west-1:123456789012:training-job/a"
    assert aws.created("TrainingJob") == {"a": 2}
    assert aws.created("TrainingJob", "eu-west-1") == {"a": 1}


def test_arns_are_of_their_partition_and_in_lower_case(aws: FakeAWS) -> None:
    """China's and the government's regions have partitions of their own."""
    model = {"ModelName": "My-Model", "PrimaryContainer": {"ModelPackageName": "p"}}
    arns = [
        aws.client("sagemaker", region).create_model(**model)["ModelArn"]
        for region in ("cn-north-1", "us-gov-west-1")
    ]
    assert arns == [
        "arn:aws-cn:sagemaker:cn-north-1:123456789012:model/my-model",
        "arn:aws-us-gov:sagemaker:us-gov-west-1:123456789012:model/my-model",
    ]


def test_endpoint_names_that_differ_by_case_are_the_same(hosted: Any) -> None:
    """Only CreateEndpoint compares so."""
    hosted.create_endpoint(**example.endpoint("Mine"))
    assert refused(hosted.create_endpoint, **example.endpoint("mine"))[0] == INVALID


def test_deleting_frees_a_name(hosted: Any) -> None:
    """Models and configurations can be made anew under the same name."""
    hosted.delete_model(ModelName="model")
    hosted.create_model(**example.model())
    hosted.delete_endpoint_config(EndpointConfigName="config")
    hosted.create_endpoint_config(**example.config())
    assert hosted.describe_model(ModelName="model")["ModelName"] == "model"


FOREIGN = "763104351884.dkr.ecr.us-east-1.amazonaws.com/mine:1"


def test_images_of_another_region_are_refused_in_three_ways(sagemaker: Any) -> None:
    """Training, models and processing each have their own words."""
    request = example.training("a")
    request["AlgorithmSpecification"]["TrainingImage"] = FOREIGN
    assert refused(sagemaker.create_training_job, **request) == (
        INVALID,
        (
            "Invalid DNS suffix 'amazonaws.com' for region 'us-east-1' in training image. Please "
            "provide the valid <region>.<dns-suffix>: 'us-west-2.amazonaws.com'"
        ),
    )
    model = example.model(PrimaryContainer={"Image": FOREIGN})
    assert refused(sagemaker.create_model, **model)[1] == (
        f'Region of "{FOREIGN}" does not match expected region of us-west-2. Cross region ECR '
        "image pulls are not allowed."
    )
    processing = example.processing("a", AppSpecification={"ImageUri": FOREIGN})
    assert refused(sagemaker.create_processing_job, **processing)[1] == (
        f"Invalid region us-east-1 in image URI {FOREIGN}. Please provide an image URI in region "
        "us-west-2."
    )


def test_what_is_referred_to_must_exist(sagemaker: Any) -> None:
    """Transform jobs and configurations need their model, endpoints their configuration."""
    gone = (INVALID, f'Could not find model "{ARN}:model/model".')
    assert refused(sagemaker.create_transform_job, **example.transform("a")) == gone
    assert refused(sagemaker.create_endpoint_config, **example.config()) == gone
    assert refused(sagemaker.create_endpoint, **example.endpoint()) == (
        INVALID,
        f'Could not find endpoint configuration "{ARN}:endpoint-config/config".',
    )


def test_tags_are_kept_by_arn(aws: FakeAWS, sagemaker: Any) -> None:
    """Tags of Create and of AddTags are listed together; an unknown ARN is its kind's missing."""
    arn = sagemaker.create_model(**example.model(Tags=[{"Key": "a", "Value": "1"}]))["ModelArn"]
    sagemaker.add_tags(
        ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "3"}]
    )
    tags = sagemaker.list_tags(ResourceArn=arn)["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"a": "3", "b": "2"}
    assert aws.tags("Model", "model") == {"a": "3", "b": "2"}
    code, words = refused(sagemaker.list_tags, ResourceArn=f"{ARN}:model/none")
    assert (code, words) == (INVALID, f'Could not find model "{ARN}:model/none".')
