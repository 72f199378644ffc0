# SPDX-License-Identifier: Apache-2.0
"""Manifests as objects, to be compared one by one."""

from __future__ import annotations

from typing import Any

import yaml


def objects(text: str) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return the objects of a file by kind, namespace and name. No two are of one name."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for each in yaml.safe_load_all(text):
        if each is not None:
            metadata = each["metadata"]
            key = (each["kind"], metadata.get("namespace", ""), metadata["name"])
            assert key not in found, key
            found[key] = each
    return found
