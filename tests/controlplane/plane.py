# SPDX-License-Identifier: Apache-2.0
"""A running control plane: etcd, kube-apiserver and kube-controller-manager on loopback."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.controlplane.binaries import Binaries
from tests.controlplane.ports import free_ports

TOKEN: Final = "admin-of-a-test"
START: Final = 60.0
"""Seconds within which everything must be up: it takes three on an idle machine."""


class PlaneError(Exception):
    """The control plane did not start; the message holds the end of the log at fault."""


class ControlPlane:
    """A context manager; what it started has ended when it is left."""

    def __init__(self, binaries: Binaries) -> None:
        """Nothing is started before `with`."""
        self.binaries = binaries
        self._temporary = tempfile.TemporaryDirectory(prefix="plane-")
        self.folder = Path(self._temporary.name)
        self.kubeconfig = self.folder / "kubeconfig"
        self.url = ""
        self.processes: list[tuple[str, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> Self:
        """Start everything. Raises PlaneError."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop everything."""
        self.stop()

    def _start(self) -> None:
        etcd, peer, port = free_ports(3)
        client = f"http://127.0.0.1:{etcd}"
        self.url = f"https://127.0.0.1:{port}"
        self._write_secrets()
        self._write_kubeconfig()
        self._run(
            "etcd",
            self.binaries.etcd,
            f"--data-dir={self.folder / 'etcd'}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls=http://127.0.0.1:{peer}",
            "--unsafe-no-fsync",
            "--log-level=error",
        )
        self._run_apiserver(client, port)
        self.wait_for(self._is_ready, START, "kube-apiserver is ready")
        manager = self.binaries.controller_manager
        if manager is not None:
            self._run(
                "kube-controller-manager",
                manager,
                f"--kubeconfig={self.kubeconfig}",
                "--leader-elect=false",
                "--secure-port=0",
                "--controllers=garbage-collector-controller,namespace-controller,resourcequota-controller",
            )

    def _run_apiserver(self, etcd: str, port: int) -> None:
        self._run(
            "kube-apiserver",
            self.binaries.apiserver,
            f"--etcd-servers={etcd}",
            "--bind-address=127.0.0.1",
            f"--secure-port={port}",
            f"--cert-dir={self.folder / 'certs'}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={self.folder / 'sa.key'}",
            f"--service-account-signing-key-file={self.folder / 'sa.key'}",
            f"--token-auth-file={self.folder / 'tokens'}",
            "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--disable-admission-plugins=ServiceAccount",
            "--enable-admission-plugins=OwnerReferencesPermissionEnforcement",  # as OpenShift
            "--allow-privileged",
        )

    def _run(self, name: str, program: Path, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            try:
                process = subprocess.Popen(  # noqa: S603 - our own words
                    [program, *arguments],
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except OSError as error:  # not executable, or of another machine
                raise PlaneError(f"{name} cannot be started: {error}") from error
        self.processes.append((name, process))

    def _write_secrets(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        (self.folder / "sa.key").write_bytes(pem)
        (self.folder / "tokens").write_text(f'{TOKEN},admin,admin,"system:masters"\n')

    def _write_kubeconfig(self) -> None:
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "clusters": [
                {"name": "c", "cluster": {"server": self.url, "insecure-skip-tls-verify": True}}
            ],
            "users": [{"name": "u", "user": {"token": TOKEN}}],
            "contexts": [{"name": "test", "context": {"cluster": "c", "user": "u"}}],
        }
        self.kubeconfig.write_text(json.dumps(config))

    def _is_ready(self) -> bool:
        try:
            return self.request("GET", "/readyz")[0] == 200
        except (urllib.error.URLError, OSError):
            return False

    def request(
        self, method: str, path: str, body: Any = None, content: str = "application/json"
    ) -> tuple[int, Any]:
        """Ask the API server, as an ordinary client would; return status and decoded body."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - our own loopback server
            self.url + path,
            data,
            {"Authorization": f"Bearer {TOKEN}", "Content-Type": content},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, context=context, timeout=30) as answer:  # noqa: S310
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text.decode()

    def wait_for(self, predicate: Callable[[], bool], seconds: float, what: str) -> None:
        """Poll until true. Raises PlaneError with the logs' ends after so many seconds."""
        deadline = time.monotonic() + seconds
        while not predicate():
            dead = [name for name, process in self.processes if process.poll() is not None]
            if dead or time.monotonic() > deadline:
                fault = f"{dead[0]} ended" if dead else f"not after {seconds:.0f} s"
                raise PlaneError(f"{what}: {fault}\n{self._logs()}")
            time.sleep(0.05)  # polling, bounded by the deadline

    def _logs(self) -> str:
        texts = []
        for name, _ in self.processes:
            log = (self.folder / f"{name}.log").read_text(errors="replace")
            texts.append(f"--- {name}\n{log[-1500:]}")
        return "\n".join(texts)

    def kubectl(
        self,
        *arguments: str,
        stdin: str | None = None,
        check: bool = False,
        editor: str = "false",
    ) -> subprocess.CompletedProcess[str]:
        """Run kubectl against this server, its home and caches in the temporary folder."""
        command: Sequence[str | Path] = [
            self.binaries.kubectl,
            "--kubeconfig",
            self.kubeconfig,
            "--cache-dir",
            self.folder / "kubectl",
            *arguments,
        ]
        own = {"HOME": str(self.folder), "KUBECONFIG": str(self.kubeconfig), "KUBE_EDITOR": editor}
        done = subprocess.run(  # noqa: S603 - our own words
            command,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={**os.environ, **own},
        )
        if check and done.returncode:
            raise PlaneError(f"kubectl {' '.join(arguments)}: {done.stderr}")
        return done

    def stop(self) -> None:
        """End what was started, last first, and remove the folder."""
        for _, process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self._temporary.cleanup()
