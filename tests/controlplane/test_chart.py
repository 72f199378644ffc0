# SPDX-License-Identifier: Apache-2.0
"""The Helm chart: the same objects as the installers, taken by Helm and by the API server."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.controlplane.objects import objects
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import ROOT
from webhook.controllers import OWN_NAMESPACE, OWN_SERVICE_ACCOUNT

CHART = ROOT / "manifests" / "charts" / "kube-sagemaker"
INSTALLER = ROOT / "manifests" / "installer.yaml"
OPERATOR = ROOT / "manifests" / "namespaced" / "operator.yaml"
NAMESPACED = ("--set", "scope=namespaced,namespace=team-a")


@dataclass(frozen=True, slots=True)
class Helm:
    """Helm with a home of its own."""

    program: Path
    home: Path
    kubeconfig: Path | None = None

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of Helm's."""
        own = {f"HELM_{kind}_HOME": str(self.home / kind) for kind in ("CACHE", "CONFIG", "DATA")}
        own |= {"HOME": str(self.home), "KUBECONFIG": str(self.kubeconfig or "/nowhere")}
        return subprocess.run(  # noqa: S603 - our own words
            [self.program, *arguments], capture_output=True, text=True, check=False, timeout=120,
            env={**os.environ, **own},
        )  # fmt: skip

    def template(self, *arguments: str) -> dict[tuple[str, str, str], dict[str, Any]]:
        """Return the rendered objects, CRDs included."""
        done = self.run("template", "kube-sagemaker", str(CHART), "--include-crds", *arguments)
        assert done.returncode == 0, done.stderr
        return objects(done.stdout)


@pytest.fixture(scope="module")
def tool(helm: Path, tmp_path_factory: pytest.TempPathFactory) -> Helm:
    """Helm without a cluster."""
    return Helm(helm, tmp_path_factory.mktemp("helm"))


@pytest.fixture(scope="module")
def clustered(tool: Helm, empty_plane: ControlPlane) -> Helm:
    """Helm with a control plane of the module's own."""
    return Helm(tool.program, tool.home, empty_plane.kubeconfig)


@pytest.mark.parametrize("values", [(), NAMESPACED, ("--set", "gate.enabled=false")])
def test_helm_finds_no_fault(tool: Helm, values: tuple[str, ...]) -> None:
    """Strictly, in each of its shapes."""
    done = tool.run("lint", "--strict", str(CHART), *values)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 chart(s) failed" in done.stdout


def test_the_default_is_the_installer(tool: Helm) -> None:
    """Object by object."""
    assert tool.template() == objects(INSTALLER.read_text())


def test_the_namespaced_chart_is_the_namespaced_operator(tool: Helm) -> None:
    """Beside the CRDs, which --skip-crds leaves out for those who may not make any."""
    wanted = objects(OPERATOR.read_text().replace("PLACEHOLDER-NAMESPACE", "team-a"))
    found = tool.template(*NAMESPACED)
    assert {key: each for key, each in found.items() if "CustomRes" not in key[0]} == wanted
    without = tool.run("template", str(CHART), "--skip-crds", *NAMESPACED)
    assert objects(without.stdout) == wanted


def test_a_release_in_the_namespace_does_not_bring_it(tool: Helm) -> None:
    """With --create-namespace Helm makes it itself, and would refuse to own it."""
    found = tool.template("--namespace", OWN_NAMESPACE)
    assert set(objects(INSTALLER.read_text())) - set(found) == {("Namespace", "", OWN_NAMESPACE)}


def test_values_are_taken(tool: Helm, tmp_path: Path) -> None:
    """Role, image, replicas and policy; without the gate nothing of it is left but the policy."""
    policy = tmp_path / "policy.yaml"
    text = "apiVersion: kube-sagemaker.dev/v1alpha1\nkind: SageMakerPolicy\nspec: {sections: []}\n"
    policy.write_text(text)
    role = "arn:aws-cn:iam::123456789012:role/ml/operators"
    found = tool.template(
        "--set", f"roleArn={role},image.repository=registry.example/ks,image.tag=v2",
        "--set", "operators.replicas=3,gate.enabled=false", "--set-file", f"policy={policy}",
    )  # fmt: skip
    account = found["ServiceAccount", OWN_NAMESPACE, OWN_SERVICE_ACCOUNT]
    assert account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"] == role
    assert [key[2] for key in found if key[0] == "Deployment"] == [
        "sagemaker-k8s-operator-controller-manager"
    ]
    assert not [key for key in found if key[2] == "kube-sagemaker-gate"]
    (manager,) = (each["spec"] for key, each in found.items() if key[0] == "Deployment")
    assert manager["replicas"] == 3
    assert manager["template"]["spec"]["containers"][0]["image"] == "registry.example/ks:v2"
    kept = found["ConfigMap", OWN_NAMESPACE, "kube-sagemaker-policy"]["data"]["policy.yaml"]
    assert kept == text


