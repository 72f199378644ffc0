# SPDX-License-Identifier: Apache-2.0
"""The cluster that a user means, as kubectl finds it: option, KUBECONFIG, home, the pod's own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lightkube.config.kubeconfig import KubeConfig, SingleConfig
from lightkube.config.models import User
from lightkube.core.exceptions import ConfigError

from webhook.adapters.yamlfile import FileError, read_yaml

LISTS: Final = {"clusters": "cluster", "contexts": "context", "users": "user"}
"""The lists of a kubeconfig -> where an entry has its content."""

FILES: Final = ("certificate-authority", "client-certificate", "client-key", "tokenFile")
"""The entries that name files, relative to their own kubeconfig."""


class KubeError(Exception):
    """The cluster cannot be asked: one line that says why and what to do."""

    def __init__(self, message: str) -> None:
        """A login program's words in the message may be of several lines."""
        super().__init__(" ".join(message.split()))


def find_config(path: Path | None, context: str | None) -> SingleConfig:
    """Return the cluster of a context, None for the current one.

    `path` is --kubeconfig; without it KUBECONFIG may name several files, of which the first that
    has an entry wins. Raises KubeError.
    """
    paths = _paths(path)
    if not paths and "KUBERNETES_SERVICE_HOST" not in os.environ:
        raise KubeError("no cluster: set KUBECONFIG or --kubeconfig, there is no ~/.kube/config")
    try:
        config = (
            KubeConfig.from_dict(_merged(paths)) if paths else KubeConfig.from_service_account()
        )
        found = config.get(context)
    except (ConfigError, FileError) as error:
        raise KubeError(str(error)) from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise KubeError(f"{', '.join(map(str, paths))}: is no whole kubeconfig: {error}") from None
    if found is None:  # without a default, lightkube raises
        raise KubeError("no context is set: choose one with --context")
    return found if found.user is not None else found._replace(user=User())


def _paths(path: Path | None) -> list[Path]:
    if path is not None:
        return [path]
    named = [Path(each) for each in os.environ.get("KUBECONFIG", "").split(os.pathsep) if each]
    if named:
        there = [each for each in named if each.exists()]
        return there or named[:1]  # whose absence is then said
    home = Path("~/.kube/config").expanduser()
    return [home] if home.exists() else []


def _merged(paths: list[Path]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    entries: dict[str, dict[str, Any]] = {name: {} for name in LISTS}
    for path in paths:
        body = read_yaml(path).value
        if not isinstance(body, Mapping):
            raise FileError(str(path), None, None, "is no kubeconfig")
        if body.get("current-context"):
            merged.setdefault("current-context", body["current-context"])
        for name, content in LISTS.items():
            for entry in body.get(name) or ():
                entries[name].setdefault(entry["name"], _placed(entry, content, path.parent))
    return {**merged, **{name: list(found.values()) for name, found in entries.items()}}


def _placed(entry: Mapping[str, Any], content: str, folder: Path) -> dict[str, Any]:
    """Return an entry whose files are named from the root."""
    inner = {
        key: str(folder.absolute() / value) if key in FILES and value else value
        for key, value in (entry.get(content) or {}).items()
    }
    return {**entry, content: inner}
