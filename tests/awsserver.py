# SPDX-License-Identifier: Apache-2.0
"""AWS on loopback: moto's server, in a thread of the tests' process."""

from __future__ import annotations

import urllib.request
from types import TracebackType
from typing import Any, Final, Self

import boto3
from moto.server import ThreadedMotoServer

REGION: Final = "us-west-2"


class AwsServer:
    """A context manager; what it started has ended when it is left."""

    def __init__(self) -> None:
        """Nothing is started before `with`."""
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.url = ""

    def __enter__(self) -> Self:
        """Start."""
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.url = f"http://{host}:{port}"
        self.reset()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self._server.stop()

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to take this for AWS, and nothing of the machine's own settings."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "made-up",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str) -> Any:
        """Return a client for a service."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="made-up",  # noqa: S106 - as it says
        )

    def reset(self) -> None:
        """Empty it."""
        request = urllib.request.Request(  # noqa: S310 - our own loopback server
            f"{self.url}/moto-api/reset", b"", method="POST"
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            answer.read()
