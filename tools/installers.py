# SPDX-License-Identifier: Apache-2.0
"""The installers: one file for a cluster, two for a namespace, out of the kustomize layers.

They say what `kubectl kustomize manifests` says (a test compares them), and need no kustomize.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from tools.generate import ROOT
from webhook.controllers import OWN_NAMESPACE

MANIFESTS: Final = ROOT / "manifests"

PLACEHOLDER: Final = "PLACEHOLDER-NAMESPACE"
"""What stands for the namespace in the namespaced operator, as in the original's."""

MADE: Final = """\
# SPDX-License-Identifier: Apache-2.0
# Made by `make manifests`; do not edit. How to install: docs/install.md.
"""
FOR_NAMESPACE: Final = f"""\
{MADE}#
# The operators for one namespace, without the gate. crd.yaml comes first.
#   sed 's/{PLACEHOLDER}/my-team/g' operator.yaml | kubectl apply -f -
"""

NAMESPACED: Final = {"ClusterRole": "Role", "ClusterRoleBinding": "RoleBinding"}
"""Kind for the whole cluster -> its kind for one namespace."""

Object = dict[str, Any]


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines as a block, so that a policy in a ConfigMap can be read."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else "")


_Dumper.add_representer(str, _text)


def _dump(objects: Iterable[Object]) -> str:
    return yaml.dump_all(objects, Dumper=_Dumper, sort_keys=False, width=100)


def _files() -> list[Path]:
    return sorted((MANIFESTS / "crds").glob("*.yaml"))


def layer(name: str) -> Iterator[Object]:
    """Yield the objects of a kustomize layer, with the labels that it adds to each."""
    folder = MANIFESTS / name
    kustomization = yaml.safe_load((folder / "kustomization.yaml").read_text())
    for file in kustomization["resources"]:
        for found in yaml.safe_load_all((folder / file).read_text()):
            for labels in kustomization["labels"]:
                metadata = found["metadata"]
                metadata["labels"] = {**metadata.get("labels", {}), **labels["pairs"]}
            yield found


def _crds() -> Iterator[Object]:
    for path in _files():
        yield yaml.safe_load(path.read_text())


def render_crds() -> str:
    """Return the text of manifests/namespaced/crd.yaml."""
    return MADE + _dump(_crds())


def render_installer() -> str:
    """Return the text of manifests/installer.yaml."""
    return MADE + _dump([*_crds(), *layer("base"), *layer("operators")])


def render_namespaced() -> str:
    """Return the text of manifests/namespaced/operator.yaml."""
    policy = [each for each in layer("base") if each["kind"] == "ConfigMap"]
    return FOR_NAMESPACE + _dump(_in_namespace(each) for each in (*policy, *layer("operators")))


def _in_namespace(found: Object) -> Object:
    """Return an object for one namespace, whose name is the placeholder."""
    made: Object = _replace(found)
    made["metadata"]["namespace"] = PLACEHOLDER
    made["kind"] = NAMESPACED.get(made["kind"], made["kind"])
    if "roleRef" in made:
        made["roleRef"]["kind"] = "Role"
    for rule in made.get("rules", ()):
        if rule["resources"] == ["namespaces"]:
            rule["verbs"] = ["get"]  # itself: more lies outside of it, where no Role reaches
    if made["kind"] == "ConfigMap":
        made["metadata"]["labels"]["app.kubernetes.io/component"] = "operators"
    if made["kind"] == "Deployment":
        (container,) = made["spec"]["template"]["spec"]["containers"]
        container["args"].append(f"--namespace={PLACEHOLDER}")
    return made


def _replace(value: Any) -> Any:
    """Return a copy in which our namespace is the placeholder."""
    if isinstance(value, dict):
        return {key: _replace(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_replace(child) for child in value]
    return PLACEHOLDER if value == OWN_NAMESPACE else value
