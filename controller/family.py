# SPDX-License-Identifier: Apache-2.0
"""The children of a HostingDeployment: its models and its endpoint configuration, as objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from controller.step import Child
from controller.subject import ABANDON, ON_DELETE, Subject

_SHARED: Final = ("region", "sageMakerEndpoint", "tags")
_OF_MODEL: Final = (
    "executionRoleArn",
    "enableNetworkIsolation",
    "inferenceExecutionConfig",
    "vpcConfig",
)
_OF_CONFIG: Final = (
    "asyncInferenceConfig",
    "crossRegionTrafficConfig",
    "explainerConfig",
    "kmsKeyId",
    "metricsConfig",
)
_VARIANTS: Final = ("productionVariants", "shadowProductionVariants")


@dataclass(frozen=True)
class Family:
    """The children that a deployment is to have now, beside those that it has.

    `children` are those that are there, by kind and name. Made by generation, as the original did:
    `<model>-<generation>-<uid>`.
    """

    subject: Subject
    children: Mapping[tuple[str, str], Mapping[str, Any]]

    @cached_property
    def models(self) -> list[Mapping[str, Any]]:
        """The models of the spec that are objects with a name."""
        found = self.subject.spec.get("models")
        items = found if isinstance(found, list) else []
        return [m for m in items if isinstance(m, dict) and isinstance(m.get("name"), str)]

    def _name(self, stem: str) -> str:
        uid = self.subject.uid.replace("-", "")
        return f"{stem}-{self.subject.generation}-{uid}".lower()

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
        found = self.subject.spec.get("tags")
        items = found if isinstance(found, list) else []
        return [{"Key": t["key"], "Value": t["value"]} for t in items if isinstance(t, dict)]

    @property
    def retained(self) -> Mapping[str, Any]:
        """What UpdateEndpoint is told of the variants' present properties."""
        spec = self.subject.spec
        found: dict[str, Any] = {}
        if "retainAllVariantProperties" in spec:
            found["RetainAllVariantProperties"] = spec["retainAllVariantProperties"]
        if spec.get("excludeRetainedVariantProperties"):
            found["ExcludeRetainedVariantProperties"] = [
                {"VariantPropertyType": each["variantPropertyType"]}
                for each in spec["excludeRetainedVariantProperties"]
            ]
        return found

    def _made(self, kind: str, name: str) -> str | None:
        """Return the SageMaker name of a child that was made from its present spec."""
        body = self.children.get((kind, name), {})
        status = body.get("status") or {}
        key = f"sageMaker{kind}Name"
        return status.get(key) if status.get("status") == "Created" else None

    @property
    def faults(self) -> list[str]:
        """What children of this generation, which gave up, say."""
        found = []
        for kind, name in self._wanted_names():
            status = self.children.get((kind, name), {}).get("status") or {}
            conditions = {c["type"]: c for c in status.get("conditions") or []}
            if conditions.get("Failed", {}).get("status") == "True":
                found.append(f"{kind} {name}: {conditions['Failed'].get('message', '')}")
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
    def abandoned(self) -> tuple[Child, ...]:
        """The children, marked to leave their AWS side alone as the deployment does."""
        mark = {"metadata": {"annotations": {ON_DELETE: ABANDON}}}
        return tuple(Child(kind, name, mark) for kind, name in self.children)

    @property
    def sent(self) -> Mapping[str, Any] | None:
        """The deployment as the children of its last generation say it was; None without any."""
        models = [body for (kind, _), body in self.children.items() if kind == "Model"]
        configs = [body for (kind, _), body in self.children.items() if kind == "EndpointConfig"]
        if not models or not configs:
            return None
        names = {
            (body.get("status") or {}).get("sageMakerModelName"): body["metadata"]["name"]
            for body in models
        }
        spec = {**self.subject.spec, **configs[0]["spec"]}
        spec["models"] = [_as_model(body) for body in models]
        for key in _VARIANTS:
            if key in spec:
                spec[key] = [
                    {**v, "modelName": names.get(v.get("modelName"), v.get("modelName"))}
                    for v in spec[key]
                ]
        return {**self.subject.resource.body, "spec": spec}

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
        spec: dict[str, Any] = {key: model[key] for key in _OF_MODEL if key in model}
        containers = model.get("containers") or []
        if len(containers) == 1:
            spec["primaryContainer"] = containers[0]
        elif containers:
            spec["containers"] = containers
        return spec

    def _config(self) -> Mapping[str, Any]:
        made = {each["name"]: each["value"] for each in self.model_names}
        spec: dict[str, Any] = {
            k: self.subject.spec[k] for k in _OF_CONFIG if k in self.subject.spec
        }
        for key in _VARIANTS:
            if key in self.subject.spec:
                spec[key] = [
                    {**variant, "modelName": made.get(variant.get("modelName"), "")}
                    for variant in self.subject.spec[key]
                ]
        return spec


def _as_model(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a Model child as an entry of the deployment's models."""
    spec = body["spec"]
    primary = spec.get("primaryContainer")
    found = {key: spec[key] for key in _OF_MODEL if key in spec}
    containers = [primary] if primary is not None else spec.get("containers", [])
    return {**found, "name": body["metadata"]["name"], "containers": containers}
