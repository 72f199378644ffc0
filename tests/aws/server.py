# SPDX-License-Identifier: Apache-2.0
"""The HTTP server: keep-alive, a thread per connection, and two ways of not answering."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, Final

from tests.aws.message import Reply, Request

_LINE: Final = 1024

LATE_SECONDS: Final = 7.0
"""Until a late answer: longer than programs that are told to end like to wait."""


class Server(ThreadingHTTPServer):
    """On 127.0.0.1; `close` ends it together with all its connections and threads."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 256

    def __init__(self, port: int, answer: Callable[[Request], Reply]) -> None:
        """Listen on a port, 0 for any free one. Raises OSError when it is taken."""
        self.answer = answer
        self.closing = Event()
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__(("127.0.0.1", port), _Handler)
        self._thread = Thread(target=self.serve_forever, args=(0.05,), name="fake-aws")

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        """Serve in a thread."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening, cut all connections, wait for the threads."""
        self.closing.set()
        self.shutdown()
        self._thread.join()
        with self._lock:
            for each in self._open:
                _cut(each)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection, so that it can be cut."""
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away; the answering itself catches its own errors."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one write per answer

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, self._body(headers))
        reply = self.server.answer(request)
        if reply.fate == "late":
            self.server.closing.wait(LATE_SECONDS)
        if reply.fate == "hung":
            self._wait()
        if reply.fate not in {"answered", "late"}:
            self.close_connection = True
            _cut(self.connection)
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if "content-length" not in {name.lower() for name in reply.headers}:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    do_DELETE = do_GET = do_HEAD = do_OPTIONS = do_PATCH = do_POST = do_PUT = _serve  # noqa: N815

    def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(headers.get("content-length") or 0))
        chunks = []
        while size := int(self.rfile.readline(_LINE).split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline(_LINE)
        while self.rfile.readline(_LINE).strip():
            pass
        return b"".join(chunks)

    def _wait(self) -> None:
        """Keep silent until the client gives up or the server closes."""
        while not self.server.closing.wait(0.02):
            readable, _, _ = select.select([self.connection], [], [], 0)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing: `calls` has it all."""


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):  # the other side was faster
        connection.shutdown(socket.SHUT_RDWR)
