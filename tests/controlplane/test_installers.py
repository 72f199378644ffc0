# SPDX-License-Identifier: Apache-2.0
"""The installers on a real API server. There is no kubelet here, so no pod ever runs."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from schemas import find_kind, kinds
from tests.controlplane.objects import objects
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import ROOT
from webhook.controllers import CONTROLLERS, OWN_NAMESPACE, OWN_SERVICE_ACCOUNT

INSTALLER = ROOT / "manifests" / "installer.yaml"
NAMESPACED = ROOT / "manifests" / "namespaced"
TEAM = "team-a"
PLURALS = sorted(
    kind.plural
    for group, name in kinds()
    if (kind := find_kind(group, name)) is not None and group == "sagemaker.aws.amazon.com"
)
MANAGER = ("Deployment", OWN_NAMESPACE, "sagemaker-k8s-operator-controller-manager")


def for_team() -> str:
    """Return the namespaced operator as sed makes it."""
    return (NAMESPACED / "operator.yaml").read_text().replace("PLACEHOLDER-NAMESPACE", TEAM)


@pytest.fixture(scope="module")
def installed(empty_plane: ControlPlane) -> ControlPlane:
    """A control plane with both installers, each as its user applies it."""
    empty_plane.kubectl("apply", "-f", str(INSTALLER), check=True)
    empty_plane.kubectl("create", "namespace", TEAM, check=True)
    empty_plane.kubectl("apply", "-f", "-", stdin=for_team(), check=True)
    return empty_plane


def test_the_installer_is_what_kustomize_makes(plane: ControlPlane) -> None:
    """Object by object, so that `kubectl apply -k manifests` installs the same."""
    built = objects(plane.kubectl("kustomize", str(ROOT / "manifests"), check=True).stdout)
    assert built == objects(INSTALLER.read_text())
    assert len(built) == 8 + 8 + 6
    assert MANAGER in built


def test_each_installer_is_taken_strictly(installed: ControlPlane) -> None:
    """By a server-side dry run with not a single warning: no unknown field, no pod refused."""
    for text in (INSTALLER.read_text(), (NAMESPACED / "crd.yaml").read_text(), for_team()):
        done = installed.kubectl(
            "apply", "--dry-run=server", "--validate=strict", "-f", "-", stdin=text
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert len(done.stdout.splitlines()) == len(objects(text))


def test_the_crds_are_the_originals(installed: ControlPlane) -> None:
    """`kubectl get crd | grep sagemaker` lists its eight, and crd.yaml is these."""
    shown = installed.kubectl("get", "crd", check=True).stdout
    names = [line.split()[0] for line in shown.splitlines() if "sagemaker" in line]
    assert names == [f"{plural}.sagemaker.aws.amazon.com" for plural in PLURALS]
    crds = objects((NAMESPACED / "crd.yaml").read_text())
    assert [name for _, _, name in crds] == names
    assert crds.items() <= objects(INSTALLER.read_text()).items()


def test_the_namespaced_operator_stays_in_its_namespace() -> None:
    """No object of the cluster, no gate, the namespace as argument, and no placeholder left."""
    found = objects(for_team())
    assert {namespace for _, namespace, _ in found} == {TEAM}
    assert not [kind for kind, _, _ in found if kind.startswith("Cluster")]
    assert "kube-sagemaker-gate" not in for_team()
    manager = found["Deployment", TEAM, MANAGER[2]]["spec"]["template"]["spec"]["containers"][0]
    assert f"--namespace={TEAM}" in manager["args"]
    assert "PLACEHOLDER" not in for_team()
    cluster = objects(INSTALLER.read_text())[MANAGER]["spec"]["template"]["spec"]["containers"][0]
    assert manager["args"][:-1] == cluster["args"]


def test_the_names_are_those_that_users_have() -> None:
    """Namespace and account of trust policies, role placeholder, Lease, endpoint variable."""
    found = objects(INSTALLER.read_text())
    account = found["ServiceAccount", OWN_NAMESPACE, OWN_SERVICE_ACCOUNT]
    role = account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"]
    assert role == "arn:aws:iam::123456789012:role/DELETE_ME"
    assert f"{OWN_NAMESPACE}:{OWN_SERVICE_ACCOUNT}" in CONTROLLERS
    spec = found[MANAGER]["spec"]["template"]["spec"]
    assert spec["serviceAccountName"] == OWN_SERVICE_ACCOUNT
    (manager,) = spec["containers"]
    assert manager["env"] == [{"name": "AWS_DEFAULT_SAGEMAKER_ENDPOINT", "value": ""}]
    assert (manager["name"], manager["args"][0]) == ("manager", "operate")
    assert found[MANAGER]["spec"]["replicas"] == 2
    assert {
        ("Namespace", "sagemaker-k8s-operator-system"),
        ("ServiceAccount", "sagemaker-k8s-operator-default"),
        ("ClusterRole", "sagemaker-k8s-operator-manager-role"),
        ("ClusterRoleBinding", "sagemaker-k8s-operator-manager-rolebinding"),
        ("Role", "sagemaker-k8s-operator-leader-election-role"),
        ("RoleBinding", "sagemaker-k8s-operator-leader-election-rolebinding"),
    } <= {(kind, name) for kind, _, name in found}


def test_probes_ask_ports_that_the_containers_have() -> None:
    """By name; the operators' is the port that --metrics binds."""
    for (kind, _, _), each in objects(INSTALLER.read_text()).items():
        if kind != "Deployment":
            continue
        (container,) = each["spec"]["template"]["spec"]["containers"]
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        for probe, path in (("readinessProbe", "/readyz"), ("livenessProbe", "/healthz")):
            asked = container[probe]["httpGet"]
            assert asked["path"] == path
            assert any(arg.endswith(f":{ports[asked['port']]}") for arg in container["args"])


