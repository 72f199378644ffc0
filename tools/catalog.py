# SPDX-License-Identifier: Apache-2.0
"""The catalogue's tables of image registries and regions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tools.wheels import pinned

IMAGES: Final = "sagemaker/core/image_uri_config/"

NOT_IMAGES: Final = frozenset({"instance_gpu_info.json"})
"""A file of the image folder that describes hardware."""


class CatalogError(Exception):
    """A source is not what it was when the tables were designed."""


def image_tables() -> dict[str, Any]:
    """Return repository -> table of region -> account, equal tables shared.

    Raises CatalogError when a repository has two accounts in one region: then the repository
    alone would no longer be a key.
    """
    wheel = pinned()["images"]
    merged: dict[str, dict[str, str]] = {}
    for member in wheel.members(IMAGES):
        if not member.endswith(".json") or member.rpartition("/")[2] in NOT_IMAGES:
            continue
        for record in _records(wheel.read(member)):
            table = merged.setdefault(record["repository"], {})
            for region, account in record["registries"].items():
                if not re.fullmatch("[0-9]{12}", account):
                    raise CatalogError(f"{member}: {account!r} in {region} is no account")
                if table.setdefault(region, account) != account:
                    raise CatalogError(
                        f"{record['repository']} has two accounts in {region}:"
                        f" {table[region]} and {account}"
                    )
    tables: list[dict[str, str]] = []
    repositories: dict[str, int] = {}
    for repository, table in sorted(merged.items()):
        ordered = dict(sorted(table.items()))
        if ordered not in tables:
            tables.append(ordered)
        repositories[repository] = tables.index(ordered)
    return {"tables": tables, "repositories": repositories}


def _records(node: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every version record of an image file, however deep it lies."""
    if isinstance(node, dict):
        if "registries" in node and "repository" in node:
            yield node
        for child in node.values():
            yield from _records(child)


def region_tables() -> dict[str, Any]:
    """Return the partitions with their regions, and which of these have SageMaker."""
    wheel = pinned()["newest"]
    endpoints = {
        partition["partition"]: partition
        for partition in wheel.read("botocore/data/endpoints.json")["partitions"]
    }
    found = []
    for partition in wheel.read("botocore/data/partitions.json")["partitions"]:
        known = endpoints.get(partition["id"], {"regions": {}, "services": {}})
        served = known["services"].get("api.sagemaker", {}).get("endpoints", {})
        names = {*partition["regions"], *known["regions"], *served}
        outputs = partition["outputs"]
        suffix, regex = outputs["dnsSuffix"], _ascii(partition["regionRegex"])
        found.append(
            {
                "id": partition["id"],
                "regex": regex,
                "dns_suffix": suffix,
                "registry_suffixes": [suffix, _dual_stack(suffix)],
                "regions": {
                    name: {"sagemaker": name in served}
                    for name in sorted(names)
                    if re.fullmatch(regex, name)  # not "aws-global", "…-fips" and their like
                },
            }
        )
    return {"partitions": found}


def _ascii(regex: str) -> str:
    return (
        regex.removeprefix("^").removesuffix("$").replace("\\w", "[a-z0-9]").replace("\\d", "[0-9]")
    )


def _dual_stack(suffix: str) -> str:
    """Return the suffix of dual-stack registry hosts (ECR user guide; on.aws and its sisters)."""
    return {
        "amazonaws.com": "on.aws",
        "amazonaws.com.cn": "on.amazonwebservices.com.cn",
        "amazonaws.eu": "on.amazonwebservices.eu",
    }.get(suffix, f"on.{suffix}")
