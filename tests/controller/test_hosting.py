# SPDX-License-Identifier: Apache-2.0
"""Deployments: children by generation, one endpoint, one update for each generation."""

from __future__ import annotations

from typing import Any

import pytest

from controller.observed import Observed
from controller.step import REST
from controller.subject import UID_TAG
from tests.controller.cloud import tags_of
from tests.controller.row import DELETED, NOW, after, condition, failed, held, said
from tests.controller.sample import sample
from tests.controller.test_job import REFUSAL
from tests.controller.world import HEX, UID, Body, Key, World, conditions

KIND = "HostingDeployment"
NAME = f"mnist-{HEX}"
ARN = f"arn:aws:sagemaker:us-west-2:123456789012:endpoint/{NAME}"
MADE = {"endpointName": NAME, "endpointArn": ARN, "endpointStatus": "InService",
        "observedGeneration": 1}  # fmt: skip


def child(kind: str, stem: str, generation: int, **status: Any) -> tuple[Key, Body]:
    """Return a child as the cluster has it."""
    name = f"{stem}-{generation}-{HEX}"
    made = {"status": "Created", f"sageMaker{kind}Name": f"{stem}{generation}", **status}
    spec = {"primaryContainer": {"image": "i"}} if kind == "Model" else {
        "productionVariants": [{"modelName": f"xgboost{generation}", "variantName": "v"}]
    }  # fmt: skip
    return (kind, name), {"metadata": {"name": name}, "spec": spec, "status": made}


def family(*generations: int) -> dict[Key, Body]:
    """Return the children of generations, all made."""
    return dict(
        each
        for number in generations
        for each in (child("Model", "xgboost", number), child("EndpointConfig", "mnist", number))
    )


def seen(word: str | None, config: str = "mnist2", *generations: int, **more: Any) -> Observed:
    """Return an endpoint as AWS has it, beside the children."""
    found = {
        "EndpointName": NAME, "EndpointArn": ARN, "EndpointStatus": word,
        "EndpointConfigName": config, "LastModifiedTime": NOW, **more,
    }  # fmt: skip
    description = None if word is None else found
    return Observed(description, is_known=True, children=family(*(generations or (1, 2))))


def synced(reason: str, generation: int = 2, **status: Any) -> Body:
    """Return a status with this reason of Synced."""
    return {**MADE, "conditions": [condition("Synced", "False", reason, generation)], **status}


def test_children_by_generation() -> None:
    """First the models, then the configuration that names them; owned, and judged together."""
    step = after(held(KIND))
    (model,) = step.children
    assert (model.kind, model.name) == ("Model", f"xgboost-2-{HEX}")
    assert (step.is_judged, step.sent) == (True, None)
    assert model.body is not None
    (owner,) = model.body["metadata"]["ownerReferences"]
    assert (owner["uid"], owner["controller"]) == (UID, True)
    assert model.body["spec"]["primaryContainer"]["containerHostname"] == "first"
    assert (step.status or {})["endpointStatus"] == "ReconcilingEndpoint"
    then = after(held(KIND), Observed(children=dict([child("Model", "xgboost", 2)])))
    (config,) = then.children
    assert (config.kind, config.name) == ("EndpointConfig", f"mnist-2-{HEX}")
    assert config.body is not None
    assert config.body["spec"]["productionVariants"][0]["modelName"] == "xgboost2"


def test_a_childs_name_fits_and_is_told_apart() -> None:
    """253 characters at most, of which generation and uid keep theirs."""
    body = held(KIND, name="a" * 253)
    children = dict([child("Model", "xgboost", 2)])
    (config,) = after(body, Observed(children=children)).children
    assert len(config.name) == 253
    assert config.name.endswith(f"-2-{HEX}")


@pytest.mark.parametrize("name", ["under_score", "-a", "\u00e9", "XGBoost"])
def test_a_model_whose_name_can_be_no_objects(name: str) -> None:
    """One clear end, not a write that the API server refuses for ever."""
    body = held(KIND)
    body["spec"]["models"].append({**body["spec"]["models"][0], "name": name})
    step = after(body)
    assert (step.children, said(step)["Failed"]) == ((), ("True", "BadName"))


def test_the_endpoint_is_created_when_its_configuration_is_ready() -> None:
    """With the original's name, the configuration's own, the tags and ours."""
    body = held(KIND, None, {"tags": [{"key": "a", "value": "b"}]})
    step = after(body, seen(None))
    assert step.call is not None
    assert step.call.operation == "CreateEndpoint"
    assert tags_of(step.call.parameters) == {"a": "b", UID_TAG: UID}
    names = {k: v for k, v in step.call.parameters.items() if k != "Tags"}
    assert names == {"EndpointName": NAME, "EndpointConfigName": "mnist2"}
    assert (step.status or {})["observedGeneration"] == 2


@pytest.mark.parametrize(
    ("word", "ready", "failed_"),
    [("Creating", "False", "False"), ("InService", "True", "False"), ("Updating", "True", "False"),
     ("RollingBack", "True", "False"), ("Failed", "False", "True"), ("Odd", "False", "False")],
)  # fmt: skip
def test_shown(word: str, ready: str, failed_: str) -> None:
    """AWS's word, and whether it serves."""
    step = after(held(KIND, {**MADE, "observedGeneration": 2}), seen(word))
    found = {type_: status for type_, (status, _) in said(step).items()}
    assert (found["Ready"], found["Failed"]) == (ready, failed_)
    assert (step.status or {})["endpointStatus"] == word
    assert (step.again or 0) >= 60


