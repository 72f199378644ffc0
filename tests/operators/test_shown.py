# SPDX-License-Identifier: Apache-2.0
"""What `kubectl get` and `kubectl describe` show of each kind at its end."""

from __future__ import annotations

import re

import pytest

from tests.operators.field import Field
from tests.operators.objects import BASE_ENDPOINT, sample

TIME = "{creationTimestamp}"

SHOWN: dict[str, dict[str, str]] = {
    "TrainingJob": {
        "STATUS": "Completed", "SECONDARY-STATUS": "Completed", "CREATION-TIME": TIME,
        "SAGEMAKER-JOB-NAME": "{sageMakerTrainingJobName}",
    },
    "HyperparameterTuningJob": {
        "STATUS": "Completed", "CREATION-TIME": TIME, "COMPLETED": "2", "INPROGRESS": "0",
        "ERRORS": "0", "STOPPED": "0", "BEST-TRAINING-JOB": "{bestTrainingJob[trainingJobName]}",
        "SAGEMAKER-JOB-NAME": "{sageMakerHyperParameterTuningJobName}",
    },
    "BatchTransformJob": {
        "STATUS": "Completed", "CREATION-TIME": TIME,
        "SAGEMAKER-JOB-NAME": "{sageMakerTransformJobName}",
    },
    "ProcessingJob": {
        "STATUS": "Completed", "CREATION-TIME": TIME,
        "SAGEMAKER-JOB-NAME": "{sageMakerProcessingJobName}",
    },
    "Model": {"STATUS": "Created", "SAGE-MAKER-MODEL-NAME": "{sageMakerModelName}"},
    "EndpointConfig": {
        "STATUS": "Created", "SAGE-MAKER-ENDPOINTCONFIG-NAME": "{sageMakerEndpointConfigName}",
    },
    "HostingDeployment": {"STATUS": "InService", "SAGEMAKER-ENDPOINT-NAME": "{endpointName}"},
    "HostingAutoscalingPolicy": {"STATUS": "Created", "CREATION-TIME": TIME},
}  # fmt: skip
"""Kind -> column -> what stands in it, with fields of status and metadata in braces."""

TOLD = {
    "Model": ["Created"],
    "EndpointConfig": ["Created"],
    "HostingDeployment": ["Creating", "InService"],
    "HostingAutoscalingPolicy": ["Created"],
}
"""Kind -> reasons of its events; a job's are its words."""


@pytest.mark.parametrize("kind", SHOWN)
def test_get_and_describe_show_how_it_is(work: Field, kind: str) -> None:
    """The original's columns, filled in; each change an event, told once; the conditions."""
    name, word = f"shown-{kind.lower()}", SHOWN[kind]["STATUS"]
    work.apply(sample(kind, name))
    reasons = TOLD.get(kind, ["InProgress", "Completed"])
    for reason in reasons:
        work.until(lambda r=reason: f"\n{name} {r} " in row(work, kind, name), reason)  # type: ignore[misc]
        work.aws.advance(300)
    work.until(lambda: reasons[-1] in {r for r, _ in work.events(name)}, "its end is told")
    body = work.get(kind, name)
    fields = {**body["status"], **body["metadata"]}
    head, cells = (line.split() for line in row(work, kind, name).strip().splitlines())
    wanted = {column: text.format_map(fields) for column, text in SHOWN[kind].items()}
    assert dict(zip(head, cells, strict=True)) == {"NAME": name, **wanted}
    assert sorted(reason for reason, _ in work.events(name)) == sorted(reasons)
    described = work.kubectl("describe", work.name(kind, name))
    status, _, events = described.partition("\nEvents:")
    types = re.findall(
        r"^    Type: +(\w+)$", status.partition("\n  Conditions:\n")[2], re.MULTILINE
    )
    assert types[:3] == ["Failed", "Ready", "Synced"]
    assert re.search(rf"^  Normal +{word} .* kube-sagemaker-operators ", events, re.MULTILINE)
    if kind == "HostingAutoscalingPolicy":
        assert f"endpoint/{BASE_ENDPOINT}/variant/all-traffic" in events


def row(work: Field, kind: str, name: str) -> str:
    """Return head and row of an object, one space between columns."""
    return re.sub(" +", " ", work.kubectl("get", work.name(kind, name)))
