# SPDX-License-Identifier: Apache-2.0
"""Watching: everything is seen, by pages at first, and nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from kopf._cogs.clients import api
from lightkube.config.kubeconfig import KubeConfig

from controller import watch
from tests.controlplane.plane import ControlPlane
from tests.operators.objects import sample

MODELS = 7


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
        stop = asyncio.Event()

        def saw(body: Mapping[str, Any], *, is_gone: bool, is_listed: bool) -> None:
            assert not is_gone
            seen[body["metadata"]["name"]] = is_listed
            if len(seen) == MODELS:
                stop.set()

        config = KubeConfig.from_file(str(plane.kubeconfig))
        await asyncio.wait_for(watch.watch(config, namespace, saw, stop), 60)

    asyncio.run(work())
    assert seen == {f"listed-{number}": True for number in range(MODELS)}
    assert sizes == [3, 3, 1]
    shown = plane.kubectl("get", "-n", namespace, "models.sagemaker.aws.amazon.com", "-o", "yaml")
    for each in yaml.safe_load(shown.stdout)["items"]:
        assert not {"annotations", "finalizers"} & each["metadata"].keys()
        assert "status" not in each
