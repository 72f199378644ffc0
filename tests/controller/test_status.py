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
            "FailureReason": "f", "ObjectiveStatus": "Succeeded", "TrainingStartTime": NOW,
            "TrainingEndTime": NOW, "TuningJobName": "u",
            "FinalHyperParameterTuningJobObjectiveMetric": metric}  # fmt: skip
    description = {
        f"{noun}Name": "n", f"{noun}Arn": "arn", f"{noun}Status": "Completed",
        "FailureReason": "", "ExitMessage": "bye", "SecondaryStatus": "Completed",
        "DebugRuleEvaluationStatuses": [rule], "OutputDataConfig": {"S3OutputPath": "s3://b"},
        "TrainingJobStatusCounters": {
            "Completed": 2, "InProgress": 4, "RetryableError": 1, "NonRetryableError": 3,
            "Stopped": 5,
        },
        "BestTrainingJob": best,
    }  # fmt: skip
    body = held(kind, {JOBS[kind][1] + "Status": "x"})
    status = dict(after(body, there(**description)).status or {})
    jsonschema.validate(status, schema(kind))
    assert status[f"{stem}Status"] == "Completed"
    assert status.get("additional") == ("bye" if kind == "ProcessingJob" else "")
    if kind == "TrainingJob":
        assert status["debugRuleEvaluationStatuses"] == [RULE]
    if kind == "HyperparameterTuningJob":
        assert status["trainingJobStatusCounters"] == COUNTERS
        assert status["bestTrainingJob"] == BEST


TIME = "2026-01-01T12:00:00Z"
RULE = {"ruleConfigurationName": "r", "ruleEvaluationStatus": "Error", "statusDetail": "d",
        "ruleEvaluationJobArn": "a", "lastModifiedTime": TIME}  # fmt: skip
COUNTERS = {"completed": 2, "inProgress": 4, "retryableError": 1, "nonRetryableError": 3,
            "stopped": 5, "totalError": 4}  # fmt: skip
BEST = {
    "trainingJobName": "t", "trainingJobArn": "a", "trainingJobStatus": "Completed",
    "creationTime": TIME, "trainingStartTime": TIME, "trainingEndTime": TIME,
    "failureReason": "f", "objectiveStatus": "Succeeded", "tuningJobName": "u",
    "tunedHyperParameters": [{"name": "eta", "value": "0.1"}],
    "finalHyperParameterTuningJobObjectiveMetric": {
        "metricName": "auc", "type": "Maximize", "value": "0.5",
    },
}  # fmt: skip
"""What the original's fields then hold."""


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-west-1", "eu-west-1.console.aws.amazon.com"),
        ("cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ("us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
    ],
)
@pytest.mark.parametrize("kind", ["TrainingJob", "ProcessingJob"])
def test_the_link_to_the_log(kind: str, region: str, host: str) -> None:
    """With the job's name, on the console of the partition."""
    description = {f"{kind}Name": "n", f"{kind}Arn": "arn", f"{kind}Status": "InProgress"}
    body = held(kind, {"x": 1, f"sageMaker{kind}Name": "n"}, {"region": region})
    status = after(body, there(**description)).status or {}
    assert status["cloudWatchLogUrl"] == (
        f"https://{host}/cloudwatch/home?region={region}#logStream:"
        f"group=/aws/sagemaker/{kind}s;prefix=n;streamFilter=typeLogStreamPrefix"
    )
