# SPDX-License-Identifier: Apache-2.0
"""The children of a HostingDeployment: its models and its endpoint configuration, as objects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from controller.condition import FAILED
from controller.step import Child
from controller.subject import ABANDON, ON_DELETE, Subject

_SHARED: Final = ("region", "sageMakerEndpoint", "tags")
OF_MODEL: Final = (
    "executionRoleArn",
    "enableNetworkIsolation",
    "inferenceExecutionConfig",
    "vpcConfig",
)
OF_CONFIG: Final = (
    "asyncInferenceConfig",
    "crossRegionTrafficConfig",
    "explainerConfig",
    "kmsKeyId",
    "metricsConfig",
)
VARIANTS: Final = ("productionVariants", "shadowProductionVariants")


_KINDS: Final = frozenset({"Model", "EndpointConfig"})

LONGEST: Final = 253
"""Characters of an object's name."""

_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


@dataclass(frozen=True)
class Family:
    """The children that a deployment is to have now, beside those that it has.

    `owned` are the objects that it owns, by kind and name: also some that a user gave it. Children
    are made by generation, as the original did: `<model>-<generation>-<uid>`.
    """

    subject: Subject
    owned: Mapping[tuple[str, str], Mapping[str, Any]]

    @cached_property
    def children(self) -> Mapping[tuple[str, str], Mapping[str, Any]]:
        """The children that we made."""
        tail = self._uid
        return {
            (kind, name): body
            for (kind, name), body in self.owned.items()
            if kind in _KINDS and name.endswith(tail)
        }

    @property
    def _uid(self) -> str:
        return self.subject.uid.replace("-", "").lower()

    @cached_property
    def models(self) -> list[Mapping[str, Any]]:
        """The models of the spec that are objects with a name."""
        items = objects(self.subject.spec.get("models"))
        return [model for model in items if isinstance(model.get("name"), str)]

    def _name(self, stem: str) -> str:
        tail = f"-{self.subject.generation}-{self._uid}"
        return f"{stem.lower()[: LONGEST - len(tail)]}{tail}"

    @property
    def ill_named(self) -> str:
        """What is wrong with the models' names; empty where all is well.

        An object's name has no upper case: two models may not differ in that alone.
        """
        taken = set[str]()
        for model in self.models:
            made = self._name(model["name"])
            if made in taken or _NAME.fullmatch(made) is None:
                text = "letters, digits and hyphens make the name of its object"
                text = "another model's object has its name" if made in taken else text
                return f"spec.models: name {model['name'][:LONGEST]!r}: {text}"
            taken.add(made)
        names = {model["name"] for model in self.models}
        for key in VARIANTS:
            for variant in objects(self.subject.spec.get(key)):
                name = variant.get("modelName")
                if isinstance(name, str) and name not in names:
                    return f"spec.{key}: modelName {name[:LONGEST]!r} is no name of spec.models"
        return ""

    @cached_property
    def model_names(self) -> list[Mapping[str, str]]:
        """Alias and SageMaker name of each model that is ready, in the spec's order."""
        names = [(str(m["name"]), self._made("Model", self._name(m["name"]))) for m in self.models]
        return [{"name": alias, "value": made} for alias, made in names if made]

    @property
    def config_name(self) -> str | None:
        """The endpoint configuration's SageMaker name, None until it is ready."""
        return self._made("EndpointConfig", self._name(self.subject.name))

    @property
    def tags(self) -> list[Mapping[str, str]]:
        """The deployment's tags, in AWS names."""
        items = objects(self.subject.spec.get("tags"))
        return [
            {"Key": t["key"], "Value": t["value"]} for t in items if {"key", "value"} <= t.keys()
        ]

    @property
    def retained(self) -> Mapping[str, Any]:
        """What UpdateEndpoint is told of the variants' present properties."""
        spec = self.subject.spec
        found: dict[str, Any] = {}
        if "retainAllVariantProperties" in spec:
            found["RetainAllVariantProperties"] = spec["retainAllVariantProperties"]
        excluded = objects(spec.get("excludeRetainedVariantProperties"))
        if excluded:
            found["ExcludeRetainedVariantProperties"] = [
                {"VariantPropertyType": each.get("variantPropertyType")} for each in excluded
            ]
        return found

    def _made(self, kind: str, name: str) -> str | None:
        """Return the SageMaker name of a child that was made from its present spec."""
        status = part(self.children.get((kind, name)), "status")
        made = status.get(f"sageMaker{kind}Name")
        return made if status.get("status") == "Created" and isinstance(made, str) else None

    @property
    def faults(self) -> list[str]:
        """What children of this generation, which gave up, say."""
        found = []
        for kind, name in self._wanted_names():
            status = part(self.children.get((kind, name)), "status")
            failed = {
                each.get("message", "")
                for each in objects(status.get("conditions"))
                if each.get("type") == FAILED and each.get("status") == "True"
            }
            found += [f"{kind} {name}: {text}" for text in failed]
        return found

    @property
    def worries(self) -> list[str]:
        """What children of this generation, which are still trying, say."""
        found = []
        for kind, name in self._wanted_names():
            status = part(self.children.get((kind, name)), "status")
            if status.get("additional") and self._made(kind, name) is None:
                found.append(f"{kind} {name}: {status['additional']}")
        return found

    def _wanted_names(self) -> Iterator[tuple[str, str]]:
        for model in self.models:
            yield "Model", self._name(model["name"])
        yield "EndpointConfig", self._name(self.subject.name)

    @property
    def missing(self) -> tuple[Child, ...]:
        """The children to make next: the models, and once these are ready the configuration."""
        found = [
            Child("Model", self._name(model["name"]), self._body("Model", self._model(model)))
            for model in self.models
            if ("Model", self._name(model["name"])) not in self.children
        ]
        config = self._name(self.subject.name)
        ready = len(self.model_names) == len(self.models)
        if not found and ready and ("EndpointConfig", config) not in self.children:
            found.append(
                Child("EndpointConfig", config, self._body("EndpointConfig", self._config()))
            )
        return tuple(found)

    @property
    def surplus(self) -> tuple[Child, ...]:
        """The children of earlier generations, the configuration before its models."""
        wanted = set(self._wanted_names())
        return tuple(Child(*key) for key in sorted(self.children) if key not in wanted)

    @property
    def everyone(self) -> tuple[Child, ...]:
        """All that we made, as something to delete."""
        return tuple(Child(kind, name) for kind, name in sorted(self.children))

    @property
    def abandoned(self) -> tuple[Child, ...]:
        """The children, marked to leave their AWS side alone as the deployment does."""
        mark = {"metadata": {"annotations": {ON_DELETE: ABANDON}}}
        return tuple(Child(kind, name, mark) for kind, name in self.children)

    def _body(self, kind: str, spec: Mapping[str, Any]) -> Mapping[str, Any]:
        subject = self.subject
        shared = {key: subject.spec[key] for key in _SHARED if key in subject.spec}
        return {
            "apiVersion": subject.resource.kind.api_version,
            "kind": kind,
            "metadata": {"ownerReferences": [subject.owner]},
            "spec": {**shared, **spec},
        }

    def _model(self, model: Mapping[str, Any]) -> Mapping[str, Any]:
        spec: dict[str, Any] = {key: model[key] for key in OF_MODEL if key in model}
        containers = model.get("containers") or []
        if isinstance(containers, list) and len(containers) == 1:
            spec["primaryContainer"] = containers[0]
        elif containers:
            spec["containers"] = containers
        return spec

    def _config(self) -> Mapping[str, Any]:
        made = {each["name"]: each["value"] for each in self.model_names}
        spec = {key: self.subject.spec[key] for key in OF_CONFIG if key in self.subject.spec}
        return {**spec, **renamed(self.subject.spec, made)}


def renamed(spec: Mapping[str, Any], names: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the variants of a spec with other names of their models; ill-formed ones as is."""
    found: dict[str, Any] = {}
    for key in VARIANTS:
        if key in spec:
            items = spec[key] if isinstance(spec[key], list) else []
            found[key] = [_renamed(each, names) for each in items] or spec[key]
    return found


def _renamed(variant: Any, names: Mapping[str, str]) -> Any:
    name = variant.get("modelName") if isinstance(variant, dict) else None
    return {**variant, "modelName": names.get(name, name)} if isinstance(name, str) else variant


def objects(value: Any) -> list[dict[str, Any]]:
    """Return what of a list is objects; nothing where it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def part(body: Any, key: str) -> Mapping[str, Any]:
    """Return the spec, status or metadata of an object; empty where it has none."""
    found = body.get(key) if isinstance(body, dict) else None
    return found if isinstance(found, dict) else {}
