# SPDX-License-Identifier: Apache-2.0
"""`--fix` and `--diff`: what has one right answer is mended, and nothing else is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from msgspec.structs import replace

from tests.check.command import run, validate
from tests.check.test_check import JOB, context
from tests.gateprocess import ROOT
from webhook.adapters.inputs import Inputs
from webhook.check import Check
from webhook.fix import fix

ODD = """\
# a job, with everything that an edit must keep
apiVersion: sagemaker.aws.amazon.com/v1   # two groups
kind:   TrainingJob
metadata: {name: 'job', labels: {"a":  "b"}}
spec:
  region: "us-west2"  # typed by hand
  roleARN: arn:aws:iam::123456789012:role/x
  algorithmSpecification:
    # the image is the old one
    trainingImage: '811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1'
    trainingInputMode: file
  hyperParameters:
    - {name: max_depth, value: 5}   # a number
    - name: eta
      value: 0.2
    - {name: odd, value: 1e3}
    - {name: flag, value: yes}

  outputDataConfig: {s3OutputPth: "s3://b/k"}
  resourceConfig: {instanceType: ml.m5.xlarge, instanceCount: 1, volumeSizeInGb: 5}
  stoppingCondition: {maxRuntimeInSeconds: 0}
"""

MENDED = (
    ODD.replace('"us-west2"', '"us-west-2"')
    .replace("roleARN", "roleArn")
    .replace("811284229777.dkr.ecr.us-east-1", "433757028032.dkr.ecr.us-west-2")
    .replace("trainingInputMode: file", "trainingInputMode: File")
    .replace("value: 5}", 'value: "5"}')
    .replace("value: 0.2", 'value: "0.2"')
    .replace("s3OutputPth", "s3OutputPath")
    .replace("volumeSizeInGb", "volumeSizeInGB")
)


def mended(text: str, name: str = "job.yaml") -> str:
    """Return a text with what is offered done."""
    inputs = Inputs([name], {name: text.encode()})
    fix(inputs, Check(replace(context(), honours_waivers=True)))
    return inputs.edited[name].decode()


def test_all_that_has_one_right_answer_is_mended() -> None:
    """Comments, order, quotes and blanks stay; what is ambiguous (1e3, yes) and 0 stay too."""
    assert mended(ODD) == MENDED
    assert mended(MENDED) == MENDED


def test_line_ends_and_wide_characters_stay() -> None:
    """Of Windows; and what stands before an edit may be of any width."""
    text = ODD.replace("# a number", "# ünï 日本 𝄞").replace("\n", "\r\n")
    assert mended(text) == MENDED.replace("# a number", "# ünï 日本 𝄞").replace("\n", "\r\n")
    assert mended("\ufeff" + ODD) == "\ufeff" + MENDED


def test_json_stays_json() -> None:
    """Quotes are JSON's."""
    body = {
        "apiVersion": "sagemaker.aws.amazon.com/v1", "kind": "TrainingJob",
        "metadata": {"name": "j"},
        "spec": {"region": "us-west-2", "hyperParameters": [{"name": "a", "value": 5}],
                 "resourceConfig": {"volumeSizeInGb": 5}},
    }  # fmt: skip
    found = json.loads(mended(json.dumps(body, indent=1), "job.json"))
    assert found["spec"]["hyperParameters"] == [{"name": "a", "value": "5"}]
    assert found["spec"]["resourceConfig"] == {"volumeSizeInGB": 5}


def test_what_an_alias_shares_is_mended_only_where_all_agree() -> None:
    """An edit that would change another object too is not made."""
    shared = JOB.replace("811284229777", "&image 811284229777")
    assert "&image 433757028032.dkr.ecr.us-west-2" in mended(shared)
    other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {image: *image}\n"
    listed = (
        "apiVersion: v1\nkind: List\nitems:\n  - "
        + shared.replace("\n", "\n    ")
        + "\n  - "
        + other.replace("\n", "\n    ")
        + "\n"
    )
    assert "&image 811284229777.dkr.ecr.us-east-1" in mended(listed), "the ConfigMap has it too"
    assert "volumeSizeInGB" in mended(listed), "the others are mended all the same"


def test_a_key_that_is_there_already_is_not_doubled() -> None:
    """Both spellings in one object: which one is meant, nobody knows."""
    text = JOB.replace("volumeSizeInGb: 5", "volumeSizeInGb: 5, volumeSizeInGB: 6")
    assert "volumeSizeInGb: 5, volumeSizeInGB: 6" in mended(text)


def test_waived_and_known_findings_are_left() -> None:
    """What somebody took upon themselves is not mended behind their back."""
    waiver = "  # kube-sagemaker: ignore[SM101] reason=x"
    text = JOB.replace("volumeSizeInGb: 5}", f"volumeSizeInGb: 5}}{waiver}")
    assert "volumeSizeInGb: 5}" in mended(text)


def test_the_files_are_written(tmp_path: Path) -> None:
    """In one step, permissions and links kept; each edit is named; what is left counts."""
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "job.yaml"
    target.write_text(ODD)
    target.chmod(0o640)
    (tmp_path / "job.yaml").symlink_to(target)
    done = run("validate", "--fix", "--format", "concise", "job.yaml", cwd=tmp_path)
    assert target.read_text() == MENDED
    assert target.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "job.yaml").is_symlink()
    assert os.listdir(tmp_path / "real") == ["job.yaml"]  # noqa: PTH208 - no temporary is left
    assert 'job.yaml:10: SM210 mended: trainingImage: "433757028032' in done.stderr
    assert "job.yaml:7: SM101 mended: roleARN is now roleArn" in done.stderr
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["SM105", "SM105", "SM104"]
    assert done.returncode == 1


def test_the_diff_changes_nothing_and_applies(tmp_path: Path) -> None:
    """`patch` makes of it what --fix would have written."""
    path = tmp_path / "job.yaml"
    path.write_text(ODD.rstrip("\n"))
    done = run("validate", "--diff", "job.yaml", cwd=tmp_path)
    assert (path.read_text(), done.returncode) == (ODD.rstrip("\n"), 1)
    applied = subprocess.run(
        ["/usr/bin/env", "patch", "job.yaml"], cwd=tmp_path, input=done.stdout, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert path.read_text() == MENDED.rstrip("\n")


def test_standard_input_is_shown_not_written() -> None:
    """--fix has nowhere to write to, --diff has."""
    refused = run("validate", "--fix", "-", stdin=ODD)
    assert refused.returncode == 2
    assert "use --diff" in refused.stderr
    assert "+  roleArn:" in validate("--diff", "-", stdin=ODD)


def test_a_file_that_cannot_be_written_stays(tmp_path: Path) -> None:
    """Exit code 2, the file named, its text whole, and nothing half-written beside it."""
    (tmp_path / "job.yaml").write_text(ODD)
    command = [sys.executable, "-m", "webhook", "validate", "--fix", "job.yaml"]
    done = subprocess.run(  # noqa: S603 - our own words
        ["/bin/bash", "-c", 'ulimit -f 0; exec "$@"', "bash", *command], cwd=tmp_path,
        capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 2
    assert "kube-sagemaker: job.yaml: File too large" in done.stderr
    assert (tmp_path / "job.yaml").read_text() == ODD
    assert [path.name for path in tmp_path.iterdir()] == ["job.yaml"]


def test_every_sample_is_left_alone() -> None:
    """Nothing is offered for what is right."""
    for path in sorted((ROOT / "manifests" / "samples").glob("*.yaml")):
        inputs = Inputs([str(path)])
        fix(inputs, Check(context()))
        assert inputs.edited == {}
