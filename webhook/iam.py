# SPDX-License-Identifier: Apache-2.0
"""The two IAM policies of the operators' role: who may take it, and what it may do.

The role is not the job's: `spec.roleArn` is the role that SageMaker takes for a job, and the
operators only pass it on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

AUDIENCE: Final = "sts.amazonaws.com"
"""Of the tokens that EKS mounts, in every partition."""

SAGEMAKER: Final = (
    "AddTags",
    "CreateEndpoint",
    "CreateEndpointConfig",
    "CreateHyperParameterTuningJob",
    "CreateModel",
    "CreateProcessingJob",
    "CreateTrainingJob",
    "CreateTransformJob",
    "DeleteEndpoint",
    "DeleteEndpointConfig",
    "DeleteModel",
    "DescribeEndpoint",
    "DescribeEndpointConfig",
    "DescribeHyperParameterTuningJob",
    "DescribeModel",
    "DescribeProcessingJob",
    "DescribeTrainingJob",
    "DescribeTransformJob",
    "ListTags",
    "ListTrainingJobsForHyperParameterTuningJob",
    "StopHyperParameterTuningJob",
    "StopProcessingJob",
    "StopTrainingJob",
    "StopTransformJob",
    "UpdateEndpoint",
    "UpdateEndpointWeightsAndCapacities",
)
"""What the operators call, and what a create with tags (AddTags) and a scaling policy
(UpdateEndpointWeightsAndCapacities) are checked for beside it."""

LISTS: Final = (
    "ListEndpoints",
    "ListHyperParameterTuningJobs",
    "ListProcessingJobs",
    "ListTrainingJobs",
    "ListTransformJobs",
)
"""What the operators learn changes by; IAM knows no resources of these."""

RESOURCES: Final = (
    "endpoint",
    "endpoint-config",
    "hyper-parameter-tuning-job",
    "model",
    "processing-job",
    "training-job",
    "transform-job",
)
"""Types of what the operators make."""

SCALING: Final = (
    "application-autoscaling:DeleteScalingPolicy",
    "application-autoscaling:DeregisterScalableTarget",
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingPolicies",
    "application-autoscaling:PutScalingPolicy",
    "application-autoscaling:RegisterScalableTarget",
    "cloudwatch:DeleteAlarms",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:PutMetricAlarm",
)
"""Of HostingAutoscalingPolicy; the alarms are what a target-tracking policy consists of."""

SCALING_SERVICE: Final = "sagemaker.application-autoscaling.amazonaws.com"
SCALING_ROLE: Final = "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"

_ACCOUNT: Final = re.compile(r"[0-9]{12}", re.ASCII)
_PARTITION: Final = re.compile(r"aws(-[a-z]+)*", re.ASCII)
_ROLE: Final = re.compile(r"arn:aws(-[a-z]+)*:iam::[0-9]{12}:role/[\w+=,.@*/-]+", re.ASCII)
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAMESPACE: Final = re.compile(_LABEL, re.ASCII)
_ACCOUNT_NAME: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.ASCII)
_ISSUER: Final = re.compile(rf"{_LABEL}(\.{_LABEL})+(:[0-9]+)?(/[\w.~-]+)*", re.ASCII)


class PolicyInputError(Exception):
    """A value from which no policy can be made: which option, the value, the remedy."""


def trust_policy(
    issuer: str, account: str, namespace: str, service_account: str, partition: str
) -> dict[str, Any]:
    """Return the trust policy of a role for one service account (IRSA).

    `issuer` is the cluster's OIDC issuer, a URL with https. Raises PolicyInputError.
    """
    _verify_place(account, partition)
    provider = _provider(issuer)
    if not _NAMESPACE.fullmatch(namespace):
        raise PolicyInputError(
            f"--namespace {namespace!r} is no namespace: lower-case letters, digits and hyphens"
        )
    if not _ACCOUNT_NAME.fullmatch(service_account) or len(service_account) > 253:  # noqa: PLR2004
        raise PolicyInputError(f"--service-account {service_account!r} is no name of one")
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {
                    "Federated": f"arn:{partition}:iam::{account}:oidc-provider/{provider}"
                },
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {
                        f"{provider}:aud": AUDIENCE,
                        f"{provider}:sub": f"system:serviceaccount:{namespace}:{service_account}",
                    }
                },
            }
        ],
    }


def permission_policy(account: str, partition: str, roles: Sequence[str] = ()) -> dict[str, Any]:
    """Return what the operators' role may do in one account, in every region.

    `roles` are ARNs of the jobs' roles, `*` allowed in them; none means every role of the account,
    for SageMaker only. Raises PolicyInputError.
    """
    _verify_place(account, partition)
    for role in roles:
        if not _ROLE.fullmatch(role):
            raise PolicyInputError(
                f"--pass-role {role!r} is no role's ARN, e.g."
                f" arn:{partition}:iam::{account}:role/sagemaker-execution"
            )
    linked = f"aws-service-role/{SCALING_SERVICE}/{SCALING_ROLE}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "SageMaker",
                "Effect": "Allow",
                "Action": [f"sagemaker:{operation}" for operation in SAGEMAKER],
                "Resource": [
                    f"arn:{partition}:sagemaker:*:{account}:{each}/*" for each in RESOURCES
                ],
            },
            {
                "Sid": "Lists",
                "Effect": "Allow",
                "Action": [f"sagemaker:{operation}" for operation in LISTS],
                "Resource": "*",
            },
            {
                "Sid": "PassTheJobsRole",
                "Effect": "Allow",
                "Action": "iam:PassRole",
                "Resource": list(roles) or [f"arn:{partition}:iam::{account}:role/*"],
                "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
            },
            {"Sid": "Autoscaling", "Effect": "Allow", "Action": list(SCALING), "Resource": "*"},
            {
                "Sid": "AutoscalingsOwnRole",
                "Effect": "Allow",
                "Action": "iam:CreateServiceLinkedRole",
                "Resource": f"arn:{partition}:iam::{account}:role/{linked}",
                "Condition": {"StringLike": {"iam:AWSServiceName": SCALING_SERVICE}},
            },
        ],
    }


def _verify_place(account: str, partition: str) -> None:
    if not _ACCOUNT.fullmatch(account):
        raise PolicyInputError(f"--account {account!r} is no account: 12 digits, no hyphens")
    if not _PARTITION.fullmatch(partition):
        raise PolicyInputError(
            f"--partition {partition!r} is none: aws, aws-cn, aws-us-gov or another of AWS's"
        )


def _provider(issuer: str) -> str:
    """Return an issuer as IAM names its provider: without scheme and closing slash."""
    text = issuer.strip()
    scheme, found, rest = text.partition("://")
    host = (rest if found else text).rstrip("/")
    if found and scheme.lower() != "https":
        raise PolicyInputError(f"--oidc-issuer {issuer!r} is not https; IAM takes no other")
    if not _ISSUER.fullmatch(host):
        raise PolicyInputError(
            f"--oidc-issuer {issuer!r} is no issuer, e.g."
            " https://oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
        )
    return host
