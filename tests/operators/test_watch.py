# SPDX-License-Identifier: Apache-2.0
"""Watching: everything is seen, by pages at first, and nothing is written."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import kopf
import pytest
import yaml
from kopf._cogs.clients import api
from lightkube.config.kubeconfig import KubeConfig

from controller import watch
from tests.controlplane.plane import TOKEN, ControlPlane
from tests.operators.objects import sample

MODELS = 7


async def watch_until(
    config: KubeConfig, namespace: str, saw: watch.Saw, seen: asyncio.Event
) -> None:
    """Watch until something is seen, a minute at most."""
    stop = asyncio.Event()

    async def end() -> None:
        await seen.wait()
        await asyncio.sleep(2)  # a connection that is broken off while it is made stays open
        stop.set()

    async with asyncio.timeout(60):
        await asyncio.gather(watch.watch(config, namespace, saw, stop), end())
    await asyncio.sleep(1)  # TLS takes a moment to close


def test_the_first_list_comes_in_pages(
    plane: ControlPlane, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No page has more than a page's objects: a whole list at once is memory for good."""
    bodies = [sample("Model", f"listed-{number}") for number in range(MODELS)]
    plane.kubectl("create", "-n", namespace, "-f", "-", stdin=yaml.safe_dump_all(bodies))
    monkeypatch.setattr(watch, "CHUNK", 3)
    sizes: list[int] = []
    get = api.get

    async def count(url: str, **how: Any) -> Any:
        answer = await get(url, **how)
        if f"/{namespace}/models?" in url:
            sizes.append(len(answer["items"]))
        return answer

    monkeypatch.setattr(api, "get", count)
    seen: dict[str, bool] = {}

    async def work() -> None:
        found = asyncio.Event()

        def saw(body: Mapping[str, Any], *, is_gone: bool, is_listed: bool) -> None:
            assert not is_gone
            seen[body["metadata"]["name"]] = is_listed
            if len(seen) == MODELS:
                found.set()

        await watch_until(KubeConfig.from_file(str(plane.kubeconfig)), namespace, saw, found)

    asyncio.run(work())
    assert seen == {f"listed-{number}": True for number in range(MODELS)}
    assert sizes == [3, 3, 1]
    shown = plane.kubectl("get", "-n", namespace, "models.sagemaker.aws.amazon.com", "-o", "yaml")
    for each in yaml.safe_load(shown.stdout)["items"]:
        assert not {"annotations", "finalizers"} & each["metadata"].keys()
        assert "status" not in each


def test_a_token_is_read_anew_when_it_is_no_longer_taken(
    plane: ControlPlane, namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pod's is in a file, which the kubelet renews; the operators go on with the new one."""
    plane.kubectl(
        "create",
        "-n",
        namespace,
        "-f",
        "-",
        stdin=yaml.safe_dump(sample("Model", "seen")),
        check=True,
    )
    token = tmp_path / "token"
    token.write_text("which has expired")
    account = json.loads(plane.kubeconfig.read_text())
    account["users"][0]["user"] = {"tokenFile": str(token)}
    connection, tokens = watch.connection, []

    def connect(config: KubeConfig) -> kopf.ConnectionInfo:
        found = connection(config)
        tokens.append(found.token)
        token.write_text(TOKEN + "\n")
        return found

    monkeypatch.setattr(watch, "connection", connect)

    async def work() -> None:
        found = asyncio.Event()
        config = KubeConfig.from_dict(account)
        await watch_until(config, namespace, lambda *_, **__: found.set(), found)

    asyncio.run(work())
    assert tokens == ["which has expired", TOKEN]
