# SPDX-License-Identifier: Apache-2.0
"""All services but SageMaker: moto's server, called in this process instead of over a socket.

moto's state belongs to the process; a fake forgets what earlier ones left there when it first
passes a request on.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.aws.message import Reply, Request


class Elsewhere:
    """moto behind `answer`, imported at first use (a second)."""

    def __init__(self, host: str) -> None:
        """Take host and port of the fake, which moto puts into URLs."""
        self._host = host
        self._lock = Lock()
        self._app: Callable[..., Iterable[bytes]] | None = None

    def answer(self, request: Request) -> Reply:
        """Return moto's reply."""
        with self._lock:
            if self._app is None:
                from moto.moto_server.werkzeug_app import (  # noqa: PLC0415 - takes a second
                    DomainDispatcherApplication,
                    create_backend_app,
                )

                self._app = DomainDispatcherApplication(create_backend_app)
                self._call(self._app, Request("POST", "/moto-api/reset", {}, b""))
        return self._call(self._app, request)

    def _call(self, app: Callable[..., Iterable[bytes]], request: Request) -> Reply:
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            started[:] = [int(status.split(maxsplit=1)[0]), dict(headers)]

        chunks = app(self._environ(request), start)
        try:
            body = b"".join(chunks)
        finally:
            if (close := getattr(chunks, "close", None)) is not None:
                close()
        own = {"connection", "content-length", "date", "server", "transfer-encoding"}
        if request.method == "HEAD":
            own.discard("content-length")  # of the body that a HEAD does not get
        kept = {key: value for key, value in started[1].items() if key.lower() not in own}
        return Reply(started[0], body, kept)

    def _environ(self, request: Request) -> dict[str, Any]:
        parts = urlsplit(request.target)
        host, _, port = self._host.partition(":")
        environ = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            # WSGI: bytes of the decoded path, each as one character
            "PATH_INFO": unquote(parts.path, encoding="latin-1"),
            "QUERY_STRING": parts.query,
            "RAW_URI": request.target,
            "REQUEST_URI": request.target,
            "SERVER_NAME": host,
            "SERVER_PORT": port,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(request.body)),
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(request.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in request.headers.items():
            if name not in {"content-length", "content-type", "transfer-encoding"}:
                environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        return environ
