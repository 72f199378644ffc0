# SPDX-License-Identifier: Apache-2.0
"""Running the operators: one replica leads, watches and works until it is told to end."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import structlog
from aiohttp import web
from lightkube.config.kubeconfig import KubeConfig
from prometheus_client import generate_latest

from controller.aws import Aws
from controller.cluster import Cluster
from controller.engine import Engine
from controller.judge import Judge
from controller.lease import Lease
from controller.lookout import Lookout
from controller.metrics import Metrics
from controller.watch import NoKinds, watch

FINISHING_SECONDS = 20.0
"""How long looks that are under way may take at the end: less than a pod has."""

log = structlog.get_logger("kube-sagemaker")


@dataclass(frozen=True, slots=True)
class Operation:
    """What the operators are run with. `lease_namespace` None: no other replica is expected.

    `aws_timeout` is in seconds.
    """

    config: KubeConfig
    judge: Judge
    namespace: str | None
    lease_namespace: str | None
    metrics: tuple[str, int] | None
    aws_timeout: float


class Replica:
    """One process of the operators."""

    def __init__(self, operation: Operation) -> None:
        """Nothing is asked before `run`."""
        self._operation = operation
        self._metrics = Metrics()
        self._stop = asyncio.Event()
        self._has_lost = False
        self._is_ready = False
        self._engine: Engine | None = None

    async def run(self) -> int:
        """Run until SIGTERM or SIGINT; return the exit code, 1 when leadership was lost."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        pages = await self._serve_pages()
        try:
            await self._lead()
        finally:
            if pages is not None:
                await pages.cleanup()
        return int(self._has_lost)

    async def _lead(self) -> None:
        space = self._operation.lease_namespace
        if space is None:
            await self._work()
            return
        identity = f"{socket.gethostname()}-{uuid4().hex[:8]}"
        lease = Lease(self._operation.config, space, identity)
        self._is_ready = True  # a replica that waits is a good one
        if not await self._unless_stopped(lease.acquire()):
            return
        log.info("leading", identity=identity)
        self._metrics.leads.set(1)
        keeping = asyncio.create_task(lease.keep(self._lose))
        try:
            await self._work()
        finally:
            keeping.cancel()
            if not self._has_lost:
                await lease.release()

    def _lose(self) -> None:
        log.error("the lease was lost: another replica may work now")
        self._has_lost = True
        self._stop.set()

    async def _unless_stopped(self, waiting: Coroutine[Any, Any, None]) -> bool:
        """Wait for something; return False when we are stopped first."""
        task = asyncio.create_task(waiting)
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if task.done():
            await task
            return True
        task.cancel()
        return False

    async def _work(self) -> None:
        operation = self._operation
        aws = Aws(self._metrics, operation.aws_timeout)
        engine = Engine(aws, Cluster(operation.config), operation.judge, self._metrics)
        self._engine = engine
        end = asyncio.Event()
        watching = asyncio.create_task(
            watch(operation.config, operation.namespace, engine.saw, end)
        )
        working = [
            asyncio.create_task(engine.run()),
            asyncio.create_task(Lookout(engine, aws).run()),
            asyncio.create_task(self._stop.wait()),
        ]
        self._is_ready = True
        await asyncio.wait([watching, *working], return_when=asyncio.FIRST_COMPLETED)
        self._is_ready = False
        for task in working:
            task.cancel()
        await asyncio.wait(working, timeout=FINISHING_SECONDS)
        end.set()
        results = await asyncio.gather(watching, *working, return_exceptions=True)
        aws.close()
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _serve_pages(self) -> web.AppRunner | None:
        if self._operation.metrics is None:
            return None

        async def metrics(_: web.Request) -> web.Response:
            if self._engine is not None:
                due = self._engine.queue.waiting(asyncio.get_running_loop().time())
                self._metrics.show(self._engine.store.states(), due)
            body = generate_latest(self._metrics.registry)
            return web.Response(body=body, content_type="text/plain", charset="utf-8")

        async def healthy(_: web.Request) -> web.Response:
            return web.Response(text="ok")

        async def ready(_: web.Request) -> web.Response:
            return web.Response(status=200 if self._is_ready else 503)

        app = web.Application()
        app.add_routes(
            [
                web.get("/metrics", metrics),
                web.get("/healthz", healthy),
                web.get("/readyz", ready),
            ]
        )
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        host, port = self._operation.metrics
        await web.TCPSite(runner, host, port).start()
        return runner


def operate(operation: Operation) -> int:
    """Run one replica until it is told to end; return the exit code, 1 where it cannot work."""

    async def main() -> int:
        return await Replica(operation).run()

    try:
        return asyncio.run(main())
    except NoKinds as error:  # another start will find them
        log.error("ended", error=str(error))  # noqa: TRY400 - its words are enough
        return 1
