# SPDX-License-Identifier: Apache-2.0
"""The cluster's gate and operators of one namespace, as docs/install.md tells it."""

from __future__ import annotations

import re
import subprocess

import yaml

from tests.controlplane.conftest import register
from tests.controlplane.jobs import good
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import ROOT, GateProcess
from webhook.controllers import OWN_SERVICE_ACCOUNT

PAGE = ROOT / "docs" / "install.md"
SED = re.compile(
    r"^ *(sed \"s/.*system:serviceaccount:.*\n.*webhooks\.yaml) \| kubectl", re.MULTILINE
)


def exempting(namespace: str) -> list[dict[str, str]]:
    """Return the conditions of the configurations as the page's own command makes them."""
    (command,) = SED.findall(PAGE.read_text())
    done = subprocess.run(  # noqa: S603 - the page's own command
        ["/bin/bash", "-c", command.replace("my-team", namespace)], cwd=ROOT, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    first, second = (each["webhooks"][0] for each in yaml.safe_load_all(done.stdout))
    assert first["matchConditions"] == second["matchConditions"]
    found: list[dict[str, str]] = first["matchConditions"]
    return found


def test_the_namespaced_operators_are_judged_unless_named(
    plane: ControlPlane, gate: GateProcess, namespace: str
) -> None:
    """As a user is, in what they write into a spec; the page's command leaves them out."""
    text = (ROOT / "manifests" / "namespaced" / "operator.yaml").read_text()
    plane.kubectl(
        "apply", "-f", "-", stdin=text.replace("PLACEHOLDER-NAMESPACE", namespace), check=True
    )
    account = f"--as=system:serviceaccount:{namespace}:{OWN_SERVICE_ACCOUNT}"
    body = good("legacy")
    body["metadata"]["name"] = "spawned"
    body["spec"] |= {"region": "us-west-2", "roleArn": "arn:aws:iam::123456789012:role/me"}
    body["spec"]["resourceConfig"]["instanceType"] = "ml.c5.large"
    words = ("create", "-n", namespace, account, "-f", "-")
    refused = plane.kubectl(*words, stdin=yaml.safe_dump(body))
    assert "spec.resourceConfig.instanceType" in refused.stderr
    documents = list(yaml.safe_load_all(gate.webhooks()))
    for document in documents:
        document["webhooks"][0]["matchConditions"] = exempting(namespace)
    try:
        plane.kubectl("apply", "-f", "-", stdin=yaml.safe_dump_all(documents), check=True)

        def is_taken() -> bool:
            return plane.kubectl(*words, stdin=yaml.safe_dump(body)).returncode == 0

        plane.wait_for(is_taken, 20, "the account is not judged")
        body["metadata"]["name"] = "by-hand"
        by_hand = plane.kubectl("create", "-n", namespace, "-f", "-", stdin=yaml.safe_dump(body))
        assert "spec.resourceConfig.instanceType" in by_hand.stderr
    finally:
        register(plane, gate)
