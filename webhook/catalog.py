# SPDX-License-Identifier: Apache-2.0
"""The facts about AWS that rules compare with: regions, image registries, instance types.

Generated tables, frozen, read at first use. Sources and versions are in schemas/SOURCES.json.
What a table does not know is never a fault by itself: AWS grows faster than tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from schemas import load_table
from webhook.near import Near, nearest

LONGEST_IMAGE: Final = 512
"""Characters of a URI that is read: twice the API's 255."""

LONGEST_REGION: Final = 64
"""Characters; the longest region has 15."""

_REGISTRY: Final = re.compile(
    r"(?P<account>[0-9]{12})\.(?P<service>dkr[.-]ecr(?:-fips)?)\.(?P<region>[a-z0-9-]{1,40})\."
    r"(?P<suffix>[a-z0-9.-]{1,60})/(?P<repository>[a-z0-9][a-z0-9._/-]{0,254}?)"
    r"(?P<version>(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Partition:
    """A set of regions with its own accounts, ARNs ("arn:<id>:") and DNS suffix."""

    id: str
    regex: re.Pattern[str]
    dns_suffix: str
    registry_suffixes: tuple[str, ...]
    regions: Mapping[str, bool]
    """Region -> whether SageMaker is there."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image in a private ECR registry. `version` is `:tag`, `@digest`, both or nothing."""

    account: str
    region: str
    suffix: str
    repository: str
    version: str

    def __str__(self) -> str:
        """Return the URI, plain form of the host."""
        return f"{self.account}.dkr.ecr.{self.region}.{self.suffix}/{self.repository}{self.version}"


@dataclass(frozen=True, slots=True)
class Hardware:
    """What is in one instance. Memory in MiB; an accelerator's is that of each one."""

    vcpus: int
    memory_mib: int
    architecture: str
    accelerator: str = ""
    accelerators: int = 0
    accelerator_memory_mib: int = 0


@dataclass(frozen=True, slots=True)
class Offers:
    """Which types have a price for a use, by region. A price is no promise of capacity."""

    regions: frozenset[str]
    types: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Catalog:
    """All tables, with the questions that rules ask of them."""

    partitions: tuple[Partition, ...]
    registries: Mapping[str, Mapping[str, str]]
    """Repository of AWS's own -> region -> account."""
    accounts: frozenset[str]
    """Every account of AWS's own registries."""
    partition_of: Mapping[str, Partition]
    """Known region -> its partition."""
    registry_suffixes: frozenset[str]
    instance_types: Mapping[str, frozenset[str]]
    """AWS shape ("TrainingInstanceType") -> types."""

    def partition(self, region: str) -> Partition | None:
        """Return the partition that a region is in, by table, else by its form."""
        known = self.partition_of.get(region)
        if known is not None or len(region) > LONGEST_REGION:
            return known
        return next((p for p in self.partitions if p.regex.fullmatch(region)), None)

    def is_known_region(self, region: str) -> bool:
        """Whether the tables know the region by name."""
        return region in self.partition_of

    def has_sagemaker(self, region: str) -> bool:
        """Whether the tables know SageMaker to be in the region."""
        partition = self.partition_of.get(region)
        return partition is not None and partition.regions[region]

    def nearest_region(self, region: str) -> Near | None:
        """Return the SageMaker region whose name is closest, for did-you-mean."""
        names = [n for p in self.partitions for n, sagemaker in p.regions.items() if sagemaker]
        squeezed = re.sub(r"[^a-z0-9]", "", region.lower())
        for name in names:
            if name.replace("-", "") == squeezed:
                return Near(name, is_sole=True)
        return nearest(region, names, 0.75)

    def image(self, uri: str) -> Image | None:
        """Read a private ECR image URI in any of its host forms; None for anything else."""
        image = _parse_image(uri) if len(uri) <= LONGEST_IMAGE else None
        return image if image is not None and image.suffix in self.registry_suffixes else None

    def is_aws_image(self, image: Image) -> bool:
        """Whether the image is of a registry of AWS's own: repository and account both known."""
        table = self.registries.get(image.repository)
        return table is not None and image.account in table.values()

    def image_in(self, region: str, image: Image) -> Image | None:
        """Return AWS's own image of the same repository and version in another region.

        None where AWS does not publish the repository there, or the repository is not AWS's.
        """
        account = self.registries.get(image.repository, {}).get(region)
        partition = self.partition(region)
        if account is None or partition is None:
            return None
        return Image(account, region, partition.dns_suffix, image.repository, image.version)

    def uses_of(self, instance_type: str) -> tuple[str, ...]:
        """Return the AWS shapes that list an instance type."""
        return tuple(s for s, types in self.instance_types.items() if instance_type in types)

    def regions_with(self, shape: str, instance_type: str) -> frozenset[str] | None:
        """Return the regions that offer a type for a use; None where the tables do not say."""
        found = _offers().get(shape)
        return found.types.get(instance_type) if found is not None else None

    def is_surveyed(self, shape: str, region: str) -> bool:
        """Whether the tables know what a region offers for a use."""
        found = _offers().get(shape)
        return found is not None and region in found.regions

    def hardware(self, instance_type: str) -> Hardware | None:
        """Return what is in an instance; None for types that EC2 no longer describes."""
        return _hardware().get(instance_type)

    def nearest_type(self, shape: str, instance_type: str) -> Near | None:
        """Return the type of this use whose name is closest, for did-you-mean."""
        return nearest(instance_type, sorted(self.instance_types.get(shape, ())), 0.6)


@lru_cache(maxsize=512)
def _parse_image(uri: str) -> Image | None:
    """Take a URI apart. Several rules ask of the same one, and users of the same few images."""
    found = _REGISTRY.fullmatch(uri)
    if found is None:
        return None
    return Image(
        found["account"], found["region"], found["suffix"], found["repository"], found["version"]
    )


@cache
def load_catalog() -> Catalog:
    """Read the tables, once."""
    images = load_table("catalog/images.json")
    registries = {name: images["tables"][index] for name, index in images["repositories"].items()}
    partitions = tuple(
        _partition(item) for item in load_table("catalog/regions.json")["partitions"]
    )
    return Catalog(
        partitions=partitions,
        partition_of={name: each for each in partitions for name in each.regions},
        registry_suffixes=frozenset(s for each in partitions for s in each.registry_suffixes),
        registries=registries,
        accounts=frozenset(a for table in images["tables"] for a in table.values()),
        instance_types={
            shape: frozenset(types)
            for shape, types in load_table("catalog/instance_types.json").items()
        },
    )


def _partition(item: Mapping[str, Any]) -> Partition:
    return Partition(
        id=item["id"],
        regex=re.compile(item["regex"], re.ASCII),
        dns_suffix=item["dns_suffix"],
        registry_suffixes=tuple(item["registry_suffixes"]),
        regions={name: facts["sagemaker"] for name, facts in item["regions"].items()},
    )


@cache
def _offers() -> Mapping[str, Offers]:
    """Read the table at first use: most reviews end without it."""
    found = {}
    for shape, table in load_table("catalog/instance_offers.json").items():
        sets = [frozenset(names) for names in table["sets"]]
        types = {each: sets[index] for each, index in table["types"].items()}
        found[shape] = Offers(frozenset(table["regions"]), types)
    return found


@cache
def _hardware() -> Mapping[str, Hardware]:
    """Read the table at first use."""
    return {name: Hardware(**facts) for name, facts in load_table("catalog/hardware.json").items()}
