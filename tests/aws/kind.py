# SPDX-License-Identifier: Apache-2.0
"""The kinds of resources: their ARNs, and the words for a name that is missing or taken.

Not found: codes and prefixes that the original operator relied on (its error constants). Taken:
public issue threads: aws/amazon-sagemaker-examples#3108 (training), aws/sagemaker-python-sdk#2708
(tuning), aws/sagemaker-python-sdk#101 (endpoint), awslabs/spot-tagging-bot-for-digital-assets#2
(endpoint configuration). Stop of an ended job: awslabs/benchmark-ai#928 (training); the other
kinds' words are made after it. Stop of a transform job that does not exist has words of its own, on
which clients rely in public (processing jobs share the rest of their words, so these too).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.aws.refusal import ACCOUNT, Refusal, invalid

_JOB_TAKEN: Final = (
    "Job name must be unique within an AWS account and region, "
    "and a job with this name already exists ({arn})"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind: AWS's noun, the ARN's, words for people, and two refusals with {name} and {arn}."""

    noun: str
    arn_noun: str
    words: str
    missing: tuple[str, str]
    taken: tuple[str, str]
    unstoppable: tuple[str, str] | None = None  # Stop's words for a missing name, if it has its own

    def arn(self, region: str, name: str) -> str:
        """Return the ARN. AWS puts names into ARNs in lower case, whatever their own."""
        return (
            f"arn:{partition(region)}:sagemaker:{region}:{ACCOUNT}:{self.arn_noun}/{name.lower()}"
        )

    def not_found(self, region: str, name: str) -> Refusal:
        """Return the refusal for a name that does not exist."""
        code, message = self.missing
        return Refusal(code, message.format(name=name, arn=self.arn(region, name)))

    def not_stoppable(self, region: str, name: str) -> Refusal:
        """Return Stop's refusal for a name that does not exist."""
        if self.unstoppable is None:
            return self.not_found(region, name)
        code, message = self.unstoppable
        return Refusal(code, message.format(name=name))

    def already(self, region: str, name: str) -> Refusal:
        """Return the refusal for a name that is taken, also by a job long finished."""
        code, message = self.taken
        return Refusal(code, message.format(name=name, arn=self.arn(region, name)))

    def ended(self, status: str) -> Refusal:
        """Return the refusal to stop what does not run."""
        return invalid(f"The request was rejected because the {self.words} is in status {status}.")


def partition(region: str) -> str:
    """Return the partition of a region's name."""
    prefixes = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
    return next((name for prefix, name in prefixes.items() if region.startswith(prefix)), "aws")


def _hosted(noun: str, arn_noun: str, words: str) -> Kind:
    return Kind(
        noun,
        arn_noun,
        words,
        missing=("ValidationException", f'Could not find {words} "{{arn}}".'),
        taken=("ValidationException", f'Cannot create already existing {words} "{{arn}}".'),
    )


TRAINING: Final = Kind(
    "TrainingJob",
    "training-job",
    "training job",
    missing=("ValidationException", "Requested resource not found."),
    taken=(
        "ResourceInUse",
        (
            "Training job names must be unique within an AWS account and region, "
            "and a training job with this name already exists ({arn})"
        ),
    ),
)
TUNING: Final = Kind(
    "HyperParameterTuningJob",
    "hyper-parameter-tuning-job",
    "hyperparameter tuning job",
    missing=(
        "ResourceNotFound",
        (
            "Amazon SageMaker can't find a tuning job with the name {name}. "
            "Check the name and try your request again."
        ),
    ),
    taken=(
        "ResourceInUse",
        (
            "A hyperparameter tuning job with the name, {name}, already exists. "
            "Choose a different name."
        ),
    ),
)
TRANSFORM: Final = Kind(
    "TransformJob",
    "transform-job",
    "transform job",
    missing=("ValidationException", "Could not find requested job with name: {name}"),
    taken=("ResourceInUse", _JOB_TAKEN),
    unstoppable=("ValidationException", "Could not find job to update with name: {name}"),
)
PROCESSING: Final = Kind(
    "ProcessingJob",
    "processing-job",
    "processing job",
    missing=("ValidationException", "Could not find requested job with name: {name}"),
    taken=("ResourceInUse", _JOB_TAKEN),
    unstoppable=("ValidationException", "Could not find job to update with name: {name}"),
)
MODEL: Final = _hosted("Model", "model", "model")
CONFIG: Final = _hosted("EndpointConfig", "endpoint-config", "endpoint configuration")
ENDPOINT: Final = _hosted("Endpoint", "endpoint", "endpoint")

KINDS: Final = {
    kind.noun: kind for kind in (TRAINING, TUNING, TRANSFORM, PROCESSING, MODEL, CONFIG, ENDPOINT)
}
"""By AWS's noun."""
