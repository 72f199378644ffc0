# SPDX-License-Identifier: Apache-2.0
"""What a cluster brings that files do not have: each row of the list in docs/check.md, shown."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.check.command import run
from tests.controlplane.conftest import POLICY
from tests.controlplane.jobs import RESOURCE, good
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import ROOT, GateProcess

ROWS = [
    "unknown fields of ACK's kinds",
    "who asks",
    "what is stored",
    "comments and a baseline",
    "namespaces",
    "the CRD's own schema",
]

BY_LABEL = """\
    - name: lab
      match: {namespaces: {selector: {matchLabels: {tier: lab}}}}
      modes: {SM603: warn}
"""


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tests' policy; wrong types only warn, and a lab's jobs may be of any size."""
    path = tmp_path_factory.mktemp("policy") / "policy.yaml"
    path.write_text(f"{POLICY}      modes: {{SM105: warn}}\n{BY_LABEL}")
    return path


def refused(plane: ControlPlane, body: dict[str, Any], namespace: str, *flags: str) -> str:
    """Create an object without keeping it; return what kubectl complains of, "" if of nothing."""
    command = ["create", "--dry-run=server", "-n", namespace, *flags, "-f", "-"]
    done = plane.kubectl(*command, stdin=yaml.safe_dump(body))
    return done.stderr if done.returncode else ""


def found(text: str, policy: Path, *arguments: str) -> list[str]:
    """Return the rules of the errors that the check finds."""
    done = run("validate", "--policy", str(policy), "--format", "concise", *arguments, "-",
               stdin=text)  # fmt: skip
    return [line.split()[1] for line in done.stdout.splitlines() if " error: " in line]


def large() -> dict[str, Any]:
    """Return a job that is larger than the policy allows."""
    body = good("legacy")
    body["spec"]["resourceConfig"]["instanceCount"] = 64
    return body


def test_the_page_lists_these_and_no_others() -> None:
    """A row of the page is a test of this file."""
    page = (ROOT / "docs" / "check.md").read_text()
    section = page.partition("## Where a cluster differs")[2].partition("\n## ")[0]
    assert re.findall(r"^\| (\w[^|]*?) \|", section, re.MULTILINE) == ROWS


def test_unknown_fields_of_acks_kinds(
    plane: ControlPlane, gate: GateProcess, namespace: str, policy: Path
) -> None:
    """Pruned before the gate is asked, when nobody has asked for strictness; of ours never."""
    for group, reaches in (("ack", False), ("legacy", True)):
        body = good(group)
        body["spec"]["outputDataConfig"]["kmsKey"] = "alias/x"
        assert found(yaml.safe_dump(body), policy) == ["SM101"]
        complaint = refused(plane, body, namespace, "--validate=ignore")
        assert ("(SM101)" in complaint) is reaches, complaint
        assert refused(plane, body, namespace), "kubectl apply is strict unless told otherwise"


def test_who_asks(plane: ControlPlane, gate: GateProcess, namespace: str, policy: Path) -> None:
    """A controller's write passes; a file has no author."""
    assert found(yaml.safe_dump(large()), policy) == ["SM603"]
    assert "(SM603)" in refused(plane, large(), namespace)
    account = "--as=system:serviceaccount:ack-system:ack-sagemaker-controller"
    body = large()
    body["spec"].update(region="us-west-2", roleArn="arn:aws:iam::123456789012:role/me")
    groups = "--as-group=system:masters"
    assert refused(plane, body, namespace, account, groups) == ""


def test_what_is_stored(
    plane: ControlPlane, gate: GateProcess, namespace: str, policy: Path
) -> None:
    """An update passes with what the stored object has too; the check knows no stored one."""
    body = large()
    plane.kubectl("label", "namespace", namespace, "tier=lab", check=True)
    create = ["create", "-n", namespace, "-f", "-"]

    def is_stored() -> bool:
        return plane.kubectl(*create, stdin=yaml.safe_dump(body)).returncode == 0

    plane.wait_for(is_stored, 20, "the gate knows the label")
    plane.kubectl("label", "namespace", namespace, "tier-", check=True)
    plane.wait_for(
        lambda: "(SM603)" in refused(plane, renamed(body), namespace), 20, "the label is gone"
    )
    patch = '{"spec": {"stoppingCondition": {"maxRuntimeInSeconds": 60}}}'
    done = plane.kubectl("patch", "-n", namespace, RESOURCE["legacy"], "--type=merge", "-p", patch)
    assert done.returncode == 0, done.stderr
    stored = plane.kubectl("get", "-n", namespace, RESOURCE["legacy"], "-o", "yaml", check=True)
    assert found(stored.stdout, policy) == ["SM603"]


def renamed(body: dict[str, Any]) -> dict[str, Any]:
    """Return the same object by another name."""
    other = copy.deepcopy(body)
    other["metadata"]["name"] = "another"
    return other


def test_comments_and_a_baseline(
    plane: ControlPlane, gate: GateProcess, namespace: str, policy: Path, tmp_path: Path
) -> None:
    """They stay in the repository."""
    text = yaml.safe_dump(large())
    waived = text.replace(
        "instanceCount: 64", "instanceCount: 64  # kube-sagemaker: ignore[SM603] reason=agreed"
    )
    assert found(waived, policy) == []
    path = tmp_path / "known.json"
    run("validate", "--policy", str(policy), "--write-baseline", str(path), "-", stdin=text)
    assert found(text, policy, "--baseline", str(path)) == []
    done = plane.kubectl("create", "--dry-run=server", "-n", namespace, "-f", "-", stdin=waived)
    assert "(SM603)" in done.stderr


def test_namespaces(plane: ControlPlane, gate: GateProcess, namespace: str, policy: Path) -> None:
    """Labels are the cluster's; the check takes those of a Namespace in its input."""
    plane.kubectl("label", "namespace", namespace, "tier=lab", check=True)
    plane.wait_for(lambda: refused(plane, large(), namespace) == "", 20, "the label is known")
    text = yaml.safe_dump(large())
    assert found(text, policy, "--namespace", namespace) == ["SM603"]
    there = plane.kubectl("get", "namespace", namespace, "-o", "yaml", check=True).stdout
    assert found(f"{there}---\n{text}", policy, "--namespace", namespace) == []


def test_the_crds_own_schema(
    plane: ControlPlane, gate: GateProcess, namespace: str, policy: Path
) -> None:
    """A type that the policy lets pass with a warning is refused by the API server itself."""
    body = good("legacy")
    body["spec"]["hyperParameters"][0]["value"] = 5
    assert found(yaml.safe_dump(body), policy) == []
    complaint = refused(plane, body, namespace)
    assert "spec.hyperParameters[0].value: Invalid value" in complaint
    assert "(SM" not in complaint.replace("Warning: SM", "")
