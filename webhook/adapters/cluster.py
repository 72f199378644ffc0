# SPDX-License-Identifier: Apache-2.0
"""Namespaces, with their labels and annotations, by a watch that is in sync before we are ready.

One thread lists and watches. A review whose namespace is not in the cache yet (it was made a
moment ago) reads it once; a namespace that cannot be read is an error, never "no match".
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Final

import httpx2
import structlog
from lightkube import Client
from lightkube.config.kubeconfig import KubeConfig
from lightkube.core.exceptions import ApiError, ConfigError
from lightkube.resources.core_v1 import Namespace as NamespaceResource

from webhook.adapters.kubeconfig import misconfigured, open_config
from webhook.namespaces import NamespaceUnknown
from webhook.resource import Namespace

log = structlog.get_logger("kube-sagemaker")

READ_TIMEOUT: Final = 2.0
"""Seconds for reading one namespace: less than the 5 that the API server waits for a review."""

POLL_SECONDS: Final = 30.0
"""Between reads of one namespace, where no more may be read."""

LONGEST_PAUSE: Final = 10.0
"""Seconds between attempts while the API server is away."""


class NamespaceWatch:
    """The namespaces of a cluster, or one of them. Admission goes on from the last good state."""

    def __init__(self, config: KubeConfig, only: str | None) -> None:
        """Nothing is asked before `start`."""
        self._only = only
        self._watcher = Client(config=config)
        self._reader = Client(config=config, timeout=httpx2.Timeout(READ_TIMEOUT))
        self._known: dict[str, Namespace] = {}
        self._synced = threading.Event()

    def start(self) -> None:
        """Begin to list and watch, in a thread that ends with the process."""
        threading.Thread(target=self._run, name="namespaces", daemon=True).start()

    def not_ready(self) -> str | None:
        """Say why the cache cannot be relied upon yet."""
        return None if self._synced.is_set() else "namespaces not in sync"

    def find(self, name: str) -> Namespace | None:
        """Return a namespace of the cache. Raises NamespaceUnknown."""
        found = self._known.get(name)
        if found is None:
            raise NamespaceUnknown(f"the gate cannot read namespace {name!r}, try again")
        return found

    def must_fetch(self, name: str) -> bool:
        """Whether the namespace is not in the cache."""
        return name not in self._known

    def fetch(self, name: str, seconds: float) -> None:
        """Read one namespace into the cache, unless there is no time."""
        if seconds <= 0 or not name:
            return
        try:
            found = _namespace(self._reader.get(NamespaceResource, name))
        except (ApiError, httpx2.HTTPError, ValueError) as error:
            log.warning("namespace not read", namespace=name, error=str(error))
        else:
            self._known[name] = found

    def _run(self) -> None:
        pause = 0.5
        while True:
            try:
                if self._only is None:
                    self._list_and_watch()
                else:
                    self._poll(self._only)
                pause = 0.5
            except Exception as error:  # noqa: BLE001 - a watch that ends for any reason is renewed
                log.warning("namespace watch interrupted", error=str(error), pause=pause)
                time.sleep(pause)  # waits for an API server that is away; doubles up to ten seconds
                pause = min(pause * 2, LONGEST_PAUSE)

    def _poll(self, name: str) -> None:
        """Read one namespace: a Role can grant that, and neither list nor watch."""
        self._known = {name: _namespace(self._reader.get(NamespaceResource, name))}
        self._synced.set()
        time.sleep(POLL_SECONDS)  # until it is read again

    def _list_and_watch(self) -> None:
        listed = self._watcher.list(NamespaceResource)
        self._known = {item.name: item for item in map(_namespace, listed)}
        version = listed.resourceVersion
        self._synced.set()
        for kind, item in self._watcher.watch(NamespaceResource, resource_version=version):
            found = _namespace(item)
            if kind == "DELETED":
                self._known.pop(found.name, None)
            else:
                self._known[found.name] = found


def _namespace(item: NamespaceResource) -> Namespace:
    metadata = item.metadata
    if metadata is None or not metadata.name:
        raise ValueError("the API server sent a namespace without a name")
    return Namespace(metadata.name, metadata.labels or {}, metadata.annotations or {})


def watch_namespaces(kubeconfig: Path | None, only: str | None = None) -> NamespaceWatch:
    """Watch the cluster of a kubeconfig's current context, None for the pod's own cluster.

    With `only` a namespace's name, no other is read. Raises ClusterError.
    """
    config = open_config(kubeconfig)
    try:
        watch = NamespaceWatch(config, only)
    except (ConfigError, OSError, ValueError, KeyError, TypeError) as error:
        raise misconfigured(kubeconfig, error) from None
    watch.start()
    return watch
