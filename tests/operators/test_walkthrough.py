# SPDX-License-Identifier: Apache-2.0
"""docs/walkthrough.md is a transcript: run in order on a control plane of its own, and compared.

`UPDATE_PAGES=1 pytest tests/operators/test_walkthrough.py` writes the output into the page.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import yaml

from tests.aws.fake import FakeAWS
from tests.controlplane.conftest import empty_plane
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import ROOT
from tests.operators.transcript import BLOCK, COMMAND, first_command, stable
from tests.operators.walk import Walk

__all__ = ["empty_plane"]

PAGE: Final = ROOT / "docs" / "walkthrough.md"
JOB: Final = re.compile(r"^`train\.yaml`.*?^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEED_PODS_OR_AWS: Final = (
    "aws ", "eksctl ", "docker ", "kubectl -n sagemaker-k8s-operator-system rollout status ",
    "ls mnist",
)  # fmt: skip


IN_PLACE: Final[dict[str, Callable[[Walk], None]]] = {
    "aws iam create-role": Walk.make_role,
    "kubectl -n sagemaker-k8s-operator-system rollout status": Walk.start_pods,
    "aws s3 mb": Walk.make_bucket,
    "sed s/us-west-2.amazonaws": Walk.route_service,
    "kubectl get trainingjob\n": Walk.let_it_train,
    "kubectl wait": Walk.let_it_end,
}
"""Beginning of a block -> what the test does when it gets there: instead of `sh`, before others."""


def replay(page: str, walk: Walk) -> str:
    """Run a page's console blocks; return the page as it ought to be."""
    due = list(IN_PLACE)

    def replayed(block: re.Match[str]) -> str:
        language, text = block[1], block[2]
        if due and f"{first_command(language, text)}\n".startswith(due[0]):
            IN_PLACE[due.pop(0)](walk)
        if language == "sh":
            return block[0]
        shown = [f"$ {command}\n{stable(walk.run(command))}" for command in COMMAND.findall(text)]
        return f"```console\n{''.join(shown)}```"

    real = BLOCK.sub(replayed, page)
    assert due == []
    return real


def test_what_is_not_run_needs_pods_or_aws() -> None:
    """Each line of the `sh` blocks; and there is no other block but the job."""
    page = PAGE.read_text()
    lines = [
        line for kind, text in BLOCK.findall(page) if kind == "sh" for line in text.split("\n")
    ]
    assert [line for line in lines if line and not line.startswith(NEED_PODS_OR_AWS)] == []
    assert page.count("\n```yaml\n") == 1
    assert len(re.findall(r"^```\w+$", page, re.MULTILINE)) == len(BLOCK.findall(page)) + 1


def test_the_job_is_the_sample_with_a_role_and_a_region() -> None:
    """So that who has read the page knows the sample, and the other way round."""
    sample = ROOT / "manifests" / "samples" / "trainingjob-xgboost-mnist.yaml"
    body = yaml.safe_load(sample.read_text())
    (text,) = JOB.findall(PAGE.read_text())
    found = yaml.safe_load(text)
    assert found["spec"].pop("region") == "us-west-2"
    assert found["spec"].pop("roleArn").endswith(":role/sagemaker-execution")
    del body["spec"]["tags"]
    assert found == body


def test_the_page_is_what_happens(empty_plane: ControlPlane, tmp_path: Path) -> None:
    """From the policies to the deleted job, with the operators' own role and rights."""
    page = PAGE.read_text()
    with FakeAWS() as aws, Walk(empty_plane, aws, tmp_path) as walk:
        (job,) = JOB.findall(page)
        (walk.work / "train.yaml").write_text(job)
        real = replay(page, walk)
        if os.environ.get("UPDATE_PAGES"):
            PAGE.write_text(real)
        assert real == PAGE.read_text(), walk.log.read_text()[-3000:]
        (name,) = aws.resources("TrainingJob")
        assert aws.created("TrainingJob")[name] == 1
        taken = {
            call.parameters["RoleArn"]
            for call in aws.calls
            if "RoleArn" in call.parameters and "Identity" in call.operation
        }
        assert taken == {"arn:aws:iam::123456789012:role/sagemaker-operators"}
        permissions = (walk.work / "permissions.json").read_text()
        asked = {call.operation for call in aws.calls if call.service == "sagemaker"}
        assert "CreateTrainingJob" in asked
        assert [each for each in asked if f'"sagemaker:{each}"' not in permissions] == []
        listed = aws.client("s3").list_objects_v2(Bucket="example-ml-data")["Contents"]
        assert len(listed) == 3
    assert "(SM210)" in real
    assert real.count("validation-merror") == 3
