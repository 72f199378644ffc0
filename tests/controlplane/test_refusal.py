# SPDX-License-Identifier: Apache-2.0
"""What kubectl prints of a refusal: every fault by field, in its own list."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
import yaml

from tests.controlplane.jobs import NINE, SAMPLES, both, good, listed, nine_faults
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import GateProcess


@pytest.mark.parametrize("command", ["apply", "create", "create --dry-run=server", "replace"])
def test_nine_faults_are_nine_fields(
    plane: ControlPlane, gate: GateProcess, namespace: str, command: str
) -> None:
    """Our kind: one fault of each sort, all nine named in kubectl's list, with the right image."""
    if command == "replace":
        plane.kubectl("create", "-n", namespace, "-f", str(SAMPLES["legacy"]), check=True)
    done = plane.kubectl(
        *command.split(), "-n", namespace, "-f", "-", stdin=yaml.safe_dump(nine_faults("legacy"))
    )
    assert done.returncode != 0
    assert 'The TrainingJob "xgboost-mnist" is invalid:' in done.stderr
    assert sorted(listed(done.stderr)) == sorted(NINE["legacy"])
    assert "433757028032.dkr.ecr.us-west-2.amazonaws.com/xgboost:1" in done.stderr
    assert 'did you mean "volumeSizeInGB"?' in done.stderr


@pytest.mark.parametrize("command", ["apply", "create", "create --dry-run=server", "replace"])
def test_nine_faults_of_an_ack_job(
    plane: ControlPlane, gate: GateProcess, namespace: str, command: str
) -> None:
    """ACK's kind, sent as GitOps tools do: all but the misspelt key, which the CRD has pruned.

    In its place the field that is now missing is named.
    """
    if command == "replace":
        plane.kubectl("create", "-n", namespace, "-f", str(SAMPLES["ack"]), check=True)
    done = plane.kubectl(
        *command.split(),
        "--validate=ignore",
        "-n",
        namespace,
        "-f",
        "-",
        stdin=yaml.safe_dump(nine_faults("ack")),
    )
    assert done.returncode != 0
    seen = [
        "spec.resourceConfig.volumeSizeInGB" if field.endswith("volumeSizeInGb") else field
        for field in NINE["ack"]
    ]
    assert sorted(listed(done.stderr)) == sorted(seen)


def test_the_api_server_answers_misspelt_keys_of_ack_itself(
    plane: ControlPlane, gate: GateProcess, namespace: str
) -> None:
    """A limit: kubectl asks for strict decoding, and on a pruning CRD hears of this key only."""
    body = yaml.safe_dump(nine_faults("ack"))
    done = plane.kubectl("create", "-n", namespace, "-f", "-", stdin=body)
    assert "strict decoding error" in done.stderr
    assert 'unknown field "spec.resourceConfig.volumeSizeInGb"' in done.stderr
    assert "(SM" not in done.stderr


@both
def test_the_api_server_answers_types_of_server_side_apply_itself(
    plane: ControlPlane, gate: GateProcess, namespace: str, group: str
) -> None:
    """A limit: server-side apply checks types before any webhook is asked."""
    body = yaml.safe_dump(nine_faults(group))
    done = plane.kubectl("apply", "--server-side", "-n", namespace, "-f", "-", stdin=body)
    assert done.returncode != 0
    assert "expected string, got" in done.stderr or "strict decoding" in done.stderr
    assert "(SM" not in done.stderr


@both
def test_server_side_apply_lists_what_is_no_type(
    plane: ControlPlane, gate: GateProcess, namespace: str, group: str
) -> None:
    """With right types and names, server-side apply prints the same list."""
    body = good(group)
    body["spec"]["resourceConfig"]["instanceCount"] = 64
    body["spec"]["stoppingCondition"]["maxRuntimeInSeconds"] = 0
    done = plane.kubectl(
        "apply", "--server-side", "-n", namespace, "-f", "-", stdin=yaml.safe_dump(body)
    )
    assert sorted(listed(done.stderr)) == [
        "spec.resourceConfig.instanceCount",
        "spec.stoppingCondition.maxRuntimeInSeconds",
    ]