@pytest.mark.parametrize(
    ("operation", "code", "message", "status", "reason"),
    [
        ("CreateEndpoint", "ValidationException", "bad", {}, "ValidationException"),
        ("CreateEndpoint", "ResourceLimitExceeded", "quota", {}, None),
        ("UpdateEndpoint", "ValidationException", "bad", MADE, "ValidationException"),
        ("UpdateEndpoint", "ValidationException", "Cannot update in-progress endpoint", MADE, None),
        ("UpdateEndpoint", "ThrottlingException", "slow", MADE, None),
        ("DescribeEndpoint", "ValidationException", "odd", MADE, None),
        ("DescribeEndpoint", "ValidationException", "odd", {}, "ValidationException"),
    ],
)
def test_errors(operation: str, code: str, message: str, status: Body, reason: str | None) -> None:
    """A bad request ends it, the endpoint's own business does not; a serving one goes on."""
    step = after(held(KIND, dict(status)), failed(operation, code, message, 3))
    assert said(step).get("Failed") == (None if reason is None else ("True", reason))
    assert (step.again is None) == (reason is not None)
    assert message in (step.status or {})["additional"]
    if status:
        assert (step.status or {})["endpointStatus"] == "InService"


def test_a_childs_end_is_the_deployments_until_it_is_mended() -> None:
    """Its words are shown; when it recovers, the deployment goes on."""
    fault = {**condition("Failed", "True", "Refused"), "message": "no such role"}
    bad = dict([child("Model", "xgboost", 2, status="Error", conditions=[fault])])
    step = after(held(KIND), Observed(children=bad))
    assert said(step)["Failed"] == ("True", "ChildFailed")
    assert "no such role" in (step.status or {})["additional"]
    body = held(KIND, dict(step.status or {}))
    assert after(body, Observed(children=bad)) == REST
    assert after(body, seen(None)).call is not None


def test_what_a_child_waits_for_is_shown() -> None:
    """Not only "reconciling"."""
    slow = dict([child("Model", "xgboost", 2, status="Error", additional="AccessDenied")])
    step = after(held(KIND), Observed(children=slow))
    assert (step.status or {})["additional"] == f"Model xgboost-2-{HEX}: AccessDenied"


def test_refused() -> None:
    """Field by field, and the endpoint that is there goes on serving."""
    observed = Observed(children=family(1), refused=(REFUSAL,))
    step = after(held(KIND, MADE), observed)
    assert said(step)["Failed"] == ("True", "Refused")
    assert (step.status or {})["endpointStatus"] == "InService"


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ({"region": "eu-west-1"}, "RegionChanged"),
        ({"sageMakerEndpoint": "https://other"}, "SageMakerEndpointChanged"),
        ({"endpointName": "other"}, "EndpointNameChanged"),
    ],
)
def test_what_no_endpoint_can_do_is_refused(edit: Body, reason: str) -> None:
    """Move, or be renamed; it is neither lost from sight nor made twice."""
    made = {**MADE, "region": "us-west-2"}
    step = after(held(KIND, made, edit), seen("InService"))
    assert (step.call, step.children) == (None, ())
    assert said(step)["Failed"] == ("True", reason)
    assert next(iter(edit.values())) in (step.status or {})["additional"]


def test_an_endpoint_that_was_never_made_follows_its_region() -> None:
    """CreateEndpoint was refused where the region was at first."""
    status = {"region": "eu-west-1", "observedGeneration": 1}
    body = held(KIND, status)
    absent = seen(None)
    step = after(body, absent)
    assert (step.status, step.call, step.again) == ({"observedGeneration": 1}, None, 0)
    body["status"] = dict(step.status or {})
    create = after(body, absent)
    assert create.call is not None
    assert create.call.operation == "CreateEndpoint"
    assert (create.status or {})["region"] == "us-west-2"


@pytest.mark.parametrize(
    ("observed", "operation", "children", "releases"),
    [
        (Observed(), "DescribeEndpoint", 0, False),
        (seen("InService"), "DeleteEndpoint", 0, False),
        (seen("Failed"), "DeleteEndpoint", 0, False),
        (seen("Creating"), None, 0, False),
        (seen("Deleting"), None, 0, False),
        (seen(None), None, 4, False),
        (Observed(is_known=True), None, 0, True),
    ],
)
def test_deletion(observed: Observed, operation: str | None, children: int, releases: bool) -> None:
    """The endpoint, then the children, then the object; never judged."""
    step = after(held(KIND, MADE, deletionTimestamp=DELETED), observed)
    assert (step.call.operation if step.call else None) == operation
    assert (len(step.children), step.releases, step.is_judged) == (children, releases, False)


def test_abandoned() -> None:
    """Its children leave AWS alone as it does."""
    notes = {"kube-sagemaker.dev/on-delete": "abandon"}
    body = held(KIND, MADE, deletionTimestamp=DELETED, annotations=notes)
    step = after(body, seen("InService", "mnist2", 2))
    assert (step.call, step.releases) == (None, True)
    assert all((c.body or {})["metadata"]["annotations"] == notes for c in step.children)
    assert len(step.children) == 2


def test_somebody_elses_endpoint() -> None:
    """Of the name that the user gave: refused, and left alone on deletion."""
    world = World()
    body = sample(KIND)
    body["spec"]["endpointName"] = "taken"
    world.cloud.things["Endpoint", "taken"] = {
        "EndpointName": "taken", "EndpointArn": "arn", "EndpointStatus": "InService",
        "EndpointConfigName": "theirs",
    }  # fmt: skip
    key = world.add(body)
    world.run(8)
    assert conditions(world.objects[key])["Failed"]["reason"] == "NameTaken"
    world.delete(key)
    world.run()
    assert list(world.cloud.things) == [("Endpoint", "taken")]
