# SPDX-License-Identifier: Apache-2.0
"""The generated files: well-formed, bounded, and never stale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from botocore.session import Session

from schemas import kinds, load_table
from tools import generate, wheels
from webhook.catalog import load_catalog


def schemas() -> Iterator[Any]:
    """Yield every kind's schema."""
    for _, file in kinds().values():
        yield load_table(file)


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of a JSON document."""
    if isinstance(schema, dict):
        yield schema
        for child in schema.values():
            yield from nodes(child)
    elif isinstance(schema, list):
        for child in schema:
            yield from nodes(child)


def test_schemas_are_schemas_and_their_patterns_compile_everywhere() -> None:
    """Draft 2020-12; each pattern in both engines, behind a bound of length."""
    for schema in schemas():
        jsonschema.Draft202012Validator.check_schema(schema)
        for node in nodes(schema):
            if isinstance(node.get("pattern"), str):
                re.compile(node["pattern"])
                jsonschema_rs.Draft202012Validator({"pattern": node["pattern"]})
            if "then" in node:
                assert node["if"] == {"maxLength": node["maxLength"]}


def test_every_list_and_map_has_a_bound() -> None:
    """The API's, else the gate's own, which is marked as such."""
    for schema in schemas():
        for node in nodes(schema["properties"]["spec"]):
            if node.get("type") == "array":
                assert "maxItems" in node
            if node.get("x-aws", {}).get("form") == "map":
                assert "maxProperties" in node


def test_images_tables_hold_known_accounts() -> None:
    """Some facts that are known from elsewhere."""
    images = load_table("catalog/images.json")

    def account(repository: str, region: str) -> str | None:
        found: str | None = images["tables"][images["repositories"][repository]].get(region)
        return found

    assert account("xgboost", "us-east-1") == "811284229777"
    assert account("xgboost", "us-west-2") == "433757028032"
    assert account("xgboost", "ca-west-1") is None
    assert account("sagemaker-xgboost", "eu-west-1") == "141502667606"
    assert account("pytorch-training", "cn-north-1") == "727897471807"


def test_regions_know_partitions_and_sagemaker() -> None:
    """44 regions have SageMaker; pseudo-regions are none."""
    partitions = load_table("catalog/regions.json")["partitions"]
    served = [r for p in partitions for r, facts in p["regions"].items() if facts["sagemaker"]]
    session = Session()
    known = {
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("sagemaker", partition)
    }
    assert (set(served), len(served)) == (known, 44)
    assert not [r for p in partitions for r in p["regions"] if "global" in r or "fips" in r]


def test_offers_and_hardware_are_of_types_that_the_api_knows() -> None:
    """As surveyed: most types of a use have a price somewhere, and EC2 describes nearly all."""
    types = load_table("catalog/instance_types.json")
    for shape, table in load_table("catalog/instance_offers.json").items():
        assert len(table["regions"]) in range(30, 50)
        assert len(set(table["types"]) & set(types[shape])) > 0.7 * len(types[shape]), shape
        assert all(set(names) <= set(table["regions"]) for names in table["sets"])
    catalog = load_catalog()
    large = catalog.hardware("ml.g5.12xlarge")
    assert large is not None
    assert (large.vcpus, large.memory_mib, large.accelerator) == (48, 196608, "A10G")
    assert (large.accelerators, large.architecture) == (4, "x86_64")
    assert catalog.hardware("ml.p3.2xlarge") is None, "EC2 no longer describes it"
    known = {each for listed in types.values() for each in listed}
    described = [each for each in known if catalog.hardware(each) is not None]
    assert len(described) / len(known) > 0.95


def test_a_changed_byte_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--check` writes nothing, names the file, and fails."""
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    files = {"schemas/a.json": "{}\n", "schemas/b.json": "[]\n"}
    assert generate.write(files, check=False) == 0
    assert generate.write(files, check=True) == 0
    (tmp_path / "schemas/b.json").write_text("[ ]\n")
    assert generate.write(files, check=True) == 1
    assert "stale: schemas/b.json" in capsys.readouterr().err
    assert (tmp_path / "schemas/b.json").read_text() == "[ ]\n"


def test_another_wheel_than_the_pinned_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its hash, and the pinned one, are named."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    wheel = wheels.pinned()["newest"]
    folder = tmp_path / "kube-sagemaker" / "wheels"
    folder.mkdir(parents=True)
    (folder / wheel.file).write_bytes(b"something else")
    with pytest.raises(wheels.WheelError, match=wheel.sha256):
        _ = wheel.path
