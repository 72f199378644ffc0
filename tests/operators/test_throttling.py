# SPDX-License-Identifier: Apache-2.0
"""An AWS that takes few calls a second: everything takes longer, and nothing fails."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import yaml

from tests.aws.fake import FakeAWS
from tests.controlplane.plane import ControlPlane
from tests.operators.field import Field
from tests.operators.objects import sample
from tests.operators.process import OperatorsProcess

JOBS = 40
RATE = 2.0
"""Creates a second that AWS takes; the operators would make twice as many."""

WORDS = "jsonpath={.items[*].status.trainingJobStatus}"


def test_throttling_slows_down(
    plane: ControlPlane, aws: FakeAWS, namespace: str, log: Path
) -> None:
    """Each job is created once, none is shown as failed, and most calls pass all the while."""
    aws.plan("*", seconds=1e6)
    aws.refuse("CreateTrainingJob", times=None, beyond=RATE)
    with OperatorsProcess(
        plane.kubeconfig, aws.url, log, "--namespace", namespace, "--no-leader-election"
    ) as process:
        field = Field(plane, aws, process, namespace)
        bodies = [sample("TrainingJob", f"slow-{number:02d}") for number in range(JOBS)]
        field.kubectl("create", "-f", "-", stdin=yaml.safe_dump_all(bodies))
        start = time.monotonic()
        plane.wait_for(lambda: len(aws.created("TrainingJob")) == JOBS, 180, "all are created")
        seconds = time.monotonic() - start
        words = ("get", "trainingjobs.sagemaker.aws.amazon.com", "-o", WORDS)
        field.until(lambda: set(field.kubectl(*words).split()) == {"InProgress"}, "all run")
        events = field.kubectl("get", "events", "-o", "yaml")
    creates = Counter(c.outcome for c in aws.calls if c.operation == "CreateTrainingJob")
    assert set(creates) == {"ok", "ThrottlingException"}
    assert creates["ok"] == JOBS
    assert creates["ThrottlingException"] <= JOBS / 4, creates
    assert creates["ok"] >= RATE / 4 * seconds  # and no slower than it has to be
    assert set(aws.created("TrainingJob").values()) == {1}
    assert aws.duplicates("TrainingJob") == Counter()
    assert {each["type"] for each in yaml.safe_load(events)["items"]} == {"Normal"}
