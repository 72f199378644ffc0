# SPDX-License-Identifier: Apache-2.0
"""A training job names exactly one of image and algorithm.

With neither SageMaker has nothing to run, with both it refuses to choose.

Fix: keep `TrainingImage` for an image of your own or of AWS, `AlgorithmName` for an algorithm
resource or a marketplace subscription.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Severity
from webhook.node import Node
from webhook.rule import Faults, Operation, rule


@rule(
    "SM230",
    on=Operation("CreateTrainingJob"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AlgorithmSpecification.html",
)
def training_algorithm(job: Node, _call: Call, _facts: Catalog) -> Faults:
    """Yield a fault for both, or for neither."""
    specification = job["AlgorithmSpecification"]
    if not specification.present and not job["ServerlessJobConfig"].present:
        yield specification.required("an image or an algorithm must be given")
    if not isinstance(specification.value, dict):
        return
    image, name = specification["TrainingImage"], specification["AlgorithmName"]
    if image.present and name.present:
        yield name.forbidden(
            f"only one of {image.field.key} and {name.field.key} may be given",
            compared=(str(image.value)[:300], str(name.value)[:300]),
        )
    elif not image.present and not name.present and not _is_misspelt(specification):
        yield image.required(f"one of {image.field.key} and {name.field.key} must be given")


def _is_misspelt(node: Node) -> bool:
    """Whether an unknown key stands here, most likely for the missing one: SM101 speaks of it."""
    return any("image" in key.lower() or "algorithm" in key.lower() for key in node.unknown_keys)
