# SPDX-License-Identifier: Apache-2.0
"""docs/install.md: its `console` blocks are run in order on a control plane of their own.

The `sh` blocks need pods, AWS or a registry: they are held to the few commands that do.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from tests.controlplane.plane import ControlPlane
from tests.gateprocess import ROOT
from webhook.controllers import OWN_NAMESPACE

PAGE = (ROOT / "docs" / "install.md").read_text()
BLOCK = re.compile(r"^( *)```(console|sh)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
JOB = str(ROOT / "manifests" / "samples" / "trainingjob-xgboost-mnist.yaml")
MODEL = ROOT / "manifests" / "samples" / "model.yaml"
ROLE = "arn:aws:iam::123456789012:role/sagemaker-execution"
HOOKS = "validatingwebhookconfiguration,mutatingwebhookconfiguration"
NEED_PODS_OR_AWS = (
    "aws ", "eksctl ", "docker ", "export ISSUER=", "kubectl -n",
    "kubectl apply -f manifests/samples/", 'sed "s/\'\'system:serviceaccount:',
    "  manifests/webhooks.yaml | kubectl apply -f -",
)  # fmt: skip


def blocks(language: str) -> list[str]:
    """Return the page's blocks of a language, less their indentation."""
    return [
        re.sub(rf"^{indent}", "", text, flags=re.MULTILINE)
        for indent, found, text in BLOCK.findall(PAGE)
        if found == language
    ]


def test_what_is_not_run_needs_pods_or_aws() -> None:
    """Each line of the other blocks."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(lines) > 8
    assert [line for line in lines if not line.startswith(NEED_PODS_OR_AWS)] == []


def test_the_links_lead_to_headings() -> None:
    """Of this page, and files beside it."""
    headings = re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        path, _, anchor = target.partition("#")
        assert anchor in anchors if not path else (ROOT / "docs" / path).exists(), target


def test_every_block_does_what_the_page_says(
    empty_plane: ControlPlane, helm: Path, tmp_path: Path
) -> None:
    """Install, upgrade, break glass, uninstall; one namespace; Helm; with what each leaves."""
    binaries = tmp_path / "bin"
    binaries.mkdir()
    for name, program in (
        ("kubectl", empty_plane.binaries.kubectl), ("helm", helm),
        ("kube-sagemaker", Path(sys.executable).with_name("kube-sagemaker")),
    ):  # fmt: skip
        (binaries / name).symlink_to(program)
    work = tmp_path / "work"
    work.mkdir()
    (work / "manifests").symlink_to(ROOT / "manifests")
    variables, *rest = blocks("console")
    environment = {
        "PATH": f"{binaries}{os.pathsep}/usr/bin{os.pathsep}/bin", "HOME": str(tmp_path),
        "KUBECONFIG": str(empty_plane.kubeconfig), "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    assert len(rest) == len(AFTER)
    for block, check in zip(rest, AFTER, strict=True):
        done = subprocess.run(  # noqa: S603 - the page's own commands
            ["/bin/bash", "-euo", "pipefail", "-c", variables + block], cwd=work, text=True,
            capture_output=True, check=False, timeout=180, env=environment,
        )  # fmt: skip
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        check(empty_plane, work, done.stdout)


def policies_are_written(_plane: ControlPlane, work: Path, _output: str) -> None:
    """Both are JSON, for this role."""
    assert "oidc-provider" in json.loads((work / "trust.json").read_text())["Statement"][0][
        "Principal"]["Federated"]  # fmt: skip
    assert "sagemaker-execution" in (work / "permissions.json").read_text()


def all_is_there(plane: ControlPlane, _work: Path, output: str) -> None:
    """Eight CRDs, the role in place of the placeholder, the image, the Secrets."""
    assert output.count(".sagemaker.aws.amazon.com  ") >= 5
    shown = plane.kubectl("get", "sa,deploy,secret", "-n", OWN_NAMESPACE, "-o", "yaml").stdout
    assert "role-arn: arn:aws:iam::123456789012:role/sagemaker-operators" in shown
    assert shown.count("image: registry.example.com/kube-sagemaker:0.1.0") == 2
    assert "name: kube-sagemaker-tls-ca" in shown
    assert output.count("not there yet") == 2


def hooks_are_in(plane: ControlPlane, _work: Path, _output: str) -> None:
    """Both, with a caBundle: the API server asks them, and without pods it refuses."""
    shown = plane.kubectl("get", HOOKS, "-o", "yaml", check=True).stdout
    assert shown.count("caBundle: ") == 2
    done = plane.kubectl("create", "--dry-run=server", "-f", JOB)
    assert 'failed calling webhook "mutate.kube-sagemaker.dev"' in done.stderr


def hooks_are_out(plane: ControlPlane, _work: Path, _output: str) -> None:
    """Both; work goes on: a model is created."""
    assert plane.kubectl("get", HOOKS, check=True).stdout == ""
    model = yaml.safe_load(MODEL.read_text())
    model["spec"] |= {"region": "us-west-2", "executionRoleArn": ROLE}
    plane.kubectl("create", "-f", "-", stdin=yaml.safe_dump(model), check=True)


def policy_is_set(plane: ControlPlane, _work: Path, output: str) -> None:
    """The sample's is in the ConfigMap, and the gate is restarted."""
    shown = plane.kubectl("get", "cm", "kube-sagemaker-policy", "-n", OWN_NAMESPACE, "-o", "yaml")
    assert "RoleArn: arn:aws" in shown.stdout
    assert "deployment.apps/kube-sagemaker-gate restarted" in output


