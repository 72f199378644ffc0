# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker schema`: the kinds' schemas as an installed package gives them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import referencing
import yaml

from schemas import kinds, load_table
from tests.check.test_check import JOB
from tests.gateprocess import ROOT

POLICY = ROOT / "manifests/samples/policy.yaml"
SAMPLES = {
    path.stem: yaml.safe_load(path.read_text())
    for path in sorted((ROOT / "manifests/samples").glob("*.yaml"))
    if path != POLICY
}


def schema(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "webhook", "schema", *arguments], capture_output=True, text=True,
        check=False, cwd=ROOT,
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What --dir writes, for a team whose policy gives region and role."""
    place = tmp_path_factory.mktemp("schemas") / "of" / "ours"
    done = schema("--dir", str(place), "--policy", str(POLICY))
    assert done.returncode == 0, done.stderr
    return place


def test_a_kind_is_printed_as_the_gate_has_it() -> None:
    """Without a policy it is the very schema; a name is known in any case."""
    printed = json.loads(schema("trainingJOB", "--group", "legacy").stdout)
    assert printed == load_table("kinds/sagemaker.aws.amazon.com/v1/TrainingJob.json")
    assert json.loads(schema("Pipeline").stdout)["title"] == "Pipeline"
    exact = json.loads(schema("HyperParameterTuningJob").stdout)["x-kubernetes-kind"]
    assert exact["group"] == "sagemaker.services.k8s.aws", "the original's has a small p"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["TrainingJob"], "--group legacy (sagemaker.aws.amazon.com) or --group ack (sagemaker.s"),
        (["Trainingjib"], "'Trainingjib' is none of App, BatchTransformJob, "),
        (["Pipeline", "--group", "legacy"], "'Pipeline' is none of "),
        (["Model", "--group", "eks"], "'eks' is none; legacy is sagemaker.aws.amazon.com, ack is"),
        ([], "give a KIND, or --dir DIR"),
        (["Model", "--dir", "x"], "give a KIND, or --dir DIR"),
        (["Pipeline", "--policy", "nowhere.yaml"], "kube-sagemaker schema: nowhere.yaml: "),
        (["--dir", "/dev/null/x"], "kube-sagemaker schema: /dev/null/x"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_meant_is_said(arguments: list[str], said: str) -> None:
    """Exit code 2, and what to add."""
    done = schema(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())


def test_a_folder_holds_every_kind(folder: Path) -> None:
    """A file each, below group and version, and one that picks among them."""
    files = {str(path.relative_to(folder)) for path in folder.rglob("*.json")}
    expected = {f"{group}/{version}/{kind}.json" for (group, kind), (version, _) in kinds().items()}
    assert len(expected) == 34
    assert files == {*expected, "all.json"}


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_conforms_through_the_one_that_picks(folder: Path, name: str) -> None:
    """What the policy fills in may be absent; what is none of ours is passed over."""

    def beside(uri: str) -> referencing.Resource[Any]:
        return referencing.Resource.from_contents(json.loads((folder / uri).read_text()))

    every = json.loads((folder / "all.json").read_text())
    registry: Any = referencing.Registry(retrieve=beside)  # type: ignore[call-arg]
    validator = jsonschema.Draft202012Validator(every, registry=registry)
    assert [error.message for error in validator.iter_errors(SAMPLES[name])] == []
    broken = {**SAMPLES[name], "spec": {**SAMPLES[name]["spec"], "noSuchField": 1}}
    assert not validator.is_valid(broken)
    assert validator.is_valid({"apiVersion": "v1", "kind": SAMPLES[name]["kind"]})
    assert not validator.is_valid(yaml.safe_load(JOB))
