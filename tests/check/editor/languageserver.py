# SPDX-License-Identifier: Apache-2.0
"""yaml-language-server as a process of its own: what an editor shows of a YAML file.

The Language Server Protocol over stdio: JSON-RPC messages, each after a Content-Length header.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, Final, Self

SETTINGS: Final[Mapping[str, Any]] = {
    "validate": True,
    "hover": True,
    "completion": True,
    "schemaStore": {"enable": False},
    "kubernetesCRDStore": {"enable": False},
}
"""The section `yaml` of an editor's settings, nothing fetched."""

PATIENCE: Final = 60
"""Seconds until a server that says nothing is ended; what waits then reads the end of its pipe."""


class ServerError(Exception):
    """The server did not answer; the message says to what."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What is underlined: where it starts, from 1, and what is said."""

    line: int
    message: str


class LanguageServer:
    """The server, as a context manager."""

    def __init__(self, command: list[str], settings: Mapping[str, Any] = SETTINGS) -> None:
        """`command` is how it is started, `settings` what the editor answers it for `yaml`."""
        self._command = command
        self._settings = settings
        self._asked = 0

    def __enter__(self) -> Self:
        """Start it and shake hands."""
        self._process = subprocess.Popen(  # noqa: S603 - our own words
            [*self._command, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._timer = Timer(PATIENCE, self._process.kill)
        self._timer.start()
        abilities = {"workspace": {"configuration": True}, "textDocument": {"hover": {}}}
        self._request("initialize", {"processId": None, "rootUri": None, "capabilities": abilities})
        self._notify("initialized", {})
        self._notify("workspace/didChangeConfiguration", {"settings": {"yaml": self._settings}})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it at once."""
        self._timer.cancel()
        self._process.kill()
        self._process.communicate()

    def open(self, path: Path) -> list[Diagnostic]:
        """Open a file, and return what is underlined in it."""
        uri, text = path.as_uri(), path.read_text()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._notify("textDocument/didOpen", {"textDocument": document})
        while True:
            message = self._next("diagnostics")
            if (
                message.get("method") == "textDocument/publishDiagnostics"
                and message["params"]["uri"] == uri
            ):
                found = message["params"]["diagnostics"]
                return [
                    Diagnostic(each["range"]["start"]["line"] + 1, each["message"])
                    for each in found
                ]

    def hover(self, path: Path, line: int, column: int) -> str:
        """Return what a pointer that rests on a place, counted from 1, is shown."""
        return json.dumps(self._at("textDocument/hover", path, line, column))

    def complete(self, path: Path, line: int, column: int) -> list[str]:
        """Return what is offered at a place, counted from 1."""
        answer = self._at("textDocument/completion", path, line, column)
        return [each["label"] for each in answer["items"]]

    def _at(self, method: str, path: Path, line: int, column: int) -> Any:
        position = {"line": line - 1, "character": column - 1}
        return self._request(method, {"textDocument": {"uri": path.as_uri()}, "position": position})

    def _request(self, method: str, parameters: Any) -> Any:
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": parameters})
        while True:
            message = self._next(method)
            if message.get("id") == self._asked and "method" not in message:
                return message["result"]

    def _notify(self, method: str, parameters: Any) -> None:
        self._send({"method": method, "params": parameters})

    def _send(self, message: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _next(self, awaited: str) -> dict[str, Any]:
        """Return the next message; what the server asks on its way is answered."""
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise ServerError(f"ended or silent, {awaited} awaited")
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "method" in message and "id" in message:
            self._send({"id": message["id"], "result": self._answer(message)})
        return message

    def _answer(self, message: Mapping[str, Any]) -> Any:
        if message["method"] != "workspace/configuration":
            return None
        sections = [item.get("section") for item in message["params"]["items"]]
        return [self._settings if section == "yaml" else None for section in sections]
