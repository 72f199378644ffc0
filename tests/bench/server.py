# SPDX-License-Identifier: Apache-2.0
"""The gate with two no-ops in the same process, to compare with.

Both decode the review with the gate's own decoder and allow it: one as a FastAPI route, one as
bare ASGI in front of FastAPI, where the gate's own routes are.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response

from webhook.protocol import Answer, decode
from webhook.server import run
from webhook.server.app import Dispatcher, build_app
from webhook.server.hook import Scope, Send
from webhook.server.intake import Receive
from webhook.server.log import configure_logs
from webhook.server.run import Listening, serve
from webhook.server.start import certificate_in, open_gate
from webhook.server.state import State


async def asgi_noop(_scope: Scope, receive: Receive, send: Send) -> None:
    """Allow whatever comes."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    answer = Answer(decode(body).request.uid, allowed=True).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(answer)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


def add_noops(app: Dispatcher) -> Dispatcher:
    """Put the two routes in."""
    fastapi: FastAPI = app.app
    hooks: dict[str, Any] = {**app.hooks, "/asgi_noop": asgi_noop}

    @fastapi.post("/fastapi_noop")
    async def fastapi_noop(request: Request) -> Response:
        answer = Answer(decode(await request.body()).request.uid, allowed=True).encode()
        return Response(answer, media_type="application/json")

    return Dispatcher(hooks, fastapi)


def main(port: int, folder: Path, policy: Path) -> None:
    """Serve on loopback."""
    configure_logs()
    vars(run)["build_app"] = lambda *parts: add_noops(build_app(*parts))
    state = State()
    gate = open_gate(policy, None, in_cluster=False, refuses_early=True, state=state)
    certificate, key, _ = certificate_in(folder, "127.0.0.1")
    serve(gate, Listening("127.0.0.1", port, certificate, key, 0), state)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
