# SPDX-License-Identifier: Apache-2.0
"""A namespace and its two webhook configurations, into which `certs --install` is to install."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

import yaml
from click.testing import CliRunner, Result

from certs.bundle import service_names
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import WEBHOOKS
from webhook.adapters.certsecrets import Place
from webhook.cli.main import main

BOTH = "validatingwebhookconfiguration,mutatingwebhookconfiguration"
SERVICE = "kube-sagemaker-gate"
TLS = "secret/kube-sagemaker-tls"
CA = "secret/kube-sagemaker-tls-ca"


@dataclass(frozen=True, slots=True)
class InstallCase:
    """What a test does in a namespace of its own."""

    plane: ControlPlane
    namespace: str

    @property
    def place(self) -> Place:
        """The place that the command makes of the namespace."""
        names = service_names(SERVICE, self.namespace, "kube-sagemaker-tls")
        return Place(self.namespace, "kube-sagemaker-tls", tuple(names))

    def run(self, *arguments: str) -> Result:
        """Run `kube-sagemaker certs --install` with the plane's kubeconfig."""
        command = ["certs", "--install", "--namespace", self.namespace]
        return CliRunner().invoke(
            main, [*command, "--kubeconfig", str(self.plane.kubeconfig), *arguments]
        )

    def get(self, name: str) -> dict[str, Any]:
        """Return an object."""
        done = self.plane.kubectl("get", "-n", self.namespace, name, "-o", "json", check=True)
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def value(self, name: str, key: str) -> bytes:
        """Return a value of a Secret."""
        return base64.b64decode(self.get(name)["data"][key])

    def webhooks(self, port: int = 443) -> str:
        """Return the project's configurations, for this namespace's Service."""
        documents = list(yaml.safe_load_all(WEBHOOKS.read_text()))
        for document in documents:
            for webhook in document["webhooks"]:
                service = webhook["clientConfig"]["service"]
                service["namespace"], service["port"] = self.namespace, port
                assert service["name"] == SERVICE
                assert "caBundle" not in webhook["clientConfig"]
        return yaml.safe_dump_all(documents)

    def bundles(self) -> set[bytes]:
        """Return the caBundles of both configurations."""
        done = self.plane.kubectl("get", BOTH, "kube-sagemaker", "-o", "json", check=True)
        items = json.loads(done.stdout)["items"]
        assert len(items) == 2
        return {
            base64.b64decode(webhook["clientConfig"].get("caBundle", ""))
            for item in items
            for webhook in item["webhooks"]
        }

    def versions(self) -> list[str]:
        """Return the versions of all that the command writes."""
        found = [self.get(name)["metadata"]["resourceVersion"] for name in (TLS, CA)]
        hooks = [self.get(f"{kind}/kube-sagemaker") for kind in BOTH.split(",")]
        return found + [each["metadata"]["resourceVersion"] for each in hooks]
