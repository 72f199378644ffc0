# SPDX-License-Identifier: Apache-2.0
"""Taking in the body of one request, within its bounds of size, time and memory.

What counts is what is really held: a caller that states a large Content-Length and sends nothing,
or a few bytes in chunks, takes no room from others. When too much is held at once, large bodies
are refused and small ones still pass, since small ones are what the cluster lives on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from time import monotonic
from typing import Any, Final

from webhook.server.metrics import Metrics

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

LARGEST_BODY: Final = 7 * 1024 * 1024
"""The API server takes objects of 3 MiB; an update's review holds two, and who asks: under 7."""

SMALL: Final = 256 * 1024
"""Decoding this much takes some 5 ms: the most that the event loop may be held up."""

MOST_IN_FLIGHT: Final = 48 * 1024 * 1024
"""Bytes of bodies held at once: seven of the largest, or ten thousand usual ones."""

HEAD: Final = 4096
"""Bytes in which the uid of a body that is not read to the end is looked for."""


class Refused(Exception):
    """The body is not kept; `code` and `message` say why, `head` may hold the uid."""

    def __init__(self, code: int, message: str, head: bytes) -> None:
        """Keep the first bytes for the uid."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.head = head


class Intake:
    """One body on its way in. `release` gives its room back when the review is over."""

    __slots__ = ("chunks", "deadline", "held", "metrics", "receive")

    def __init__(self, receive: Receive, deadline: float, metrics: Metrics) -> None:
        """`deadline` is by the monotonic clock, in seconds."""
        self.receive = receive
        self.deadline = deadline
        self.metrics = metrics
        self.chunks: list[bytes] = []
        self.held = 0

    async def read(self, *, is_json: bool) -> bytes:
        """Return the body. Raises Refused."""
        while True:
            chunk, has_more = await self._next()
            self.chunks.append(chunk)
            self.held += len(chunk)
            self.metrics.in_flight += len(chunk)
            if not has_more:
                break
            if self.held > LARGEST_BODY or (not is_json and self.held >= HEAD):
                break
            if self.held > SMALL and self.metrics.in_flight > MOST_IN_FLIGHT:
                await self._refuse_for_room()
        if not is_json:
            raise Refused(415, "Content-Type must be application/json", self.head)
        if self.held > LARGEST_BODY:
            text = f"the review has more than {LARGEST_BODY} bytes"
            raise Refused(413, text, self.head)
        if len(self.chunks) > 1:
            self.chunks[:] = [b"".join(self.chunks)]  # nothing is held twice
        return self.chunks[0]

    @property
    def head(self) -> bytes:
        """The first bytes that came."""
        head = b""
        for chunk in self.chunks:
            head += chunk[: HEAD - len(head)]
            if len(head) >= HEAD:
                break
        return head

    def release(self) -> None:
        """Give the room back."""
        self.metrics.in_flight -= self.held
        self.held = 0
        self.chunks.clear()

    async def _refuse_for_room(self) -> None:
        """Let the rest of the body go by unkept, then refuse.

        An answer before its end would meet a caller that is still sending, and could be lost.
        """
        head = self.head
        self.release()
        has_more = True
        while has_more:
            try:
                _, has_more = await self._next()
            except Refused:
                break  # out of time: the answer goes out all the same
        raise Refused(429, "too many large reviews at once, try again", head)

    async def _next(self) -> tuple[bytes, bool]:
        """Await the next part of the body, and whether more comes. Raises Refused.

        What asyncio.timeout does, without the parts that one await does not need: it would be a
        tenth of what a whole review costs.
        """
        task = asyncio.current_task()
        assert task is not None, "ASGI runs in tasks"  # noqa: S101 - asyncio's own promise
        is_expired = False

        def expire() -> None:
            nonlocal is_expired
            # the loop's clock may be a little ahead of ours: it cannot be asked later
            is_expired = True
            task.cancel()

        wait = self.deadline - monotonic()
        expiry = asyncio.get_running_loop().call_later(wait, expire)
        try:
            message = await self.receive()
        except asyncio.CancelledError:
            if not is_expired:
                raise
            task.uncancel()
            raise Refused(504, "the body did not arrive in time", self.head) from None
        finally:
            expiry.cancel()
        if message["type"] == "http.disconnect":
            raise Refused(400, "the caller went away", b"")
        return message.get("body", b""), message.get("more_body", False)
