# SPDX-License-Identifier: Apache-2.0
"""A deployment as its last children say it was: an update is judged against that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from controller.family import OF_CONFIG, OF_MODEL, VARIANTS, Family, part, renamed

_NAME: Final = re.compile(r"(.+)-([0-9]{1,18})-[0-9a-f]*")


def precedent(family: Family) -> Mapping[str, Any] | None:
    """Return the deployment as it was sent last before its present generation; None at first."""
    subject = family.subject
    models: list[tuple[str, Any]] = []
    configs: list[tuple[str, Any]] = []
    last = max((_generation(name) for _, name in family.children), default=0, key=_before(family))
    for (kind, name), body in family.children.items():
        if _generation(name) == last < subject.generation:
            (models if kind == "Model" else configs).append((name, body))
    if not configs:
        return None
    names = {part(body, "status").get("sageMakerModelName"): _alias(name) for name, body in models}
    replaced = {*OF_CONFIG, *VARIANTS, "models"}
    spec = {key: value for key, value in subject.spec.items() if key not in replaced}
    config = part(configs[0][1], "spec")
    spec |= {**config, **renamed(config, {str(k): v for k, v in names.items()})}
    spec["models"] = [_as_model(_alias(name), part(body, "spec")) for name, body in models]
    return {**subject.resource.body, "spec": spec}


def _before(family: Family) -> Any:
    """Return an order in which generations that are not past come first."""
    return lambda found: found if found < family.subject.generation else -1


def _generation(name: str) -> int:
    found = _NAME.fullmatch(name)
    return int(found[2]) if found is not None else 0


def _alias(name: str) -> str:
    found = _NAME.fullmatch(name)
    return found[1] if found is not None else name


def _as_model(alias: str, spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a Model child as an entry of the deployment's models."""
    primary = spec.get("primaryContainer")
    found = {key: spec[key] for key in OF_MODEL if key in spec}
    containers = [primary] if primary is not None else spec.get("containers", [])
    return {**found, "name": alias, "containers": containers}
