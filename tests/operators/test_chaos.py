# SPDX-License-Identifier: Apache-2.0
"""Objects of all kinds while the operators are killed and AWS fails: all right in the end."""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from tests.aws.fake import FakeAWS
from tests.aws.fault import CHANCES
from tests.controlplane.plane import ControlPlane
from tests.operators.objects import BASE_ENDPOINT, BASE_MODEL, PLURAL_OF, prepare, sample
from tests.operators.process import OperatorsProcess

OBJECTS = int(os.environ.get("CHAOS_OBJECTS", "500"))
PATIENCE = int(os.environ.get("CHAOS_PATIENCE", "420"))
KILLS = int(os.environ.get("CHAOS_KILLS", "20"))
SEED = 20
SHARE = 0.1
"""Of all AWS calls that fail, or take effect and lose their answer, or take effect and hang."""
TIMEOUT = 3
"""Seconds until a call that hangs is given up."""

FINAL = {
    "TrainingJob": ("trainingJobStatus", "Completed"),
    "HyperparameterTuningJob": ("hyperParameterTuningJobStatus", "Completed"),
    "BatchTransformJob": ("transformJobStatus", "Completed"),
    "ProcessingJob": ("processingJobStatus", "Completed"),
    "Model": ("status", "Created"),
    "EndpointConfig": ("status", "Created"),
    "HostingDeployment": ("endpointStatus", "InService"),
    "HostingAutoscalingPolicy": ("hostingAutoscalingPolicyStatus", "Created"),
}
CREATED_AS = {
    "TrainingJob": "TrainingJob",
    "HyperParameterTuningJob": "HyperparameterTuningJob",
    "TransformJob": "BatchTransformJob",
    "ProcessingJob": "ProcessingJob",
}


def everything(plane: ControlPlane, namespace: str) -> list[dict[str, Any]]:
    """Return every object of ours in a namespace."""
    names = ",".join(f"{plural}.sagemaker.aws.amazon.com" for plural in PLURAL_OF.values())
    done = plane.kubectl("get", names, "-n", namespace, "-o", "json", check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)["items"]
    return found


def is_final(body: dict[str, Any]) -> bool:
    """Whether an object is where it is to end."""
    key, word = FINAL[body["kind"]]
    return bool((body.get("status") or {}).get(key) == word)


def is_settled(plane: ControlPlane, namespace: str) -> bool:
    """Whether all objects are."""
    return all(map(is_final, everything(plane, namespace)))


def test_chaos(plane: ControlPlane, aws: FakeAWS, namespace: str, tmp_path: Path) -> None:
    """Killed twenty times, every tenth call failing: nothing twice, nothing lost, nothing left."""
    chance = random.Random(SEED)  # noqa: S311 - the same each time
    sagemaker = aws.client("sagemaker")
    prepare(sagemaker)
    aws.advance(600)
    kinds = list(FINAL)
    bodies = [sample(kinds[n % len(kinds)], f"chaos-{n:04d}") for n in range(OBJECTS)]
    log = tmp_path / "operators.log"
    operators = OperatorsProcess(
        plane.kubeconfig, aws.url, log,
        "--namespace", namespace, "--no-leader-election", "--aws-timeout", str(TIMEOUT),
    )  # fmt: skip
    aws.chaos(seed=SEED, share=SHARE, picks=(*CHANCES, "hung"))
    try:
        operators.start()
        for number in range(KILLS):
            part = bodies[number * OBJECTS // KILLS : (number + 1) * OBJECTS // KILLS]
            text = "---\n".join(yaml.safe_dump(body) for body in part)
            plane.kubectl("create", "-n", namespace, "-f", "-", stdin=text, check=True)
            time.sleep(chance.uniform(1.5, 4.0))  # the moment of the kill
            assert operators.is_running, operators.said()[-3000:]
            operators.kill()
            aws.advance(chance.uniform(0, 30))
            operators.start()
        _settle(plane, aws, namespace, lambda: is_settled(plane, namespace), operators)
        _nothing_twice(plane, aws, namespace)
        names = ",".join(f"{plural}.sagemaker.aws.amazon.com" for plural in PLURAL_OF.values())
        plane.kubectl("delete", names, "--all", "-n", namespace, "--wait=false", check=True)
        for _ in range(3):
            time.sleep(chance.uniform(1.5, 4.0))  # deletions are interrupted too
            operators.kill()
            operators.start()
        _settle(plane, aws, namespace, lambda: not everything(plane, namespace), operators)
    finally:
        operators.kill()
    _was_chaos(aws)
    _nothing_left(aws)


def _settle(
    plane: ControlPlane, aws: FakeAWS, namespace: str, done: Any, operators: OperatorsProcess
) -> None:
    """Let time go by until all is done."""
    deadline = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > deadline:
            left = [b for b in everything(plane, namespace) if not is_final(b)]
            raise AssertionError(f"left: {json.dumps(left)[:6000]}\n{operators.said()[-2000:]}")
        time.sleep(3)  # the operators look every few seconds
        aws.advance(30)


def _nothing_twice(plane: ControlPlane, aws: FakeAWS, namespace: str) -> None:
    """Each thing was created once, and each object's name is a thing of its own."""
    there = everything(plane, namespace)
    for noun, kind in CREATED_AS.items():
        created = aws.created(noun)
        assert all(count == 1 for count in created.values()), (noun, created)
        assert aws.duplicates(noun) == Counter(), noun
        own = [b for b in there if b["kind"] == kind and "chaos" in b["metadata"]["name"]]
        assert len(created) == len(own), (noun, len(created), len(own))
    for noun in ("Model", "EndpointConfig", "Endpoint"):
        made = {name: n for name, n in aws.created(noun).items() if not name.startswith("base")}
        assert set(made.values()) == {1}, (noun, made)
        assert made.keys() == {n for n in aws.running(noun) if not n.startswith("base")}, noun
        assert aws.duplicates(noun) == Counter(), noun
    deployments = sum(b["kind"] == "HostingDeployment" for b in there)
    assert len(aws.running("Endpoint")) == deployments + 1
    spawned = [
        b for b in there if b["kind"] == "TrainingJob" and "chaos" not in b["metadata"]["name"]
    ]
    tuning = sum(b["kind"] == "HyperparameterTuningJob" for b in there)
    assert len(spawned) == 2 * tuning


def _was_chaos(aws: FakeAWS) -> None:
    """Every tenth call failed, each in its way; of the Creates, too, some took effect unheard."""
    fates = Counter(call.outcome.partition(" ")[0] for call in aws.calls)
    struck = sum(fates[each] for each in (*CHANCES, "hung"))
    assert SHARE / 2 < struck / len(aws.calls) < SHARE * 2, fates
    assert all(fates[each] for each in (*CHANCES, "hung")), fates
    creates = Counter(c.outcome for c in aws.calls if c.operation.startswith("Create"))
    assert OBJECTS < 500 or creates["lost"] + creates["hung"], creates  # of few, none may be


def _nothing_left(aws: FakeAWS) -> None:
    """No endpoint, configuration, model or target is left but those that were there before."""
    aws.relent()
    assert aws.running("Model") == {BASE_MODEL}
    assert aws.running("EndpointConfig") == {"base"}
    assert aws.running("Endpoint") == {BASE_ENDPOINT}
    for noun in CREATED_AS:
        assert aws.running(noun) == set(), noun
    scaling = aws.client("application-autoscaling")
    found = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")
    assert found["ScalableTargets"] == []