def upgraded(plane: ControlPlane, work: Path, output: str) -> None:
    """The CA, its bundle and the certificate are those that were."""
    assert output.count("caBundle kept") == 2
    assert "certificate kept" in output
    policy_is_set(plane, work, output)
    time.sleep(1.1)  # kubectl refuses to restart the same twice within a second
    hooks_are_in(plane, work, output)


def objects_are_gone(_plane: ControlPlane, _work: Path, output: str) -> None:
    """The model was listed, and deleted."""
    assert re.search(r"^default +model\S+ ", output, re.MULTILINE)
    assert re.search(r'^model\S+ "\S+" deleted', output, re.MULTILINE)


def nothing_is_left(plane: ControlPlane, _work: Path, _output: str) -> None:
    """No CRD, no role, no namespace of ours."""

    def left() -> list[str]:
        shown = plane.kubectl("get", f"crd,clusterrole,clusterrolebinding,ns,{HOOKS}", check=True)
        return [line for line in shown.stdout.splitlines() if "sagemaker" in line]

    # Helm does not wait for the namespace to end
    plane.wait_for(lambda: not left(), 60, "nothing of ours is left")
    assert left() == []


def crds_are_in(plane: ControlPlane, _work: Path, _output: str) -> None:
    """Eight."""
    assert plane.kubectl("get", "crd", "-o", "name", check=True).stdout.count("sagemaker") == 8


def operators_of(namespace: str) -> Callable[[ControlPlane, Path, str], None]:
    """Return the check that the operators are in a namespace and limited to it."""

    def check(plane: ControlPlane, _work: Path, _output: str) -> None:
        shown = plane.kubectl("get", "deploy", "-n", namespace, "-o", "yaml", check=True).stdout
        assert f"--namespace={namespace}" in shown
        assert "sagemaker" not in plane.kubectl("get", "clusterrole,ns", check=True).stdout

    return check


def released(plane: ControlPlane, work: Path, output: str) -> None:
    """As after the installer."""
    assert "STATUS: deployed" in output
    all_is_there(plane, work, output + " .sagemaker.aws.amazon.com  " * 8)


AFTER: tuple[Callable[[ControlPlane, Path, str], None], ...] = (
    policies_are_written,
    all_is_there,
    hooks_are_in,
    policy_is_set,
    upgraded,
    hooks_are_out,
    hooks_are_in,
    objects_are_gone,
    nothing_is_left,
    nothing_is_left,  # nor to be let go
    crds_are_in,
    operators_of("my-team"),
    nothing_is_left,
    released,
    hooks_are_in,
    crds_are_in,
    nothing_is_left,
    operators_of("their-team"),
)
"""What holds after each block, in the page's order."""
