# SPDX-License-Identifier: Apache-2.0
"""The manifests, on the real API server. There is no kubelet here, so no pod ever runs."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from tests.controlplane.conftest import register
from tests.controlplane.jobs import good
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import ROOT, GateProcess
from webhook.cli.main import main

BASE = ROOT / "manifests" / "base"
NAMESPACE = "sagemaker-k8s-operator-system"


@pytest.fixture(scope="module", autouse=True)
def operators_namespace(plane: ControlPlane) -> None:
    """A dry run creates no namespace that the rest could be in."""
    plane.kubectl("apply", "-f", str(BASE / "namespace.yaml"), check=True)


def test_the_base_is_taken_by_the_api_server(plane: ControlPlane) -> None:
    """Strictly: an unknown field would be refused, and so would a pod against pod security."""
    done = plane.kubectl("apply", "-k", str(BASE), "--dry-run=server", "--validate=strict")
    assert done.returncode == 0, done.stderr
    assert done.stderr == "", "not even a warning"
    for name in ("deployment.apps/kube-sagemaker-gate", "service/kube-sagemaker-gate",
                 "poddisruptionbudget.policy/kube-sagemaker-gate",
                 "clusterrole.rbac.authorization.k8s.io/kube-sagemaker-gate"):  # fmt: skip
        assert name in done.stdout


def test_the_pods_meet_the_restricted_standard(plane: ControlPlane) -> None:
    """Pod security, enforced on the namespace, takes a pod of the Deployment's template."""
    deployment = yaml.safe_load((BASE / "deployment.yaml").read_text())
    template = deployment["spec"]["template"]
    template["spec"].pop("priorityClassName")
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "probe", "namespace": NAMESPACE},
        "spec": template["spec"],
    }
    done = plane.kubectl("create", "--dry-run=server", "-f", "-", stdin=yaml.safe_dump(pod))
    assert done.returncode == 0, done.stderr


def test_the_webhook_configurations_and_the_certificate(
    plane: ControlPlane, tmp_path: Path
) -> None:
    """They are taken as they are; `kube-sagemaker certs` makes the Secret and sets the caBundle."""
    out = str(tmp_path)
    arguments = ["certs", "--service", "kube-sagemaker-gate", "--namespace", NAMESPACE]
    done = CliRunner().invoke(main, [*arguments, "--out", out])
    assert done.exit_code == 0
    try:
        plane.kubectl(
            "apply", "--validate=strict", "-f", str(BASE.parent / "webhooks.yaml"), check=True
        )
        for line in done.output.splitlines():
            if line.startswith("kubectl "):
                plane.kubectl(*line.split()[1:], check=True)
        for kind in ("validating", "mutating"):
            found = plane.kubectl(
                "get", f"{kind}webhookconfiguration", "kube-sagemaker", "-o", "json", check=True
            )
            (webhook,) = json.loads(found.stdout)["webhooks"]
            authority = base64.b64decode(webhook["clientConfig"]["caBundle"])
            assert authority == (tmp_path / "ca.crt").read_bytes()
            assert (webhook["failurePolicy"], webhook["timeoutSeconds"]) == ("Fail", 5)
    finally:
        plane.kubectl(
            "delete", "validatingwebhookconfiguration,mutatingwebhookconfiguration",
            "kube-sagemaker", "--ignore-not-found",
        )  # fmt: skip


def test_the_gates_account_may_read_namespaces_and_nothing_else(plane: ControlPlane) -> None:
    """Its role as the API server sees it."""
    for name in ("serviceaccount", "rbac"):
        plane.kubectl("apply", "-f", str(BASE / f"{name}.yaml"), check=True)
    account = f"--as=system:serviceaccount:{NAMESPACE}:kube-sagemaker-gate"

    def may(*what: str) -> bool:
        return plane.kubectl("auth", "can-i", *what, account).stdout.strip() == "yes"

    assert all(may(verb, "namespaces") for verb in ("get", "list", "watch"))
    assert not may("delete", "namespaces")
    assert not may("get", "secrets", "-n", NAMESPACE)
    assert not may("list", "trainingjobs.sagemaker.aws.amazon.com")


