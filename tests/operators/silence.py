# SPDX-License-Identifier: Apache-2.0
"""An address that takes connections and never answers."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self


class Silence:
    """An address that takes connections, and says nothing, as a context manager."""

    def __init__(self) -> None:
        """Take a port."""
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self._held: list[socket.socket] = []

    @property
    def connections(self) -> int:
        """How many there were."""
        return len(self._held)

    def __enter__(self) -> Self:
        """Begin to take them."""
        threading.Thread(target=self._take, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """End it, with all of them."""
        self._server.shutdown(socket.SHUT_RDWR)  # which ends the accept
        self._server.close()
        for each in self._held:
            each.close()

    def _take(self) -> None:
        with suppress(OSError):  # closed
            while True:
                self._held.append(self._server.accept()[0])