def test_one_replica_of_the_gate_has_no_disruption_budget(tool: Helm) -> None:
    """It would stop every node from being drained."""
    found = tool.template("--set", "gate.replicas=1")
    assert not [key for key in found if key[0] == "PodDisruptionBudget"]
    assert found["Deployment", OWN_NAMESPACE, "kube-sagemaker-gate"]["spec"]["replicas"] == 1


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ("roleArn=operators", "roleArn"),
        ("scope=team", "scope"),
        ("scope=namespaced", "namespace"),
        ("namespace=team-a", "namespace"),
        ("scope=namespaced,namespace=Team_A", "namespace"),
        ("operators.replicas=many", "replicas"),
        ("gate.replicas=0", "replicas"),
        ("gate.enabled=maybe", "enabled"),
        ("policy=none", "policy"),
        ("rolearn=x", "rolearn"),
    ],
)
def test_values_that_mean_nothing_are_refused(tool: Helm, values: str, says: str) -> None:
    """By the chart's schema, before anything is rendered; the value is named."""
    done = tool.run("template", str(CHART), "--set", values)
    assert done.returncode != 0
    assert "values don't meet the specifications of the schema" in done.stderr
    assert says in done.stderr


@pytest.mark.parametrize("values", [(), NAMESPACED])
def test_the_api_server_takes_what_is_rendered(
    clustered: Helm, empty_plane: ControlPlane, values: tuple[str, ...]
) -> None:
    """A server-side dry run with strict validation, without a warning."""
    for name in (OWN_NAMESPACE, "team-a"):
        made = yaml.safe_dump({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        empty_plane.kubectl("apply", "--server-side", "-f", "-", stdin=made, check=True)
    rendered = yaml.safe_dump_all(
        clustered.template("--namespace", OWN_NAMESPACE, *values).values()
    )
    done = empty_plane.kubectl(
        "apply", "--dry-run=server", "--validate=strict", "-f", "-", stdin=rendered
    )
    assert (done.returncode, done.stderr) == (0, "")
    for name in (OWN_NAMESPACE, "team-a"):
        empty_plane.kubectl("delete", "namespace", name, check=True)


def test_the_notes_say_what_is_missing(clustered: Helm) -> None:
    """A role, where it is the placeholder; no certificate, where there is no gate."""
    done = clustered.run(
        "install", "notes", str(CHART), "--dry-run=client", "--skip-crds", *NAMESPACED
    )
    assert done.returncode == 0, done.stderr
    notes = done.stdout.partition("\nNOTES:")[2]
    assert "roleArn is a placeholder" in notes
    assert "certs --install" not in notes


def test_a_release_is_installed_upgraded_and_taken_out(
    clustered: Helm, empty_plane: ControlPlane
) -> None:
    """Really, but for pods; an uninstall leaves the CRDs, and with them every job, alone."""
    role = "arn:aws:iam::123456789012:role/operators"
    values = ("--set", f"roleArn={role}")
    done = clustered.run("install", "kube-sagemaker", str(CHART), *values)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n  kube-sagemaker certs --install") == 2
    assert "placeholder" not in done.stdout
    try:
        account = empty_plane.kubectl(
            "get", "serviceaccount", OWN_SERVICE_ACCOUNT, "-n", OWN_NAMESPACE, "-o", "yaml"
        )
        assert role in account.stdout
        upgraded = clustered.run(
            "upgrade", "kube-sagemaker", str(CHART), "--reset-then-reuse-values",
            "--set", "operators.replicas=1",
        )  # fmt: skip
        assert upgraded.returncode == 0, upgraded.stderr
        shown = empty_plane.kubectl("get", "deployment", "-n", OWN_NAMESPACE, "-o", "yaml").stdout
        replicas = {
            d["metadata"]["name"]: d["spec"]["replicas"] for d in yaml.safe_load(shown)["items"]
        }
        assert replicas == {
            "kube-sagemaker-gate": 2, "sagemaker-k8s-operator-controller-manager": 1,
        }  # fmt: skip
    finally:
        removed = clustered.run("uninstall", "kube-sagemaker")
    assert removed.returncode == 0, removed.stderr
    left = empty_plane.kubectl("get", "crd", check=True).stdout
    assert left.count("sagemaker.aws.amazon.com") == 8
    assert "sagemaker-k8s-operator" not in empty_plane.kubectl("get", "clusterrole").stdout