@pytest.mark.parametrize("namespace", [OWN_NAMESPACE, TEAM])
def test_pods_of_each_deployment_meet_the_restricted_standard(
    installed: ControlPlane, namespace: str
) -> None:
    """Enforced on both namespaces: each template is taken as a pod, one that is root is not."""
    installed.kubectl(
        "label", "namespace", namespace, "--overwrite",
        "pod-security.kubernetes.io/enforce=restricted", check=True,
    )  # fmt: skip
    text = INSTALLER.read_text() if namespace == OWN_NAMESPACE else for_team()
    templates = [
        each["spec"]["template"]["spec"]
        for (kind, _, _), each in objects(text).items()
        if kind == "Deployment"
    ]
    assert len(templates) == (2 if namespace == OWN_NAMESPACE else 1)
    for spec in templates:
        spec.pop("priorityClassName", None)  # made by a controller that does not run here
        assert created(installed, namespace, spec) == ""
        spec["containers"][0]["securityContext"]["allowPrivilegeEscalation"] = True
        assert "restricted" in created(installed, namespace, spec)


def created(plane: ControlPlane, namespace: str, spec: dict[str, Any]) -> str:
    """Return what the API server has against a pod."""
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "probe"}, "spec": spec}
    done = plane.kubectl(
        "create", "--dry-run=server", "-n", namespace, "-f", "-", stdin=yaml.safe_dump(pod)
    )
    return done.stderr


def rights(plane: ControlPlane, account: str, namespace: str) -> set[str]:
    """Return the rows of `kubectl auth can-i --list`, less those that every account has."""

    def rows(user: str) -> set[str]:
        done = plane.kubectl(
            "auth", "can-i", "--list", "--no-headers", "-n", namespace,
            f"--as=system:serviceaccount:{user}", check=True,
        )  # fmt: skip
        return {re.sub(r"\s+", " ", line).strip() for line in done.stdout.splitlines()}

    return rows(account) - rows("nowhere:nobody")


ON_KINDS = {
    *(f"{p}.sagemaker.aws.amazon.com [] [] [create delete get list patch watch]" for p in PLURALS),
    *(f"{p}.sagemaker.aws.amazon.com/status [] [] [patch]" for p in PLURALS),
    *(f"{p}.sagemaker.aws.amazon.com/finalizers [] [] [update]"
      for p in ("hostingdeployments", "hyperparametertuningjobs")),
    "events [] [] [create]",
}  # fmt: skip
ON_LEASES = {
    "leases.coordination.k8s.io [] [] [create]",
    "leases.coordination.k8s.io [] [kube-sagemaker-operators] [get update]",
}
ON_NAMESPACES = {"namespaces [] [] [get list watch]"}


def test_the_operators_account_may_do_what_it_must_and_nothing_else(
    installed: ControlPlane,
) -> None:
    """Its kinds, their status and events everywhere, namespaces, and Leases in its own."""
    account = f"{OWN_NAMESPACE}:{OWN_SERVICE_ACCOUNT}"
    assert rights(installed, account, "default") == ON_KINDS | ON_NAMESPACES
    assert rights(installed, account, OWN_NAMESPACE) == ON_KINDS | ON_NAMESPACES | ON_LEASES


def test_the_namespaced_operators_account_may_nothing_elsewhere(installed: ControlPlane) -> None:
    """In its namespace the same, and its labels; in any other, and of the cluster, nothing."""
    account = f"{TEAM}:{OWN_SERVICE_ACCOUNT}"
    assert rights(installed, account, TEAM) == ON_KINDS | ON_LEASES | {"namespaces [] [] [get]"}
    assert rights(installed, account, "default") == set()
    assert rights(installed, account, OWN_NAMESPACE) == set()


def test_the_account_may_not_what_the_list_does_not_show(installed: ControlPlane) -> None:
    """Asked one by one: no Secrets, no pods, no CRDs, no other group's kinds."""
    account = f"--as=system:serviceaccount:{OWN_NAMESPACE}:{OWN_SERVICE_ACCOUNT}"

    def may(*what: str) -> bool:
        return installed.kubectl("auth", "can-i", *what, account).stdout.strip() == "yes"

    assert may("patch", "trainingjobs.sagemaker.aws.amazon.com/status", "-n", "default")
    assert may("create", "leases.coordination.k8s.io", "-n", OWN_NAMESPACE)
    for refused in (
        ("get", "secrets"), ("list", "pods"), ("get", "crd"), ("delete", "namespaces"),
        ("create", "leases.coordination.k8s.io", "-n", "default"),
        ("get", "leases.coordination.k8s.io/other", "-n", OWN_NAMESPACE),
        ("get", "validatingwebhookconfigurations"), ("get", "configmaps", "-n", OWN_NAMESPACE),
    ):  # fmt: skip
        assert not may(*refused), refused
