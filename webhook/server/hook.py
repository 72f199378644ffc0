# SPDX-License-Identifier: Apache-2.0
"""The two admission routes as plain ASGI: bytes, deadlines, and an answer in every case.

HTTP status is 200 whenever there is a uid to answer, since anything else counts as a failed call.
The deadline is the API server's own, less a margin, so that an answer always arrives before it
stops waiting. Small reviews are judged on the event loop, large ones beside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any, Final

from webhook.admission import Decision, Gate, Route, admit, failed
from webhook.protocol import Answer, Request, Undecodable, decode, recover_uid
from webhook.server.deadline import time_allowed
from webhook.server.intake import HEAD, SMALL, Intake, Message, Receive, Refused
from webhook.server.log import log, log_decision
from webhook.server.metrics import Metrics
from webhook.server.state import State

Scope = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

JSON: Final = b"application/json"


class Hook:
    """One route."""

    def __init__(
        self, route: Route, gate: Gate, metrics: Metrics, state: State, pool: ThreadPoolExecutor
    ) -> None:
        """`pool` judges large bodies and reads namespaces that are not in the cache."""
        self.route = route
        self.gate = gate
        self.metrics = metrics
        self.state = state
        self.pool = pool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        start = monotonic()
        if scope["method"] != "POST":
            await self._send(send, 405, b"POST an AdmissionReview", (b"allow", b"POST"))
            return
        deadline = start + time_allowed(scope["query_string"])
        intake = Intake(receive, deadline, self.metrics)
        try:
            body = await intake.read(is_json=_is_json(scope))
            request = decode(body).request if len(body) <= SMALL else None
            if request is None or self.gate.namespaces.must_fetch(request.namespace):
                decision, request = await self._decide_beside(body, request, deadline)
            elif monotonic() < deadline:
                decision = self._admit(request)
            else:
                decision = failed(request.uid, 504, OUT_OF_TIME)
        except Undecodable as error:
            await self._answer_undecodable(send, error.uid, 400, error.message)
            return
        except Refused as error:
            await self._answer_undecodable(
                send, recover_uid(error.head), error.code, error.message, close=True
            )
            return
        finally:
            intake.release()
        self.metrics.observe(self.route, decision, monotonic() - start)
        if decision.findings or not decision.answer.allowed:
            log_decision(self.route, request, decision)
        await self._send(send, 200, decision.answer.encode())

    async def _decide_beside(
        self, body: bytes, request: Request | None, deadline: float
    ) -> tuple[Decision, Request]:
        """Judge in the pool what would hold up the event loop."""
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self.pool, self._work, body, request, deadline)
        try:
            async with asyncio.timeout(max(deadline - monotonic(), 0.0)):
                return await work
        except TimeoutError:
            uid = request.uid if request is not None else recover_uid(body[:HEAD])
            if not uid:
                raise Undecodable("", OUT_OF_TIME) from None
            asked = request or Request(uid=uid, operation="")
            return failed(uid, 504, OUT_OF_TIME), asked

    def _work(
        self, body: bytes, request: Request | None, deadline: float
    ) -> tuple[Decision, Request]:
        """Decode and judge in a worker; nothing is begun after the deadline."""
        if monotonic() >= deadline:
            raise TimeoutError
        found = request if request is not None else decode(body).request
        if self.gate.namespaces.must_fetch(found.namespace):
            self.gate.namespaces.fetch(found.namespace, deadline - monotonic())
        if monotonic() >= deadline:
            raise TimeoutError
        return self._admit(found), found

    def _admit(self, request: Request) -> Decision:
        try:
            return admit(self.route, request, self.gate)
        except Exception:  # noqa: BLE001 - whatever it is, there is a uid to answer
            log.exception("review crashed", uid=request.uid, route=self.route.value)
            return failed(request.uid, 500, "the gate failed on this object; its log says why")

    async def _answer_undecodable(
        self, send: Send, uid: str, code: int, message: str, *, close: bool = False
    ) -> None:
        self.metrics.undecodable.labels(self.route.value).inc()
        log.warning("undecodable", route=self.route.value, uid=uid, code=code, message=message)
        extra = (b"connection", b"close") if close else None
        if uid:
            status = failed(uid, code if code in {413, 429, 504} else 400, message).answer.status
            await self._send(send, 200, Answer(uid, allowed=False, status=status).encode(), extra)
        else:
            http = code if code in {413, 415, 429} else 400
            await self._send(send, http, message.encode("utf-8", "replace"), extra)

    async def _send(
        self, send: Send, status: int, body: bytes, header: tuple[bytes, bytes] | None = None
    ) -> None:
        kind = JSON if status == 200 else b"text/plain; charset=utf-8"  # noqa: PLR2004
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        if header is not None:
            headers.append(header)
        if self.state.draining and (header is None or header[0] != b"connection"):
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


OUT_OF_TIME: Final = "the review could not be judged in time, try again"


def _is_json(scope: Scope) -> bool:
    """Whether the caller says that it sends JSON."""
    for name, value in scope["headers"]:
        if name == b"content-type":
            kind: bytes = value
            return kind == JSON or kind.partition(b";")[0].strip().lower() == JSON
    return False