def test_two_bad_objects_in_a_folder_each_say_everything(
    plane: ControlPlane, gate: GateProcess, namespace: str, tmp_path: Path
) -> None:
    """`-f dir/`: kubectl shows only the messages, which hold the same lines for each object."""
    for name in ("a", "b"):
        body = nine_faults("legacy")
        body["metadata"]["name"] = name
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(body))
    done = plane.kubectl("apply", "-n", namespace, "-f", str(tmp_path))
    for name in ("a", "b"):
        assert f'TrainingJob "{name}" is invalid:' in done.stderr
    assert sorted(listed(done.stderr)) == sorted(NINE["legacy"] * 2)


def test_generate_name_is_judged_like_any_other(
    plane: ControlPlane, gate: GateProcess, namespace: str
) -> None:
    """`generateName`: a good job gets its name and its defaults, a bad one is refused."""
    body = good("legacy")
    body["metadata"] = {"generateName": "mnist-"}
    done = plane.kubectl(
        "create",
        "-n",
        namespace,
        "-o",
        "jsonpath={.metadata.name} {.spec.region}",
        "-f",
        "-",
        stdin=yaml.safe_dump(body),
    )
    assert re.fullmatch(r"mnist-\w{5} us-west-2", done.stdout), done.stderr
    bad = nine_faults("legacy")
    bad["metadata"] = {"generateName": "mnist-"}
    refused = plane.kubectl("create", "-n", namespace, "-f", "-", stdin=yaml.safe_dump(bad))
    assert len(listed(refused.stderr)) == len(NINE["legacy"])


@both
def test_patch_and_edit_are_judged(
    plane: ControlPlane, gate: GateProcess, namespace: str, group: str
) -> None:
    """A patch to a bad value is refused by field, one to a good value passes."""
    plane.kubectl("create", "-n", namespace, "-f", str(SAMPLES[group]), check=True)
    name = f"trainingjobs.{good(group)['apiVersion'].partition('/')[0]}/xgboost-mnist"
    patch = '{"spec": {"resourceConfig": {"instanceCount": %d}}}'
    bad = plane.kubectl("patch", "-n", namespace, name, "--type=merge", "-p", patch % 64)
    assert "spec.resourceConfig.instanceCount: Forbidden" in bad.stderr
    fine = plane.kubectl("patch", "-n", namespace, name, "--type=merge", "-p", patch % 2)
    assert fine.returncode == 0, fine.stderr


def test_a_dry_run_says_the_same_and_stores_nothing(
    plane: ControlPlane, gate: GateProcess, namespace: str
) -> None:
    """`--dry-run=server` returns the completed object, and nothing is there afterwards."""
    done = plane.kubectl(
        "create",
        "--dry-run=server",
        "-n",
        namespace,
        "-o",
        "jsonpath={.spec.region}",
        "-f",
        str(SAMPLES["legacy"]),
    )
    assert done.stdout == "us-west-2"
    listed_after = plane.kubectl("get", "-n", namespace, "trainingjobs.sagemaker.aws.amazon.com")
    assert "No resources found" in listed_after.stderr


def test_a_refused_object_reads_the_same_whoever_asks(
    plane: ControlPlane, gate: GateProcess, namespace: str
) -> None:
    """A client that is not kubectl gets 422, reason Invalid, a cause per field, the message."""
    body = copy.deepcopy(nine_faults("legacy"))
    body["metadata"]["namespace"] = namespace
    path = f"/apis/sagemaker.aws.amazon.com/v1/namespaces/{namespace}/trainingjobs"
    code, status = plane.request("POST", path, body)
    assert (code, status["reason"]) == (422, "Invalid")
    fields = [cause["field"] for cause in status["details"]["causes"]]
    assert sorted(fields) == sorted(NINE["legacy"])
    assert status["message"].count("\n* ") == len(fields)


def test_kubectl_edit_is_refused_and_keeps_the_file(
    plane: ControlPlane, gate: GateProcess, namespace: str, tmp_path: Path
) -> None:
    """An edit to a bad value: kubectl says that it is invalid, and where it kept the edit."""
    plane.kubectl("create", "-n", namespace, "-f", str(SAMPLES["legacy"]), check=True)
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/instanceCount: 1/instanceCount: 64/" "$1"\n')
    editor.chmod(0o755)
    name = "trainingjobs.sagemaker.aws.amazon.com/xgboost-mnist"
    done = plane.kubectl("edit", "-n", namespace, name, editor=str(editor))
    assert done.returncode != 0
    assert "is invalid" in done.stderr
    assert "A copy of your changes has been stored" in done.stderr
    stored = plane.kubectl("get", "-n", namespace, name, "-o", "yaml", check=True).stdout
    assert "instanceCount: 1\n" in stored
