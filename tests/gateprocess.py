# SPDX-License-Identifier: Apache-2.0
"""The gate as a process of its own, on loopback, for tests, demo and benchmark."""

from __future__ import annotations

import base64
import http.client
import json
import re
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import yaml

ROOT: Final = Path(__file__).parents[1]
TLS: Final = (("cert", "crt"), ("key", "key"))
"""End of an option of `serve` -> end of its file."""

WEBHOOKS: Final = ROOT / "manifests" / "webhooks.yaml"


class GateError(Exception):
    """The gate did not start; the message holds what it wrote."""


class GateProcess:
    """`kube-sagemaker serve`, with a certificate of its own, as a context manager."""

    def __init__(
        self,
        *arguments: str,
        policy: Path | None = None,
        port: int = 0,
        tls: Path | None = None,
    ) -> None:
        """`arguments` are further options of `serve`. Port 0 takes a free one.

        `tls` is a folder with ca.crt, tls.crt and tls.key, as pods mount it; else the gate makes
        its own.
        """
        self._temporary = tempfile.TemporaryDirectory(prefix="gate-")
        self.folder = tls or Path(self._temporary.name)
        self.is_given = tls is not None
        self.arguments = [*arguments, *(["--policy", str(policy)] if policy else [])]
        self.port = port
        self.process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self.lines: list[str] = []
        """What the gate has written to standard error: JSON lines."""

    def __enter__(self) -> Self:
        """Start, and wait until it is ready. Raises GateError."""
        command = [sys.executable, "-m", "webhook", "serve", "--bind", f"127.0.0.1:{self.port}"]
        if self.is_given:
            command += [f"--tls-{end}={self.folder / f'tls.{file}'}" for end, file in TLS]
        else:
            command += ["--self-signed", str(self.folder)]
        command += self.arguments
        self.process = subprocess.Popen(  # noqa: S603 - our own words
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()
        try:
            self._wait()
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
        """Stop it."""
        self.stop()

    def _collect(self) -> None:
        assert self.process is not None
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)

    def _wait(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise GateError("".join(self.lines))
            found = re.search(r"127\.0\.0\.1', (\d+)\)", "".join(self.lines))
            if found is not None:
                self.port = int(found[1])
                if self.get("/readyz")[0] == 200:
                    return
            time.sleep(0.02)  # polling, bounded by the deadline
        raise GateError("not ready after 30 s\n" + "".join(self.lines))

    def stop(self) -> None:
        """End it at once."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._reader is not None:
            self._reader.join(10)
        if self.process is not None and self.process.stderr is not None:
            self.process.stderr.close()
        self._temporary.cleanup()

    @property
    def url(self) -> str:
        """https://127.0.0.1:port."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def context(self) -> ssl.SSLContext:
        """A client's TLS context that trusts the gate's own CA and nothing else."""
        context = ssl.create_default_context(cafile=str(self.folder / "ca.crt"))
        context.check_hostname = not self.is_given  # a Service's certificate is not for loopback
        return context

    def connect(self, timeout: float = 30) -> http.client.HTTPSConnection:
        """Open a connection."""
        address = urlsplit(self.url).netloc
        return http.client.HTTPSConnection(address, context=self.context, timeout=timeout)

    def get(self, path: str) -> tuple[int, bytes]:
        """GET a path; return status and body."""
        connection = self.connect()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def post(
        self, path: str, body: bytes, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        """POST bytes; return status and body."""
        connection = self.connect()
        try:
            connection.request("POST", path, body, headers or {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def review(self, route: str, **request: Any) -> dict[str, Any]:
        """Send an AdmissionReview as the API server would; return the response part."""
        request = {"uid": "705ab4f5-6393-11e8-b7cc-42010a800002", **request}
        review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"}
        status, body = self.post(
            f"/{route}?timeout=5s", json.dumps({**review, "request": request}).encode()
        )
        assert status == 200, body
        response: dict[str, Any] = json.loads(body)["response"]
        assert response["uid"] == request["uid"]
        return response

    def webhooks(self) -> str:
        """Return the project's webhook configurations, pointed at this process."""
        authority = base64.b64encode((self.folder / "ca.crt").read_bytes()).decode()
        documents = list(yaml.safe_load_all(WEBHOOKS.read_text()))
        for document in documents:
            for webhook in document["webhooks"]:
                path = webhook["clientConfig"].pop("service")["path"]
                webhook["clientConfig"] = {"url": self.url + path, "caBundle": authority}
        return yaml.safe_dump_all(documents)
