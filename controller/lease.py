# SPDX-License-Identifier: Apache-2.0
"""Leadership: one replica works, by a coordination.k8s.io Lease, and hands over when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

import httpx2
import structlog
from lightkube import AsyncClient
from lightkube.config.kubeconfig import KubeConfig
from lightkube.core.exceptions import ApiError
from lightkube.models.coordination_v1 import LeaseSpec
from lightkube.models.meta_v1 import ObjectMeta
from lightkube.resources.coordination_v1 import Lease as LeaseResource

NAME: Final = "kube-sagemaker-operators"
SECONDS: Final = 15
"""How long a lease lasts that nobody renews."""

RENEWED_EVERY: Final = 4.0
NOT_FOUND, CONFLICT = 404, 409

log = structlog.get_logger("kube-sagemaker")


class Lease:
    """One replica's view of the lease. `identity` is unique to it."""

    def __init__(self, config: KubeConfig, namespace: str, identity: str) -> None:
        """Nothing is asked before `acquire`."""
        self._client = AsyncClient(config=config, timeout=httpx2.Timeout(5.0))
        self._namespace = namespace
        self._identity = identity
        self._seen: tuple[str, float] = ("", 0.0)
        """The last renewal that was seen, and when by our own clock: others' clocks may differ."""

    async def acquire(self) -> None:
        """Wait until the lease is ours."""
        while not await self._try():  # noqa: ASYNC110 - the holder is elsewhere
            await asyncio.sleep(RENEWED_EVERY / 2)

    async def keep(self, lost: Callable[[], None]) -> None:
        """Renew the lease until cancelled; `lost` before another replica may take it.

        Also when an attempt hangs.
        """
        loop = asyncio.get_running_loop()
        good = loop.time()
        while True:
            await asyncio.sleep(RENEWED_EVERY)
            now, is_ours, until = loop.time(), False, good + SECONDS - RENEWED_EVERY
            with suppress(TimeoutError):
                async with asyncio.timeout_at(until):
                    is_ours = await self._try()
            if is_ours:
                good = now
            elif loop.time() >= until:
                lost()
                return

    async def release(self) -> None:
        """Hand over at once."""
        with suppress(ApiError, httpx2.HTTPError):
            lease = await self._client.get(LeaseResource, NAME, namespace=self._namespace)
            if lease.spec is not None and lease.spec.holderIdentity == self._identity:
                lease.spec.holderIdentity = ""
                await self._client.replace(lease)

    async def _try(self) -> bool:
        """Take or renew the lease; return whether it is ours now."""
        try:
            return await self._take()
        except ApiError as error:
            if error.status.code not in {NOT_FOUND, CONFLICT}:
                log.warning("lease", error=str(error))
        except httpx2.HTTPError as error:
            log.warning("lease", error=str(error))
        return False

    async def _take(self) -> bool:
        now = datetime.now(UTC)
        try:
            lease = await self._client.get(LeaseResource, NAME, namespace=self._namespace)
        except ApiError as error:
            if error.status.code != NOT_FOUND:
                raise
            metadata = ObjectMeta(name=NAME, namespace=self._namespace)
            await self._client.create(LeaseResource(metadata=metadata, spec=self._spec(now, 0)))
            return True
        spec = lease.spec or LeaseSpec()
        if spec.holderIdentity not in {"", None, self._identity} and not self._is_stale(spec):
            return False
        turns = (spec.leaseTransitions or 0) + (spec.holderIdentity != self._identity)
        lease.spec = self._spec(now, turns)
        await self._client.replace(lease)  # refused when somebody else was faster
        return True

    def _is_stale(self, spec: LeaseSpec) -> bool:
        clock = asyncio.get_running_loop().time()
        renewal = f"{spec.holderIdentity} {spec.renewTime}"
        if renewal != self._seen[0]:
            self._seen = (renewal, clock)
        return clock - self._seen[1] > (spec.leaseDurationSeconds or SECONDS)

    def _spec(self, now: datetime, transitions: int) -> LeaseSpec:
        return LeaseSpec(
            holderIdentity=self._identity,
            leaseDurationSeconds=SECONDS,
            renewTime=now,
            acquireTime=now,
            leaseTransitions=transitions,
        )
