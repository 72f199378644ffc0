# SPDX-License-Identifier: Apache-2.0
"""`python -m tools.generate [--check]`: schemas, catalogue and CRDs from the pinned wheels.

With --check nothing is written: every file that differs from what would be is named, exit code 1.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from tools.catalog import image_tables, region_tables
from tools.crd import open_spec, plain_spec, print_crd, status_schema
from tools.data import load_data
from tools.dialect import Ack, Dialect
from tools.instances import hardware_table, offer_tables, use_tables
from tools.json_schema import print_schema
from tools.model import load_model
from tools.original import Original
from tools.place import KindName, Place
from tools.tree import Grower
from tools.wheels import pinned, retrieved

ROOT: Final = Path(__file__).parents[1]
LEGACY: Final = ("sagemaker.aws.amazon.com", "v1")
ACK: Final = ("sagemaker.services.k8s.aws", "v1alpha1")
HEADER: Final = "# SPDX-License-Identifier: Apache-2.0\n# Made by `make schemas`; do not edit.\n"

CATALOG: Final[Mapping[str, tuple[list[str], Callable[[], Any]]]] = {
    "hardware": (["hardware", "newest"], hardware_table),
    "images": (["images"], image_tables),
    "instance_offers": (["offers"], offer_tables),
    "instance_types": (["newest"], use_tables),
    "regions": (["newest"], region_tables),
}
"""Table -> the wheels that it is made from, and what makes it."""


def main(arguments: list[str]) -> int:
    """Write or check everything; return the exit code."""
    return write({**dict(_schemas()), **dict(_catalog())}, check="--check" in arguments)


def write(files: dict[str, str], *, check: bool) -> int:
    """Write files below the root, or name those that differ; return the exit code."""
    stale = [
        name
        for name, text in files.items()
        if not (ROOT / name).exists() or (ROOT / name).read_text() != text
    ]
    if check:
        for name in stale:
            print(f"stale: {name}", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(files[name])
        print(f"wrote {name}")
    return 0


def _schemas() -> Iterator[tuple[str, str]]:
    sources: dict[str, Any] = {}
    kinds, statuses = load_data("kinds.toml"), load_data("status.toml")
    for role, (group, version), dialect in (
        ("legacy", LEGACY, Original()),
        ("ack", ACK, Ack()),
    ):
        for kind, entry in kinds[role].items():
            name = kind_name(group, version, kind, entry)
            tree = grow(role, name, dialect, entry.get("service", "sagemaker"))
            file = f"kinds/{group}/{version}/{name.kind}.json"
            sources[file] = [role, "newest"]
            yield f"schemas/{file}", _json(print_schema(tree, name))
            if role == "legacy":
                yield _our_crd(tree, name, statuses[kind], is_required="spec_required" in entry)
            else:
                yield _ack_crd(tree, name)
    sources |= {f"catalog/{name}.json": roles for name, (roles, _) in CATALOG.items()}
    yield "schemas/SOURCES.json", _json(_sources(sources))


def kind_name(group: str, version: str, kind: str, entry: Mapping[str, Any]) -> KindName:
    """Return the names of an entry of data/kinds.toml."""
    plural = entry.get("plural", f"{kind.lower()}s")
    short_names = tuple(entry.get("short_names", ()))
    return KindName(group, version, kind, plural, tuple(entry["operations"]), short_names)


def grow(role: str, name: KindName, dialect: Dialect, service: str) -> Place:
    """Return the tree of a kind of data/kinds.toml."""
    then, now = load_model(role, service), load_model("newest", service)
    return Grower(name.kind, then, now, dialect).grow(name.root)


def _our_crd(
    tree: Place, name: KindName, shown: Mapping[str, Any], *, is_required: bool
) -> tuple[str, str]:
    spec, status = open_spec(tree, name.root), status_schema(shown["status"])
    crd = print_crd(spec, status, name, columns=shown["columns"], spec_required=is_required)
    return f"manifests/crds/{name.group}_{name.plural}.yaml", _yaml(crd)


def _ack_crd(tree: Place, name: KindName) -> tuple[str, str]:
    status = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    crd = print_crd(plain_spec(tree), status, name, spec_required=False)
    return f"tests/controlplane/crds/{name.group}_{name.plural}.yaml", _yaml(crd)


def _catalog() -> Iterator[tuple[str, str]]:
    for name, (_, make) in CATALOG.items():
        yield f"schemas/catalog/{name}.json", _json(make())


def _sources(files: dict[str, list[str]]) -> dict[str, Any]:
    wheels = {
        role: {
            "package": wheel.name,
            "version": wheel.version,
            "sha256": wheel.sha256,
            "licence": wheel.licence,
            "taken": wheel.taken,
        }
        for role, wheel in pinned().items()
    }
    return {"retrieved": retrieved(), "wheels": wheels, "files": dict(sorted(files.items()))}


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True) + "\n"


class _Dumper(yaml.SafeDumper):
    """Never writes anchors: Kubernetes' readers take them, people do not."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the base's signature
        """Return True, always."""
        return True


def _yaml(value: Any) -> str:
    return HEADER + yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=100)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
