# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker test`: manifests that say what a policy is to find in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.command import run

POLICY = """\
apiVersion: kube-sagemaker.dev/v1alpha1
kind: SageMakerPolicy
metadata: {name: p}
spec:
  sections:
    - name: everyone
      defaults: {Region: us-west-2, RoleArn: "arn:aws:iam::123456789012:role/sagemaker"}
      parameters: {SM602: {allowed: ["ml.m5.*"]}, SM603: {instances: 2}}
    - name: gpu
      match: {namespaces: {selector: {matchLabels: {tier: gpu}}}}
      modes: {SM602: warn}
"""

JOB = """\
apiVersion: sagemaker.aws.amazon.com/v1
kind: TrainingJob
metadata: {name: job, namespace: lab}
spec:
  algorithmSpecification:
    trainingImage: 433757028032.dkr.ecr.us-west-2.amazonaws.com/xgboost:1
    trainingInputMode: File
  outputDataConfig: {s3OutputPath: s3://bucket/out}
  resourceConfig:
    instanceType: ml.p4d.24xlarge
    instanceCount: 4
    volumeSizeInGB: 5
  stoppingCondition: {maxRuntimeInSeconds: 60}
"""

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: lab, labels: {tier: gpu}}\n---\n"

GOOD = JOB.replace("24xlarge", "24xlarge  # kube-sagemaker: expect[SM602]").replace(
    "Count: 4", "Count: 4  # kube-sagemaker: expect[SM603=deny] says=the policy allows 2"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the policy, which is passed over as another kind."""
    (tmp_path / "policy.yaml").write_text(POLICY)
    return tmp_path


def hold(folder: Path, text: str) -> tuple[int, list[str]]:
    """Hold the policy against one manifest; return exit code and lines."""
    (folder / "job.yaml").write_text(text)
    done = run("test", "--policy", "policy.yaml", cwd=folder)
    return done.returncode, done.stdout.splitlines()


def test_what_is_expected_and_found_is_ok(folder: Path) -> None:
    """A line for each object."""
    assert hold(folder, GOOD) == (0, ["ok    job.yaml: TrainingJob lab/job (2 as expected)"])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("expect[SM602]", "nothing", "job.yaml:10:19: not expected: SM602 deny: spec.resourceCon"),
        ("Count: 4", "Count: 2", "job.yaml:11: expected SM603=deny says the policy allows 2, and"),
        ("=deny", "=warn", "job.yaml:11:20: not expected: SM603 deny: "),
        ("allows 2", "allows 3", "job.yaml:11: expected SM603=deny says the policy allows 3"),
        ("expect[SM602]", "expect[SM6]", "job.yaml:10: 'expect[SM6]' is no expectation: write"),
        ("expect[SM602]", "expect[SM602", "'expect[SM602' is no expectation"),
    ],
    ids=range(6),
)
def test_what_differs_is_told(folder: Path, old: str, new: str, says: str) -> None:
    """With its line; exit code 1."""
    code, lines = hold(folder, GOOD.replace(old, new))
    assert code == 1
    assert lines[0].startswith("FAIL  job.yaml: TrainingJob lab/job")
    assert any(line.strip().startswith(says) or says in line for line in lines[1:]), lines


def test_a_namespace_of_the_input_decides(folder: Path) -> None:
    """Its labels select a section, whose mode is expected."""
    assert hold(folder, NAMESPACE + GOOD.replace("[SM602]", "[SM602=warn]"))[0] == 0
    assert hold(folder, NAMESPACE + GOOD.replace("[SM602]", "[SM602=deny]"))[0] == 1


def test_a_default_can_be_expected_and_need_not_be(folder: Path) -> None:
    """Where it would stand: at the parent's line."""
    text = GOOD.replace(
        "spec:\n", 'spec:  # kube-sagemaker: expect[SM005] says=defaulted to "us-west-2"\n'
    )
    assert hold(folder, text) == (0, ["ok    job.yaml: TrainingJob lab/job (3 as expected)"])
    assert hold(folder, text.replace('us-west-2"\n', 'us-east-1"\n'))[0] == 1


def test_several_of_one_line_and_of_one_document(folder: Path) -> None:
    """expect[A, B]; in a List each object meets its own."""
    two = JOB.replace(
        "resourceConfig:\n    instanceType: ml.p4d.24xlarge\n    instanceCount: 4\n"
        "    volumeSizeInGB: 5",
        "# kube-sagemaker: expect[SM602, SM603]\n"
        "  resourceConfig: {instanceType: ml.p4d.24xlarge, instanceCount: 4, volumeSizeInGB: 5}",
    )
    items = "".join(f"  - {text}".replace("\n", "\n    ").rstrip() + "\n" for text in (two, GOOD))
    code, lines = hold(folder, f"apiVersion: v1\nkind: List\nitems:\n{items}")
    assert (code, [line[:4].strip() for line in lines]) == (0, ["ok", "ok"])


def test_the_check_takes_no_offence_at_expectations(folder: Path) -> None:
    """`validate` on such a manifest does not call them waivers that it cannot read."""
    (folder / "job.yaml").write_text(GOOD)
    done = run("validate", "--policy", "policy.yaml", "--format", "concise", cwd=folder)
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["SM602", "SM603"]


def test_exit_codes(folder: Path) -> None:
    """2 for what cannot be read, 3 for nothing to hold it against."""
    assert run("test", "--policy", "policy.yaml", cwd=folder).returncode == 3
    (folder / "broken.yaml").write_text("a: [")
    assert hold(folder, GOOD)[0] == 2
    assert run("test", "--policy", "nowhere.yaml", cwd=folder).returncode == 2
