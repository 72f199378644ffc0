# SPDX-License-Identifier: Apache-2.0
"""Everything that is written into a status has its place in the CRD: what has none is pruned."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.controller.row import NOW, after, held, there
from tests.controller.sample import sample
from tests.controller.test_job import JOBS
from tests.controller.world import KINDS, World, kind_of
from tests.gateprocess import ROOT

CRDS = Path(ROOT) / "manifests" / "crds"


@cache
def schema(kind: str) -> Any:
    """Return the schema of a kind's status, with nothing let through that it does not name."""
    for path in CRDS.rglob("*.yaml"):
        for document in yaml.safe_load_all(path.read_text()):
            spec = (document or {}).get("spec", {})
            is_ours = spec.get("group") == "sagemaker.aws.amazon.com"
            if is_ours and spec["names"]["kind"] == kind:
                whole = spec["versions"][0]["schema"]["openAPIV3Schema"]
                return _closed(whole["properties"]["status"])
    raise AssertionError(f"no CRD of {kind}")


def _closed(node: Any) -> Any:
    if isinstance(node, list):
        return [_closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: _closed(value) for key, value in node.items()}
    if "properties" in found and found.get("type") == "object":
        found["additionalProperties"] = False
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_life(kind: str) -> None:
    """From the first touch to the deletion."""
    world = World()
    key = world.add(sample(kind))
    for _ in range(8):
        world.run(1)
        jsonschema.validate(world.objects[key].get("status", {}), schema(kind))
    world.delete(key)
    world.run(1)
    if key in world.objects:
        jsonschema.validate(world.objects[key]["status"], schema(kind))
    assert kind_of(kind).name == kind


@pytest.mark.parametrize("kind", JOBS)
def test_all_that_a_description_may_hold(kind: str) -> None:
    """Counters, the best training job with its numbers as text, rules, paths and links."""
    noun, stem, _, _ = JOBS[kind]
    rule = {"RuleConfigurationName": "r", "RuleEvaluationStatus": "Error", "StatusDetails": "d",
            "RuleEvaluationJobArn": "a", "LastModifiedTime": NOW}  # fmt: skip
    metric = {"MetricName": "auc", "Type": "Maximize", "Value": 0.5}
    best = {"TrainingJobName": "t", "TrainingJobArn": "a", "CreationTime": NOW,
            "TrainingJobStatus": "Completed", "TunedHyperParameters": {"eta": "0.1"},
            "FinalHyperParameterTuningJobObjectiveMetric": metric}  # fmt: skip
    description = {
        f"{noun}Name": "n", f"{noun}Arn": "arn", f"{noun}Status": "Completed",
        "FailureReason": "", "ExitMessage": "bye", "SecondaryStatus": "Completed",
        "DebugRuleEvaluationStatuses": [rule], "OutputDataConfig": {"S3OutputPath": "s3://b"},
        "TrainingJobStatusCounters": {"Completed": 2, "RetryableError": 1, "NonRetryableError": 3},
        "BestTrainingJob": best,
    }  # fmt: skip
    body = held(kind, {JOBS[kind][1] + "Status": "x"})
    status = dict(after(body, there(**description)).status or {})
    jsonschema.validate(status, schema(kind))
    assert status[f"{stem}Status"] == "Completed"
    if kind == "HyperparameterTuningJob":
        assert status["trainingJobStatusCounters"]["totalError"] == 4
        final = status["bestTrainingJob"]["finalHyperParameterTuningJobObjectiveMetric"]
        assert final == {"metricName": "auc", "type": "Maximize", "value": "0.5"}
