# SPDX-License-Identifier: Apache-2.0
"""Fixtures around a real API server. Without its binaries the tests say loudly what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.controlplane.binaries import Binaries, NoBinaries, build, find
from tests.controlplane.helm.binary import build as build_helm
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import ROOT, GateProcess

CRDS = (ROOT / "manifests" / "crds", Path(__file__).parent / "crds")

POLICY = """\
apiVersion: kube-sagemaker.dev/v1alpha1
kind: SageMakerPolicy
metadata: {name: test}
spec:
  sections:
    - name: everyone
      defaults:
        Region: us-west-2
        RoleArn: arn:aws:iam::123456789012:role/service-role/sagemaker-execution
      parameters:
        SM602: {refused: ["ml.p4d.*"]}
        SM603: {instances: 16, volume_gb: 500, runtime_hours: 72}
"""


@pytest.fixture(scope="session")
def binaries(request: pytest.FixtureRequest) -> Binaries:
    """The control plane's programs, built where Go is, with the progress shown."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    try:
        found = find()
        if found is not None:
            return found
        with capture.global_and_fixture_disabled():
            return build()
    except NoBinaries as error:
        pytest.skip(f"NOT RUN, no real API server: {error}")


@pytest.fixture(scope="session")
def helm(request: pytest.FixtureRequest) -> Path:
    """Helm's program, built where Go is, with the progress shown."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    try:
        with capture.global_and_fixture_disabled():
            return build_helm()
    except NoBinaries as error:
        pytest.skip(f"NOT RUN, no Helm: {error}")


@pytest.fixture(scope="session")
def plane(binaries: Binaries) -> Iterator[ControlPlane]:
    """A running control plane with both groups' CRDs."""
    with ControlPlane(binaries) as running:
        for folder in CRDS:
            running.kubectl("apply", "-f", str(folder), check=True)
        running.kubectl("wait", "--for=condition=Established", "crd", "--all", check=True)
        yield running


@pytest.fixture(scope="module")
def empty_plane(binaries: Binaries) -> Iterator[ControlPlane]:
    """A control plane of the module's own, on which nothing was installed."""
    with ControlPlane(binaries) as running:
        yield running


@pytest.fixture(scope="session")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The policy that the tests' gate starts with."""
    path = tmp_path_factory.mktemp("policy") / "policy.yaml"
    path.write_text(POLICY)
    return path


@pytest.fixture(scope="module")
def gate(plane: ControlPlane, policy: Path) -> Iterator[GateProcess]:
    """The gate, registered with the API server; taken out again at the end."""
    with GateProcess("--kubeconfig", str(plane.kubeconfig), policy=policy) as running:
        register(plane, running)
        yield running
    plane.kubectl(
        "delete",
        "validatingwebhookconfiguration,mutatingwebhookconfiguration",
        "kube-sagemaker",
        "--ignore-not-found",
        check=True,
    )


def register(plane: ControlPlane, gate: GateProcess) -> None:
    """Apply the webhook configurations and wait until the API server asks the gate."""
    plane.kubectl("apply", "-f", "-", stdin=gate.webhooks(), check=True)
    probe = (
        '{"apiVersion": "sagemaker.aws.amazon.com/v1", "kind": "TrainingJob",'
        ' "metadata": {"name": "probe", "namespace": "default"}, "spec": {}}'
    )

    def is_asked() -> bool:
        return "(SM" in plane.kubectl("create", "--dry-run=server", "-f", "-", stdin=probe).stderr

    plane.wait_for(is_asked, 20, "the API server asks the gate")


@pytest.fixture
def namespace(plane: ControlPlane) -> Iterator[str]:
    """A namespace of the test's own."""
    name = f"test-{uuid4().hex[:12]}"
    plane.kubectl("create", "namespace", name, check=True)
    yield name
    plane.kubectl("delete", "namespace", name, "--wait=false")
