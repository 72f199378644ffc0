# SPDX-License-Identifier: Apache-2.0
"""A kubeconfig may hold anything: what is said is one line, and never a traceback."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from webhook.adapters.kubeobject import KubeObject
from webhook.adapters.usercluster import KubeError, find_config

LOGIN = {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "/nowhere"}
WHOLE = {
    "current-context": "t",
    "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}],
    "users": [{"name": "u", "user": {"exec": LOGIN}}],
    "contexts": [{"name": "t", "context": {"cluster": "c", "user": "u"}}],
}
JUNK = [None, 5, "s", [], {}, ["x"], {"a": 1}, "\0", "http://["]


def places(item: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each value."""
    yield path
    keys = item if isinstance(item, dict) else range(len(item)) if isinstance(item, list) else ()
    for key in keys:
        yield from places(item[key], (*path, key))


def changed(path: tuple[str | int, ...], value: Any) -> Any:
    """Return the kubeconfig with another value in one place."""
    whole: Any = [copy.deepcopy(WHOLE)]
    place = whole
    for step in (0, *path)[:-1]:
        place = place[step]
    place[(0, *path)[-1]] = value
    return whole[0]


@pytest.mark.parametrize(
    "path", list(places(WHOLE)), ids=lambda path: ".".join(map(str, path)) or "all"
)
def test_a_broken_kubeconfig_is_one_line(path: tuple[str | int, ...], tmp_path: Path) -> None:
    """Whatever stands in one place of it."""
    file = tmp_path / "kubeconfig"
    for value in JUNK:
        file.write_text(json.dumps(changed(path, value)))
        with pytest.raises(KubeError) as caught:
            KubeObject(find_config(file, None), "TrainingJob", "a", "b").read()
        assert "\n" not in str(caught.value)


def test_a_login_that_fails_is_told(tmp_path: Path) -> None:
    """In the words of the program, on one line."""
    program = tmp_path / "login"
    program.write_text("#!/bin/sh\necho 'no session:' >&2\necho 'log in' >&2\nexit 3\n")
    program.chmod(0o755)
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(changed(("users", 0, "user", "exec", "command"), str(program))))
    with pytest.raises(KubeError, match=r"cannot log in to the cluster: .*no session: log in$"):
        KubeObject(find_config(file, None), "TrainingJob", "a", "b").read()


def test_files_are_named_from_their_kubeconfig(tmp_path: Path) -> None:
    """A certificate's path is relative to the file that it stands in."""
    cluster = {"server": "https://127.0.0.1:1", "certificate-authority": "ca.crt"}
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(changed(("clusters", 0, "cluster"), cluster)))
    assert find_config(file, None).cluster.certificate_auth == str(tmp_path / "ca.crt")
