# SPDX-License-Identifier: Apache-2.0
"""Watching our kinds, by kopf: its watch streams and queues, and nothing else of it.

Handlers of raw events make kopf write nothing: no annotation, no status, no finalizer of its own.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import kopf
from kopf._cogs.structs.references import Insights
from kopf._core.reactor import running
from kopf._core.reactor.inventory import ResourceMemories, ResourceMemory
from lightkube.config.kubeconfig import KubeConfig
from lightkube.config.models import User
from lightkube.core.exceptions import ConfigError

from controller.cluster import GROUP, KINDS

NO_FINALIZER: Final = "kube-sagemaker.dev/never-set"
"""kopf takes its own finalizer off where no handler of its wants one: ours must not be it."""

CHUNK: Final = 250
"""Objects of one page of the first list: a whole list at once is memory that never comes back."""

IDLE_SECONDS: Final = 0.1
"""Until kopf's task for an object ends that has no more events: ours takes no time for one."""

Saw = Callable[..., None]


class NoProgress(kopf.ProgressStorage):
    """Keeps nothing on users' objects."""

    def fetch(self, **_: Any) -> None:
        """Return nothing."""

    def store(self, **_: Any) -> None:
        """Do nothing."""

    def purge(self, **_: Any) -> None:
        """Do nothing."""

    def touch(self, **_: Any) -> None:
        """Do nothing."""

    def clear(self, *, essence: Any) -> Any:
        """Return what there is: nothing of kopf's is in it."""
        return essence


class NoDiffBase(kopf.DiffBaseStorage):
    """Keeps nothing on users' objects."""

    def fetch(self, **_: Any) -> None:
        """Return nothing."""

    def store(self, **_: Any) -> None:
        """Do nothing."""


class NoMemories(ResourceMemories):
    """Keeps nothing of an object once it is handled: a fifth of all memory at ten thousand."""

    async def recall(self, raw_body: Any, **how: Any) -> ResourceMemory:
        """Return a memory that nobody keeps."""
        return await super().recall(raw_body, **{**how, "ephemeral": True})


def connection(config: KubeConfig) -> kopf.ConnectionInfo:
    """Return kopf's credentials of a kubeconfig's current context, or of the pod's account.

    kopf asks anew once the API server refuses what it has: the kubelet renews a pod's token.
    """
    single = config.get()
    if single is None:
        raise ConfigError("the kubeconfig has no current context")
    cluster, user = single.cluster, single.user
    files = single.abs_file
    return kopf.ConnectionInfo(
        server=cluster.server,
        ca_path=files(cluster.certificate_auth) if cluster.certificate_auth else None,
        ca_data=cluster.certificate_auth_data,
        insecure=cluster.insecure,
        username=user.username if user else None,
        password=user.password if user else None,
        token=_token(user),
        certificate_path=files(user.client_cert) if user and user.client_cert else None,
        certificate_data=user.client_cert_data if user else None,
        private_key_path=files(user.client_key) if user and user.client_key else None,
        private_key_data=user.client_key_data if user else None,
    )


class NoKinds(Exception):
    """The API server does not serve all our kinds: kopf looks once, and never watches the rest."""


def _token(user: User | None) -> str | None:
    """Return the token as it is now: the one in the file, where there is a file."""
    if user is None or user.token_file is None:
        return user.token if user else None
    return Path(user.token_file).read_text().strip()


async def watch(config: KubeConfig, namespace: str | None, saw: Saw, stop: asyncio.Event) -> None:
    """Watch until stopped: `saw(body)`, and `saw(body, is_gone=True)` for what is deleted.

    kopf has a thread and a loop of its own: it takes SIGTERM for itself, and at its end it cancels
    every task that it finds. Raises NoKinds.
    """
    loop = asyncio.get_running_loop()
    end = threading.Event()

    def hand_over(body: Mapping[str, Any], **how: bool) -> None:
        loop.call_soon_threadsafe(partial(saw, body, **how))

    async def pass_on() -> None:
        await stop.wait()
        end.set()

    passing = asyncio.create_task(pass_on())
    try:
        await asyncio.to_thread(_run, config, namespace, hand_over, end)
    finally:
        passing.cancel()


def _run(config: KubeConfig, namespace: str | None, saw: Saw, end: threading.Event) -> None:
    async def run() -> list[str]:
        insights = Insights()
        finding = asyncio.create_task(_missing(insights, end))
        try:
            await _watch(config, namespace, saw, end, insights)
        finally:
            end.set()  # what waits for it in a thread has to end, too
            finding.cancel()
        [missing] = await asyncio.gather(finding, return_exceptions=True)
        return missing if isinstance(missing, list) else []

    missing = asyncio.run(run())
    if missing:
        raise NoKinds(f"not served: {', '.join(missing)}: are the CRDs installed?")


async def _missing(insights: Insights, end: threading.Event) -> list[str]:
    """Return the kinds that kopf does not watch; where there are any, stop."""
    await insights.ready_resources.wait()
    plurals = {resource.plural for resource in insights.watched_resources}
    missing = [name for name, kind in KINDS.items() if kind.plural not in plurals]
    if missing:
        end.set()
    return missing


async def _watch(
    config: KubeConfig,
    namespace: str | None,
    saw: Saw,
    end: threading.Event,
    insights: Insights,
) -> None:
    registry = kopf.OperatorRegistry()
    settings = kopf.OperatorSettings()
    settings.persistence.finalizer = NO_FINALIZER
    settings.persistence.progress_storage = NoProgress()
    settings.persistence.diffbase_storage = NoDiffBase()
    settings.watching.chunk_size = CHUNK
    settings.queueing.idle_timeout = IDLE_SECONDS
    settings.posting.enabled = False
    settings.scanning.disabled = True
    settings.peering.standalone = True
    logging.getLogger("kopf").setLevel(logging.WARNING)
    logging.getLogger(running.__name__).setLevel(logging.ERROR)  # of signals, which are not for it

    @kopf.on.login(registry=registry)
    def login(**_: Any) -> kopf.ConnectionInfo:
        return connection(config)

    async def handle(type: str | None, body: Mapping[str, Any], **_: Any) -> None:  # noqa: A002 - kopf's
        saw(_plain(body), is_gone=type == "DELETED", is_listed=type is None)

    for kind in KINDS.values():
        kopf.on.event(GROUP, kind.version, kind.plural, registry=registry)(handle)
    await kopf.operator(
        registry=registry,
        settings=settings,
        memories=NoMemories(),
        standalone=True,
        clusterwide=namespace is None,
        namespaces=[] if namespace is None else [namespace],
        insights=insights,
        stop_flag=end,
    )


def _plain(value: Any) -> Any:
    """Return kopf's views as the dictionaries and lists that they show."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
