# SPDX-License-Identifier: Apache-2.0
"""Keeping the lease: who cannot renew it stops before another takes it."""

from __future__ import annotations

import asyncio

import pytest
from lightkube.config.kubeconfig import KubeConfig
from lightkube.config.models import Cluster, User

from controller import lease
from controller.lease import Lease

SECONDS, EVERY = 0.6, 0.1


@pytest.mark.parametrize("hangs", [True, False], ids=["hangs", "fails"])
def test_lost_in_time(monkeypatch: pytest.MonkeyPatch, hangs: bool) -> None:
    """Whether an attempt fails at once, or is not answered at all."""
    monkeypatch.setattr(lease, "SECONDS", SECONDS)
    monkeypatch.setattr(lease, "RENEWED_EVERY", EVERY)

    async def renew(_: Lease) -> bool:
        if hangs:
            await asyncio.Event().wait()
        return False

    monkeypatch.setattr(Lease, "_try", renew)

    nowhere = KubeConfig.from_one(cluster=Cluster(server="http://127.0.0.1:1"), user=User())

    async def keep() -> float:
        loop, lost = asyncio.get_running_loop(), asyncio.Event()
        start = loop.time()
        await asyncio.wait_for(Lease(nowhere, "a", "me").keep(lost.set), 10)
        assert lost.is_set()
        return loop.time() - start

    assert SECONDS - 2 * EVERY <= asyncio.run(keep()) < SECONDS + EVERY
