# SPDX-License-Identifier: Apache-2.0
"""Text that is not of the form the API takes.

AWS matches the whole value: a name with one wrong character is refused.

Fix: write the value in the form that the message describes.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Rank, Severity
from webhook.rule import Faults, Keyword, rule
from webhook.schema import Problem

_FORMS = {
    "RoleArn": "must be the ARN of an IAM role, arn:aws:iam::<12 digits>:role/<name>",
    "S3Uri": "must be an S3 URI, s3://<bucket>/<prefix>",
    "KmsKeyId": "must be a KMS key ID, key ARN or alias/<name>",
}

SHOWN_PATTERN = 120
"""Longer patterns say nothing to a reader."""


@rule(
    "SM107",
    on=Keyword("pattern"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations.html",
    rank=Rank.SCHEMA,
)
def text_pattern(problem: Problem, _call: Call, _facts: Catalog) -> Faults:
    """Yield a fault that describes the form."""
    node = problem.node
    pattern = node.field.constraints.get("then", {}).get("pattern", "")
    bare = pattern.removeprefix("^(?:").removesuffix(")$")
    form = _FORMS.get(node.field.shape)
    if form is None and bare and len(bare) <= SHOWN_PATTERN:
        form = f"must match {bare}"
    yield node.invalid(form or f"is not of the form of a {node.field.shape}")
