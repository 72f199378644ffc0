# SPDX-License-Identifier: Apache-2.0
"""Operators of one namespace know its labels, by which a policy may select, with few rights."""

from __future__ import annotations

from pathlib import Path

from tests.aws.fake import FakeAWS
from tests.controlplane.plane import ControlPlane
from tests.operators.account import install
from tests.operators.field import Field
from tests.operators.objects import sample
from tests.operators.process import OperatorsProcess

POLICY = """\
apiVersion: kube-sagemaker.dev/v1alpha1
kind: SageMakerPolicy
metadata: {name: p}
spec:
  sections:
    - name: small
      match: {namespaces: {selector: {matchLabels: {size: small}}}}
      parameters:
        SM603: {instances: 1}
"""


def test_a_namespace_is_known_by_its_labels(
    plane: ControlPlane, aws: FakeAWS, namespace: str, log: Path, tmp_path: Path
) -> None:
    """What its policy limits is refused, the rest is made."""
    plane.kubectl("label", "namespace", namespace, "size=small", check=True)
    policy = tmp_path / "policy.yaml"
    policy.write_text(POLICY)
    account = install(plane, namespace, tmp_path)
    more = ("--namespace", namespace, "--no-leader-election", "--policy", str(policy))
    with OperatorsProcess(account, aws.url, log, *more) as process:
        field = Field(plane, aws, process, namespace)
        large = sample("TrainingJob", "large")
        large["spec"]["resourceConfig"]["instanceCount"] = 2
        field.apply(large)
        field.apply(sample("TrainingJob", "little"))
        field.until_status("TrainingJob", "little", trainingJobStatus="InProgress")
        status = field.until_status("TrainingJob", "large", trainingJobStatus="Failed")
    assert "2 instances, the policy allows 1 (SM603)" in status["additional"]
