# SPDX-License-Identifier: Apache-2.0
"""What the original left in a cluster, on the real API server: it is taken over as it is."""

from __future__ import annotations

import json

from controller.store import OWNER_LABEL
from controller.subject import SPAWN_FINALIZER
from tests.operators.field import Field
from tests.operators.objects import sample

DEPLOYMENT, TUNING = "HostingDeployment", "HyperparameterTuningJob"


def left_by_the_original(work: Field, kind: str, name: str, status: dict[str, None]) -> None:
    """Take away what the original did not write."""
    bare = {"region": None, "conditions": None, "observedGeneration": None, **status}
    work.kubectl(
        "patch", work.name(kind, name), "--subresource=status", "--type=merge", "-p",
        json.dumps({"status": bare}),
    )  # fmt: skip


def disown(work: Field, each: str, **metadata: object) -> None:
    """Give a child the original's marks in place of an owner."""
    patch = {"metadata": {"ownerReferences": None, **metadata}}
    work.kubectl("patch", each, "--type=merge", "-p", json.dumps(patch))


def children(work: Field, plural: str, text: str) -> list[str]:
    """Return the objects of a kind with a text in their names, as kubectl names them."""
    names = work.kubectl("get", f"{plural}.sagemaker.aws.amazon.com", "-o", "name").split()
    return [each for each in names if text in each]


def test_a_deployment_and_its_labelled_children(work: Field) -> None:
    """Nothing is made anew, and its deletion takes them with it."""
    nouns = ("Model", "EndpointConfig", "Endpoint")
    before = {noun: work.aws.running(noun) for noun in nouns}
    work.apply(sample(DEPLOYMENT, "old"))
    work.until_status(DEPLOYMENT, "old", endpointStatus="Creating")
    work.aws.advance(300)
    work.until_status(DEPLOYMENT, "old", endpointStatus="InService")
    made = {noun: work.aws.running(noun) for noun in nouns}
    uid = work.get(DEPLOYMENT, "old")["metadata"]["uid"].replace("-", "")
    work.process.kill()
    for each in (*children(work, "models", uid), *children(work, "endpointconfigs", uid)):
        labels = {OWNER_LABEL: "old", "owner_HostingDeployment_namespace": work.namespace}
        disown(work, each, labels=labels)
        kind = "Model" if each.startswith("model.") else "EndpointConfig"
        left_by_the_original(work, kind, each.partition("/")[2], {})
    left_by_the_original(work, DEPLOYMENT, "old", {"lastCheckTime": None})
    work.process.start()
    work.until(
        lambda: work.condition(DEPLOYMENT, "old", "Ready").get("status") == "True", "taken over"
    )
    assert {noun: work.aws.running(noun) for noun in nouns} == made
    work.delete(DEPLOYMENT, "old")
    work.until_status(DEPLOYMENT, "old", endpointStatus="Deleting")
    work.aws.advance(300)
    work.until_gone(DEPLOYMENT, "old")
    assert {noun: work.aws.running(noun) for noun in nouns} == before
    assert children(work, "models", uid) == []


def test_a_tuning_job_and_the_jobs_that_it_spawned(work: Field) -> None:
    """They get an owner, and go with it though they hold the original's finalizer."""
    work.apply(sample(TUNING, "old"))
    status = work.until_status(TUNING, "old", hyperParameterTuningJobStatus="InProgress")
    stem = status["sageMakerHyperParameterTuningJobName"]
    work.until(lambda: len(children(work, "trainingjobs", stem)) == 2, "both are shown")
    spawned = children(work, "trainingjobs", stem)
    work.process.kill()
    for each in spawned:
        disown(work, each, annotations=None, finalizers=[SPAWN_FINALIZER])
    left_by_the_original(work, TUNING, "old", {})
    work.aws.advance(600)
    work.process.start()
    work.until_status(TUNING, "old", hyperParameterTuningJobStatus="Completed")
    work.until(lambda: work.condition(TUNING, "old", "Synced").get("reason") == "Finished", "shown")
    assert children(work, "trainingjobs", stem) == spawned
    work.delete(TUNING, "old")
    work.until_gone(TUNING, "old")
    work.until(lambda: children(work, "trainingjobs", stem) == [], "they are gone with it")