def test_kubectl_knows_our_crd(plane: ControlPlane) -> None:
    """`get crd`, `explain` and the original's columns."""
    crds = plane.kubectl("get", "crd", check=True).stdout
    assert "trainingjobs.sagemaker.aws.amazon.com" in crds
    explained = plane.kubectl(
        "explain", "trainingjobs.spec.resourceConfig", "--api-version=sagemaker.aws.amazon.com/v1"
    )
    assert "instanceType\t<string>" in explained.stdout
    top = plane.kubectl("explain", "trainingjobs.spec", "--api-version=sagemaker.aws.amazon.com/v1")
    assert "outputDataConfig\t<Object> -required-" in top.stdout


def test_printer_columns_are_the_originals(
    plane: ControlPlane, gate: GateProcess, namespace: str
) -> None:
    """With a status, `kubectl get` shows what users of the original know."""
    plane.kubectl("create", "-n", namespace, "-f", "-", stdin=yaml.safe_dump(good("legacy")))
    status = {"trainingJobStatus": "InProgress", "secondaryStatus": "Starting",
              "sageMakerTrainingJobName": "xgboost-mnist-1"}  # fmt: skip
    name = "trainingjobs.sagemaker.aws.amazon.com/xgboost-mnist"
    plane.kubectl(
        "patch", "-n", namespace, name, "--subresource=status", "--type=merge", "-p",
        json.dumps({"status": status}), check=True,
    )  # fmt: skip
    head, row = plane.kubectl("get", "-n", namespace, name).stdout.splitlines()
    assert head.split() == [
        "NAME", "STATUS", "SECONDARY-STATUS", "CREATION-TIME", "SAGEMAKER-JOB-NAME",
    ]  # fmt: skip
    assert row.split()[1:3] == ["InProgress", "Starting"]


POLICY = """\
apiVersion: kube-sagemaker.dev/v1alpha1
kind: SageMakerPolicy
metadata: {name: labels}
spec:
  sections:
    - name: everyone
      defaults: {Region: us-west-2, RoleArn: "arn:aws:iam::123456789012:role/everyone"}
    - name: gpu
      match: {namespaces: {selector: {matchLabels: {tier: gpu}}}}
      defaults: {RoleArn: "arn:aws:iam::123456789012:role/gpu-people"}
"""


def test_labels_and_annotations_of_namespaces_are_seen_at_once(
    plane: ControlPlane, namespace: str, tmp_path: Path
) -> None:
    """A namespace made after the gate started selects its section; ACK's region comes from it."""
    policy = tmp_path / "policy.yaml"
    policy.write_text(POLICY)
    late = f"{namespace}-late"
    with GateProcess("--kubeconfig", str(plane.kubeconfig), policy=policy) as gate:
        register(plane, gate)
        try:
            plane.kubectl("create", "-f", "-", check=True, stdin=yaml.safe_dump({
                "apiVersion": "v1", "kind": "Namespace",
                "metadata": {
                    "name": late, "labels": {"tier": "gpu"},
                    "annotations": {"services.k8s.aws/default-region": "us-west-2"},
                },
            }))  # fmt: skip
            found = plane.kubectl(
                "create", "-n", late, "-f", "-", "-o", "jsonpath={.spec.roleArn}",
                stdin=yaml.safe_dump(good("legacy")),
            )  # fmt: skip
            assert found.stdout.endswith("role/gpu-people"), found.stderr
            ack = plane.kubectl("create", "-n", late, "-f", "-", stdin=yaml.safe_dump(good("ack")))
            assert "by the namespace's annotation services.k8s.aws/default-region" in ack.stderr
            plain = plane.kubectl(
                "create", "-n", namespace, "-f", "-", "-o", "jsonpath={.spec.roleArn}",
                stdin=yaml.safe_dump(good("legacy")),
            )  # fmt: skip
            assert plain.stdout.endswith("role/everyone"), plain.stderr
        finally:
            plane.kubectl(
                "delete", "validatingwebhookconfiguration,mutatingwebhookconfiguration",
                "kube-sagemaker", "--ignore-not-found",
            )  # fmt: skip
            plane.kubectl("delete", "namespace", late, "--wait=false")
