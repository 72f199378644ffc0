# SPDX-License-Identifier: Apache-2.0
"""The operators as a process of their own, which can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.aws.access import ENVIRONMENT
from tests.gateprocess import ROOT


class OperatorsProcess:
    """`kube-sagemaker operate`, as a context manager. `log` is a file that all its runs add to."""

    def __init__(
        self, kubeconfig: Path, url: str, log: Path, *arguments: str, **environment: str
    ) -> None:
        """`url` is where AWS is."""
        self.log = log
        self._command = [
            sys.executable, "-m", "webhook", "operate", "--kubeconfig", str(kubeconfig), *arguments,
        ]  # fmt: skip
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("AWS_")},
            **ENVIRONMENT,
            "AWS_ENDPOINT_URL": url,
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self.kill()

    def start(self) -> None:
        """Start it anew."""
        with self.log.open("ab") as file:
            self._process = subprocess.Popen(  # noqa: S603 - our own words
                self._command, cwd=ROOT, env=self._environment, stdout=file, stderr=file
            )

    @property
    def pid(self) -> int:
        """The process' id."""
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it is there."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End it without a word, as a node that dies does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)

    def stop(self) -> int:
        """End it as Kubernetes does; return its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(40)

    def said(self) -> str:
        """Return its log."""
        return self.log.read_text(errors="replace")
