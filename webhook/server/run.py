# SPDX-License-Identifier: Apache-2.0
"""Running the server: the listening socket, TLS, signals, and the drain.

The API server keeps connections open for 90 s and goes on using them while a pod terminates. So
ours stay open longer than that, and SIGTERM first only takes readiness away: requests are still
answered, each closing its connection, and only then does the server stop.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final

import uvicorn

from webhook.admission import Gate
from webhook.server.app import build_app
from webhook.server.certificate import Certificate, CertificateFault
from webhook.server.log import log
from webhook.server.metrics import Metrics
from webhook.server.state import State

KEEP_ALIVE: Final = 95
"""Seconds: above the 90 after which the API server drops an idle connection by itself."""

BACKLOG: Final = 2048

YOUNG_OBJECTS: Final = 20_000
"""New objects between two looks of the garbage collector: a review leaves some twenty in rings."""


M_MMAP_THRESHOLD: Final = -3
"""The name of the setting, of <malloc.h>."""

LARGE_BLOCK: Final = 64 * 1024
"""Bytes: what asyncio reads at once."""


class StartError(Exception):
    """The server cannot start: what is wrong, and the remedy, in one line."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to serve, and with which certificate. `drain` is in seconds."""

    host: str
    port: int
    certificate: Path
    key: Path
    drain: float


class Server(uvicorn.Server):
    """uvicorn, with a drain between the signal and the end."""

    def __init__(
        self, config: uvicorn.Config, state: State, drain: float, certificate: Certificate
    ) -> None:
        """`drain` is how many seconds to go on serving after the signal."""
        super().__init__(config)
        self._certificate = certificate
        self._renewal: asyncio.Task[None] | None = None
        self.state = state
        self.drain = drain
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and only then be ready."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # what is here now stays: the collector need not look at it again and again
        gc.set_threshold(YOUNG_OBJECTS, 20, 20)
        self._loop = asyncio.get_running_loop()
        self._renewal = self._loop.create_task(self._certificate.watch())
        self.state.started = True
        log.info("serving", address=[str(s.getsockname()) for s in sockets or []])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop."""
        if self._renewal is not None:
            self._renewal.cancel()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle signals ourselves, and give them back at the end."""
        handled = (signal.SIGTERM, signal.SIGINT)
        before = {number: signal.signal(number, self._on_signal) for number in handled}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        """Begin the drain at the first signal; stop at once at the second, or at Ctrl-C."""
        if self.state.draining or number == signal.SIGINT or self._loop is None:
            self.should_exit = True
            return
        self.state.draining = True
        self._loop.call_soon_threadsafe(self._begin_drain)

    def _begin_drain(self) -> None:
        log.info("draining", seconds=self.drain)
        asyncio.get_running_loop().call_later(self.drain, self._stop)

    def _stop(self) -> None:
        self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """Bind the listening socket. Raises StartError when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise StartError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; choose another --bind"
        ) from None


def return_large_blocks() -> None:
    """Have the C library give memory of 64 KiB and more back at once.

    Bodies come in such pieces. Kept for later, as is the default, they would double the memory
    that two hundred large reviews leave behind.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc's; musl does so by itself
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)


def serve(gate: Gate, listening: Listening, state: State) -> None:
    """Serve until a signal. Raises StartError."""
    try:
        certificate = Certificate(listening.certificate, listening.key)
    except CertificateFault as fault:
        raise StartError(str(fault)) from None
    bound = listen(listening.host, listening.port)
    return_large_blocks()
    metrics = Metrics()
    app: Any = build_app(gate, state, metrics)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=30,
        backlog=BACKLOG,
        ssl_context_factory=lambda _config, _default: certificate.context,
    )
    try:
        Server(config, state, listening.drain, certificate).run(sockets=[bound])
    finally:
        bound.close()
    log.info("stopped")
