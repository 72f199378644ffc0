# SPDX-License-Identifier: Apache-2.0
"""Objects that the original left: a deployment is tied to its children by a label only."""

from __future__ import annotations

from typing import Any

import pytest

from controller.store import OWNER_LABEL, Store, owners
from controller.subject import FINALIZER
from tests.controller.sample import ROLE, container, sample, variant
from tests.controller.test_hosting import ARN, KIND, NAME
from tests.controller.world import HEX, UID, Body, Key, World, make

MODEL, CONFIG = f"xgboost-1-{HEX}", f"mnist-1-{HEX}"
UID_OF = {"Model": "9fdc51a35c7a4f69ba339afa5e0efe34",
          "EndpointConfig": "4035528639944f998e2c0127a65d9fd3"}  # fmt: skip
MADE = {
    "Model": f"xgboost-1-e06b46ed02fe46a28d99-{UID_OF['Model']}",
    "EndpointConfig": f"mnist-1-e06b46ed02fe46a28d99e1-{UID_OF['EndpointConfig']}",
}
"""Kind: the name in AWS, of 30 characters of the object's and its uid."""

DEPLOYMENT: Key = (KIND, "mnist")


def left(kind: str, name: str, spec: Body, **status: Any) -> Body:
    """Return a child as the original made it."""
    labels = {OWNER_LABEL: "mnist", "owner_HostingDeployment_namespace": "ml"}
    body = make(
        kind, {"region": "us-west-2", **spec}, name=name, uid=UID_OF[kind], labels=labels,
        finalizers=[FINALIZER],
    )  # fmt: skip
    made = {f"sageMaker{kind}Name": MADE[kind], "status": "Created"}
    return {**body, "status": {**made, **status}}


def world() -> World:
    """Return a deployment in service with its children, in the original's form."""
    found = World()
    body = sample(KIND, finalizers=[FINALIZER])
    body["status"] = {"endpointName": NAME, "endpointArn": ARN, "endpointStatus": "InService"}
    arns = {kind: f"arn:aws:sagemaker:us-west-2:1:{kind.lower()}/x" for kind in ("Model", "Config")}
    config = {"productionVariants": [{**variant(), "modelName": MADE["Model"]}]}
    model = {"executionRoleArn": ROLE, "primaryContainer": container()}
    for each in (
        body,
        left("Model", MODEL, model, modelArn=arns["Model"]),
        left("EndpointConfig", CONFIG, config, endpointConfigArn=arns["Config"]),
    ):
        found.add(each)
    name = MADE["EndpointConfig"]
    found.cloud.things |= {
        ("Model", MADE["Model"]): {"ModelName": MADE["Model"], "ModelArn": arns["Model"]},
        ("EndpointConfig", name): {
            "EndpointConfigName": name, "EndpointConfigArn": arns["Config"],
        },
        ("Endpoint", NAME): {
            "EndpointName": NAME, "EndpointArn": ARN, "EndpointStatus": "InService",
            "EndpointConfigName": name,
        },
    }  # fmt: skip
    return found


def changes(found: World) -> list[str]:
    """Return the operations that change something, in order."""
    return [c.operation for c in found.cloud.calls if not c.operation.startswith("Describe")]


def test_a_deployment_goes_on_with_its_children() -> None:
    """Nothing is made or moved; an edit takes away what the original made."""
    found = world()
    found.run(4)
    assert changes(found) == []
    status = found.objects[DEPLOYMENT]["status"]
    assert status["modelNames"] == [{"name": "xgboost", "value": MADE["Model"]}]
    found.edit(DEPLOYMENT, productionVariants=[variant(2)])
    found.run(8)
    assert changes(found).count("UpdateEndpoint") == 1
    assert {key for key in found.objects if key[1] in {MODEL, CONFIG}} == set()
    assert not set(MADE.values()) & {name for _, name in found.cloud.things}


def test_its_deletion_leaves_nothing_behind() -> None:
    """Also where it was asked for while no operators ran."""
    found = world()
    found.delete(DEPLOYMENT)
    found.run(8)
    assert (found.objects, found.cloud.things) == ({}, {})


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"name": MODEL, "labels": {OWNER_LABEL: "mnist"}}, [UID]),
        ({"name": MODEL, "labels": {"other": "mnist"}}, []),
        ({"name": MODEL}, []),
        ({"name": "mine", "labels": {OWNER_LABEL: "mnist"}}, []),
        ({"name": MODEL, "labels": {OWNER_LABEL: "m"}, "ownerReferences": [{"uid": "1"}]}, ["1"]),
    ],
)
def test_whose_a_child_is(metadata: Body, expected: list[str]) -> None:
    """By its references, else by label and name together."""
    assert owners({"metadata": metadata}) == expected


@pytest.mark.parametrize(("namespace", "count"), [("ml", 1), ("theirs", 0)])
def test_a_child_is_of_its_owners_namespace(namespace: str, count: int) -> None:
    """Who may write in another cannot give a deployment a child."""
    store = Store()
    child = left("Model", MODEL, {})
    child["metadata"]["namespace"] = namespace
    for body in (sample(KIND), child):
        assert list(store.see(body, is_gone=False, is_listed=True))
    assert len(store.children(UID)) == count
