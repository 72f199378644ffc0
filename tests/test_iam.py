# SPDX-License-Identifier: Apache-2.0
"""The policies of the operators' role: what AWS expects, and inputs from which none can be made."""

from __future__ import annotations

import json
from typing import Any

import botocore.session
import pytest
from click.testing import CliRunner

from controller.artifact import ARTIFACTS
from controller.jobs import JOBS
from controller.lookout import LISTS as LOOKOUT_LISTS
from controller.spawn import LIST
from webhook.cli.main import main
from webhook.iam import LISTS, RESOURCES, SAGEMAKER, SCALING

ISSUER = "https://oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
ACCOUNT = "123456789012"


def run(*arguments: str) -> tuple[int, str]:
    """Run `kube-sagemaker iam`; return exit code and output."""
    done = CliRunner().invoke(main, ["iam", *arguments])
    return done.exit_code, done.output


def trust(*arguments: str) -> dict[str, Any]:
    """Return the one statement of a trust policy."""
    code, output = run("trust-policy", "--account", ACCOUNT, *arguments)
    assert code == 0, output
    (statement,) = json.loads(output)["Statement"]
    found: dict[str, Any] = statement
    return found


@pytest.mark.parametrize(
    "issuer", [ISSUER, ISSUER + "/", ISSUER.removeprefix("https://"), f" {ISSUER} "]
)
def test_the_trust_policy_names_one_account_of_one_cluster(issuer: str) -> None:
    """The original's account, the provider without scheme, and the audience of EKS's tokens."""
    statement = trust("--oidc-issuer", issuer)
    provider = ISSUER.removeprefix("https://")
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert statement["Principal"] == {
        "Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{provider}"
    }
    account = "sagemaker-k8s-operator-system:sagemaker-k8s-operator-default"
    assert statement["Condition"] == {"StringEquals": {
        f"{provider}:aud": "sts.amazonaws.com",
        f"{provider}:sub": f"system:serviceaccount:{account}",
    }}  # fmt: skip


def test_namespace_account_and_partition_are_taken() -> None:
    """For the namespaced operators, and for China."""
    issuer = "https://oidc.eks.cn-north-1.amazonaws.com.cn/id/A1"
    statement = trust(
        "--oidc-issuer", issuer, "--namespace", "team-a", "--service-account", "mine.own",
        "--partition", "aws-cn",
    )  # fmt: skip
    assert statement["Principal"]["Federated"].startswith(f"arn:aws-cn:iam::{ACCOUNT}:oidc-")
    (equals,) = statement["Condition"].values()
    assert equals["oidc.eks.cn-north-1.amazonaws.com.cn/id/A1:sub"] == (
        "system:serviceaccount:team-a:mine.own"
    )


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--oidc-issuer", "http://oidc.example.com/id/A", "is not https"),
        ("--oidc-issuer", "https://", "is no issuer, e.g. https://oidc.eks."),
        ("--oidc-issuer", "https://oidc.example.com/id/A?x=1", "is no issuer"),
        ("--oidc-issuer", "arn:aws:iam::123456789012:oidc-provider/x", "is no issuer"),
        ("--oidc-issuer", "None", "is no issuer"),
        ("--oidc-issuer", 'https://a.b/"', "is no issuer"),
        ("--account", "1234-5678-9012", "12 digits, no hyphens"),
        ("--account", "١٢٣٤٥٦٧٨٩٠١٢", "12 digits"),
        ("--namespace", "Team_A", "is no namespace"),
        ("--namespace", "*", "is no namespace"),
        ("--service-account", "a" * 254, "is no name of one"),
        ("--partition", "china", "aws, aws-cn"),
    ],
)
def test_inputs_from_which_no_trust_policy_can_be_made(option: str, value: str, says: str) -> None:
    """One line: option, value, what is wrong; exit code 2, and no half of a policy."""
    given = {"--oidc-issuer": ISSUER, "--account": ACCOUNT, option: value}
    code, output = run("trust-policy", *(word for pair in given.items() for word in pair))
    assert (code, output.count("\n")) == (2, 1)
    assert option in output
    assert repr(value) in output
    assert says in output


def statements(*arguments: str) -> dict[str, dict[str, Any]]:
    """Return the statements of a permission policy by Sid."""
    code, output = run("policy", "--account", ACCOUNT, *arguments)
    assert code == 0, output
    compact = json.dumps(json.loads(output), separators=(",", ":"))
    assert len(compact) < 6144, "IAM takes no longer managed policy"
    return {each["Sid"]: each for each in json.loads(output)["Statement"]}


def test_the_permissions_are_operations_that_exist() -> None:
    """By botocore's description of the API, and sorted; no wildcard among them."""
    session = botocore.session.get_session()
    real = set(session.get_service_model("sagemaker").operation_names)
    assert {*SAGEMAKER, *LISTS} <= real
    for service, model in (
        ("application-autoscaling", "application-autoscaling"), ("cloudwatch", "cloudwatch"),
    ):  # fmt: skip
        named = {each.partition(":")[2] for each in SCALING if each.startswith(f"{service}:")}
        assert named <= set(session.get_service_model(model).operation_names)
        assert named
    assert list(SAGEMAKER) == sorted(set(SAGEMAKER))


def test_what_is_made_is_all_that_is_touched() -> None:
    """SageMaker's actions are on resource types of one account; each that is made is among them."""
    found = statements()
    assert set(found) == {
        "SageMaker", "Lists", "PassTheJobsRole", "Autoscaling", "AutoscalingsOwnRole",
    }  # fmt: skip
    resources = found["SageMaker"]["Resource"]
    assert all(each.startswith(f"arn:aws:sagemaker:*:{ACCOUNT}:") for each in resources)
    made = {each.removeprefix("Create").lower() for each in SAGEMAKER if each.startswith("Create")}
    assert made == {each.replace("-", "") for each in RESOURCES}


def test_a_role_is_passed_to_sagemaker_only() -> None:
    """Every role of the account, or those that are named."""
    passing = statements()["PassTheJobsRole"]
    assert passing["Resource"] == [f"arn:aws:iam::{ACCOUNT}:role/*"]
    assert passing["Condition"] == {
        "StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}
    }
    roles = [f"arn:aws:iam::{ACCOUNT}:role/ml/{name}" for name in ("train", "serve-*")]
    named = statements("--pass-role", roles[0], "--pass-role", roles[1])
    assert named["PassTheJobsRole"]["Resource"] == roles
    code, output = run("policy", "--account", ACCOUNT, "--pass-role", "train")
    assert code == 2
    assert "--pass-role 'train' is no role's ARN, e.g. arn:aws:iam::123456789012:role/" in output


def test_the_role_may_what_the_operators_call_and_no_more() -> None:
    """By the tables of their kinds, not by what some test happens to call."""
    jobs = {f"{verb}{job.noun}" for job in JOBS.values() for verb in ("Create", "Describe", "Stop")}
    made = {
        f"{verb}{noun}"
        for noun in ("Endpoint", *(artifact.noun for artifact in ARTIFACTS.values()))
        for verb in ("Create", "Describe", "Delete")
    }
    others = {"UpdateEndpoint", "ListTags", LIST}
    beside = {"AddTags", "UpdateEndpointWeightsAndCapacities"}  # of tags, and of a policy's target
    assert set(SAGEMAKER) == jobs | made | others | beside
    assert set(LISTS) == {operation for operation, _, _ in LOOKOUT_LISTS.values()}
