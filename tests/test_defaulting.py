# SPDX-License-Identifier: Apache-2.0
"""Defaults fill what is absent, and change nothing else."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import jsonpatch
import pytest

from tests.cases.case import GROUPS, Case, policy_document, render
from webhook.catalog import load_catalog
from webhook.context import Context, Verb
from webhook.defaulting import Defaulted, default
from webhook.patch import Add, apply, pointer
from webhook.policy import parse
from webhook.resource import REGION, Namespace, read_resource
from webhook.review import moded_ids, parameter_types
from webhook.schema import RustEngine

ROLE = "arn:aws:iam::123456789012:role/defaulted"
POLICY = {
    "defaults": {
        "Region": "us-east-1",
        "RoleArn": ROLE,
        "OutputDataConfig.KmsKeyId": "alias/ml",
        "VpcConfig.Subnets": ["subnet-1"],
        "Tags": [{"Key": "team", "Value": "research"}],
        "Environment": {"A": "1"},
    }
}
both = pytest.mark.parametrize("group", ["legacy", "ack"])


def job(group: str, **changes: Any) -> dict[str, Any]:
    """Return the base job, changed."""
    case = Case("", "CreateTrainingJob", "", changes, None, "")
    return render(case, next(kind for kind in case.kinds() if kind.group == GROUPS[group]))


def fill(
    body: dict[str, Any],
    policy: dict[str, Any],
    old: dict[str, Any] | None = None,
    annotations: dict[str, str] | None = None,
) -> Defaulted:
    """Run the defaults, on UPDATE when there is an old object."""
    resource = read_resource(body)
    assert resource is not None
    parsed = parse(policy_document(policy), parameter_types(), moded_ids())
    context = Context(
        Verb.CREATE if old is None else Verb.UPDATE,
        load_catalog(),
        RustEngine,
        date(2026, 1, 1),
        parsed,
        Namespace("default", {}, annotations or {}),
        read_resource(old) if old is not None else None,
    )
    before = copy.deepcopy(body)
    done = default(resource, context)
    assert body == before, "the object that came in is never written to"
    assert all(type(step) in {str, int} for add in done.patch for step in add.path)
    patched = jsonpatch.apply_patch(body, [add.operation for add in done.patch])
    assert patched == done.resource.body, "another implementation of JSON Patch agrees"
    assert default(done.resource, context).patch == (), "a second time fills nothing"
    return done


@both
def test_what_is_absent_is_filled_in_the_kinds_own_spelling(group: str) -> None:
    """Role, region, a member, tags and a map; each is named with where it comes from."""
    done = fill(job(group, Region=None, RoleArn=None, Tags=None), POLICY)
    body = done.resource.body
    if group == "legacy":
        assert (body["spec"]["region"], body["spec"]["roleArn"]) == ("us-east-1", ROLE)
        assert body["spec"]["environment"] == [{"name": "A", "value": "1"}]
        assert body["spec"]["outputDataConfig"]["kmsKeyId"] == "alias/ml"
    else:
        assert body["metadata"]["annotations"] == {REGION: "us-east-1"}
        assert body["spec"]["roleARN"] == ROLE
        assert body["spec"]["environment"] == {"A": "1"}
        assert body["spec"]["outputDataConfig"]["kmsKeyID"] == "alias/ml"
    assert body["spec"]["tags"] == [{"key": "team", "value": "research"}]
    assert all("by policy section case" in filled.sentence for filled in done.filled)
    assert len(done.filled) == len(done.patch) == 5


@both
def test_a_missing_parent_is_not_made(group: str) -> None:
    """No vpcConfig, no subnets."""
    assert "vpcConfig" not in fill(job(group), POLICY).resource.body["spec"]


@both
def test_what_the_user_wrote_stays(group: str) -> None:
    """Even an empty list, an empty text, or null: it is the user's word."""
    empty: Any = []
    for value in (empty, None):
        body = job(group)
        body["spec"]["tags"] = value
        body["spec"]["environment"] = value
        done = fill(body, POLICY)
        assert done.resource.body["spec"]["tags"] == value
        assert done.resource.body["spec"]["environment"] == value


@both
def test_an_update_gets_back_what_was_stored(group: str) -> None:
    """Not what the policy says today; and what was never there stays away."""
    stored = job(group, RoleArn="arn:aws:iam::123456789012:role/first", Tags=None)
    sent = job(group, Region=None, RoleArn=None, Tags=None)
    done = fill(sent, {"defaults": {**POLICY["defaults"], "Region": "eu-west-1"}}, old=stored)
    spec = done.resource.body["spec"]
    assert "arn:aws:iam::123456789012:role/first" in spec.values()
    region = spec.get("region") or done.resource.annotations.get(REGION)
    assert region == "us-east-1"
    assert "tags" not in spec
    assert "environment" not in spec
    assert all("as stored" in filled.sentence for filled in done.filled)


@both
def test_role_and_region_are_restored_without_a_policy(group: str) -> None:
    """They are never lost by an update, whatever the policy is today."""
    done = fill(job(group, Region=None, RoleArn=None), {}, old=job(group))
    assert len(done.filled) == 2


@both
def test_an_update_that_lacks_what_was_never_there_stays_so(group: str) -> None:
    """Today's policy is no reason to move a stored job."""
    stored = job(group, Region=None, RoleArn=None)
    assert fill(stored, POLICY, old=stored).patch == ()


def test_ack_takes_the_namespaces_region_first() -> None:
    """The annotation is what ACK itself would have resolved."""
    policy = {**POLICY, "ackController": {"region": "ap-south-1"}}
    of_namespace = {"services.k8s.aws/default-region": "eu-central-1"}
    for found, region in ((of_namespace, "eu-central-1"), ({}, "us-east-1")):
        done = fill(job("ack", Region=None), policy, annotations=found)
        assert done.resource.annotations[REGION] == region
    done = fill(job("ack", Region=None), {"ackController": {"region": "ap-south-1"}})
    assert done.resource.annotations[REGION] == "ap-south-1"
    assert fill(job("ack", Region=None), {}).patch == ()


def test_other_annotations_stay() -> None:
    """The region joins them; null annotations are as good as none."""
    body = job("ack", Region=None)
    body["metadata"]["annotations"] = {"a/b": "c"}
    assert fill(body, POLICY).resource.annotations == {"a/b": "c", REGION: "us-east-1"}
    body["metadata"]["annotations"] = None
    assert fill(body, POLICY).resource.annotations == {REGION: "us-east-1"}


@pytest.mark.parametrize(
    "annotation",
    [("services.k8s.aws/adoption-policy", "adopt"), ("services.k8s.aws/read-only", "True")],
)
def test_an_adopted_job_gets_no_spec_defaults(annotation: tuple[str, str]) -> None:
    """ACK fills its spec; only the region, which is no part of it, is pinned."""
    body = job("ack", Region=None, RoleArn=None)
    body["metadata"]["annotations"] = dict([annotation])
    done = fill(body, POLICY)
    assert [filled.path[0] for filled in done.filled] == ["metadata"]


def test_pointers_are_escaped() -> None:
    """`~` before `/`, and the patch applies to what it names."""
    assert pointer(("a/b", "c~d")) == "/a~1b/c~0d"
    add = Add(("m", "a/b~c"), 1)
    document: dict[str, Any] = {"m": {}}
    assert apply(document, [add]) == jsonpatch.apply_patch(document, [add.operation])
    assert document == {"m": {}}
