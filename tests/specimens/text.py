# SPDX-License-Identifier: Apache-2.0
"""Texts that fit the shapes of the API: found among candidates, so that each is readable."""

from __future__ import annotations

from functools import cache

from schemas import Field
from webhook.catalog import load_catalog
from webhook.schema import matches

ACCOUNT = "123456789012"
_SAGEMAKER = f"arn:aws:sagemaker:us-west-2:{ACCOUNT}"

CANDIDATES = (
    "a",
    "name-1",
    "us-west-2",
    f"arn:aws:iam::{ACCOUNT}:role/service-role/execution",
    "s3://example-ml-data/prefix/",
    "https://example.com/path/file",
    "https://github.com/example/repository",
    "433757028032.dkr.ecr.us-west-2.amazonaws.com/xgboost:1",
    "alias/ml",
    "5",
    ACCOUNT,
    "subnet-0a1b2c3d",
    "text/csv",
    "application/json",
    "/opt/ml/processing/input",
    "/metrics",
    "fs-0a1b2c3d4e5f60718",
    "d-a1b2c3d4e5f6",
    "dzd_a1b2c3",
    "eijv1b2c3d",
    "ml.m5.xlarge",
    "mig-1g.5gb",
    "4K",
    "P1D",
    "-PT1H",
    "1.0.0",
    "sha256:" + "0" * 64,
    "UserName",
    "notebook-al2-v2",
    "al2-ami-sagemaker-batch-gpu-470",
    "image classification",
    "prod-5hhyjpqwkvbge",
    "cron(0 * ? * * *)",
    "#ffffff",
    f"arn:aws:lambda:us-west-2:{ACCOUNT}:function:pre-labelling",
    f"arn:aws:secretsmanager:us-west-2:{ACCOUNT}:secret:git",
    f"arn:aws:sns:us-west-2:{ACCOUNT}:topic",
    f"arn:aws:sso::{ACCOUNT}:application/ssoins-1/apl-1",
    f"arn:aws:codewhisperer:us-west-2:{ACCOUNT}:profile/A1",
    f"arn:aws:s3express:us-west-2:{ACCOUNT}:bucket/b",
    f"{_SAGEMAKER}:workteam/private-crowd/team",
    f"{_SAGEMAKER}:image/custom",
    f"{_SAGEMAKER}:image-version/custom/1",
    f"{_SAGEMAKER}:model/m",
    f"{_SAGEMAKER}:model-package/p/1",
    f"{_SAGEMAKER}:model-package-group/g",
    f"{_SAGEMAKER}:human-task-ui/ui",
    f"{_SAGEMAKER}:mlflow-tracking-server/server",
    f"{_SAGEMAKER}:pipeline/p/execution/e",
    f"{_SAGEMAKER}:studio-lifecycle-config/c",
    f"{_SAGEMAKER}:training-plan/plan",
    f"{_SAGEMAKER}:reservation/r1",
    f"{_SAGEMAKER}:hub-content/hub/Model/m/1.0.0",
    f"{_SAGEMAKER}:hub-content/hub/DataSet/d/1.0.0",
    "a" * 36,
)


@cache
def texts(field: Field) -> tuple[str, ...]:
    """Return the candidates that a text field takes, the API's own values first.

    Raises LookupError where none fits: then a candidate is missing above.
    """
    rules = field.constraints
    if "enum" in rules:
        return tuple(rules["enum"])
    known = load_catalog().instance_types.get(field.shape)
    if known is not None:
        return ("ml.m5.xlarge",) if "ml.m5.xlarge" in known else (min(known),)
    found = tuple(text for text in CANDIDATES if fits(text, field))
    if not found:
        raise LookupError(f"no candidate for {field.shape}: {dict(rules)}")
    return found


def fits(text: str, field: Field) -> bool:
    """Whether a text is of the length and form of a field."""
    rules = field.constraints
    if not rules.get("minLength", 0) <= len(text) <= rules.get("maxLength", len(text)):
        return False
    pattern = rules.get("then", {}).get("pattern")
    return pattern is None or matches(pattern, text)
