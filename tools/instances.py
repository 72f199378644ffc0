# SPDX-License-Identifier: Apache-2.0
"""The catalogue's tables of instance types: by use, by region, and what is in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tools.dialect import load_facts
from tools.model import load_model
from tools.wheels import pinned

OFFERS: Final = "cfnlint/data/schemas/extensions/aws_sagemaker_{}/instancetype_enum.json"

USES: Final = {
    "ProcessingInstanceType": "processing",
    "ProductionVariantInstanceType": "hosting",
    "TransformInstanceType": "transform",
}
"""AWS shape -> its folder among the offers; for training there is none."""

HARDWARE: Final = "moto/ec2/resources/instance_types.json"


def use_tables() -> dict[str, list[str]]:
    """Return the types that the newest API lists for each use, by AWS shape."""
    model = load_model("newest")
    return {
        shape: sorted(model.shape(shape).enum)
        for shape in sorted(load_facts().catalogued)
        if model.has(shape)
    }


def offer_tables() -> dict[str, Any]:
    """Return, by AWS shape, the regions that are known, and type -> those with a price for it."""
    return {shape: _offers(folder) for shape, folder in USES.items()}


def _offers(folder: str) -> dict[str, Any]:
    raw = pinned()["offers"].read(OFFERS.format(folder))
    regions = {name: entry["enum"] for name, entry in sorted(raw.items()) if name != "description"}
    sets: list[list[str]] = []
    types: dict[str, int] = {}
    for instance_type in sorted({each for offered in regions.values() for each in offered}):
        where = [name for name, offered in regions.items() if instance_type in offered]
        if where not in sets:
            sets.append(where)
        types[instance_type] = sets.index(where)
    return {"regions": list(regions), "sets": sets, "types": types}


def hardware_table() -> dict[str, Any]:
    """Return type -> what is in it, for each type of any use that EC2 still has."""
    known = pinned()["hardware"].read(HARDWARE)
    listed = sorted({each for types in use_tables().values() for each in types})
    return {
        each: _hardware(known[each.removeprefix("ml.")])
        for each in listed
        if each.removeprefix("ml.") in known
    }


def _hardware(facts: Mapping[str, Any]) -> dict[str, Any]:
    gpus = (facts.get("GpuInfo") or {}).get("Gpus", [])
    chips = (facts.get("NeuronInfo") or {}).get("NeuronDevices", [])
    found: dict[str, Any] = {
        "vcpus": facts["VCpuInfo"]["DefaultVCpus"],
        "memory_mib": facts["MemoryInfo"]["SizeInMiB"],
        "architecture": facts["ProcessorInfo"]["SupportedArchitectures"][0],
    }
    for device in (*gpus, *chips)[:1]:
        found["accelerator"] = device["Name"]
        found["accelerators"] = device["Count"]
        found["accelerator_memory_mib"] = device["MemoryInfo"]["SizeInMiB"]
    return found
