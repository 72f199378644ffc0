# SPDX-License-Identifier: Apache-2.0
"""The ASGI application: two hot routes in front, FastAPI for everything else.

The hot routes are dispatched by path before FastAPI is asked: a mount would answer 307 to a
missing slash and cost several times as much. So they are described by hand in the OpenAPI page,
whose own assets come from an installed package and work without internet.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from fastapi import FastAPI, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastapi_offline import FastAPIOffline
from prometheus_client import CONTENT_TYPE_LATEST

from webhook.admission import Gate, Route
from webhook.server.hook import Hook, Scope, Send
from webhook.server.intake import Receive
from webhook.server.metrics import Metrics
from webhook.server.state import State
from webhook.version import VERSION

WORKERS: Final = 2
"""Threads that judge large bodies: more would only share the one interpreter lock."""

_REVIEW: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["apiVersion", "kind"],
    "properties": {
        "apiVersion": {"const": "admission.k8s.io/v1"},
        "kind": {"const": "AdmissionReview"},
        "request": {"type": "object", "required": ["uid", "operation"]},
        "response": {"type": "object", "required": ["uid", "allowed"]},
    },
}

_SUMMARIES: Final = {
    Route.MUTATE: "Complete an object; refuse it where the CRD's schema would tell half",
    Route.VALIDATE: "Judge an object as it is",
}


class Dispatcher:
    """Sends the hot paths to their hooks and everything else to FastAPI."""

    def __init__(self, hooks: Mapping[str, Hook], app: FastAPI) -> None:
        """`hooks` by path, e.g. "/validate"."""
        self.hooks = hooks
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        hook = self.hooks.get(scope["path"]) if scope["type"] == "http" else None
        if hook is not None:
            await hook(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def build_app(gate: Gate, state: State, metrics: Metrics) -> Dispatcher:
    """Put the application together."""
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="review")
    hooks = {f"/{route}": Hook(route, gate, metrics, state, pool) for route in Route}
    app = FastAPIOffline(title="kube-sagemaker", version=VERSION, redoc_url=None)

    @app.get("/healthz", summary="The process lives")
    async def healthz() -> Response:
        return Response("ok", media_type="text/plain")

    @app.get("/readyz", summary="Traffic may come here", responses={503: {"description": "Not"}})
    async def readyz() -> JSONResponse:
        reasons = state.not_ready
        return JSONResponse(
            {"ready": not reasons, "reasons": reasons, "policy": gate.digest},
            status_code=503 if reasons else 200,
        )

    @app.get("/metrics", summary="Prometheus metrics")
    async def read_metrics() -> Response:
        return Response(metrics.render(), media_type=CONTENT_TYPE_LATEST)

    app.__dict__["openapi"] = lambda: _describe(app)  # FastAPI looks it up on the instance
    return Dispatcher(hooks, app)


def _describe(app: FastAPI) -> dict[str, Any]:
    """Return FastAPI's description with the hot routes added."""
    if app.openapi_schema is None:
        found = get_openapi(title=app.title, version=app.version, routes=app.routes)
        content = {"application/json": {"schema": _REVIEW}}
        for route, summary in _SUMMARIES.items():
            found["paths"][f"/{route}"] = {
                "post": {
                    "summary": summary,
                    "requestBody": {"required": True, "content": content},
                    "responses": {
                        "200": {"description": "An answer, also a refusal", "content": content},
                        "400": {"description": "No AdmissionReview, and no uid to answer"},
                    },
                }
            }
        app.openapi_schema = found
    return app.openapi_schema
