# SPDX-License-Identifier: Apache-2.0
"""The policy document: defaults, parameters of rules, and modes, by namespace and kind.

Sections stand in order; of those that match an object the later wins, key by key. The document's
JSON Schema is made from the rules' parameter types, so a new parameter needs no second place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final

from schemas import Kind, find_kind, kinds
from webhook.finding import Mode
from webhook.policyschema import PolicyError, policy_schema, validate_document
from webhook.resource import Namespace

API_VERSION: Final = "kube-sagemaker.dev/v1alpha1"

COMPUTED: Final = frozenset({"Region", "RoleArn"})
"""Defaults that mean a property of the call, wherever the kind keeps it."""


@dataclass(frozen=True, slots=True)
class Default:
    """A default value, in AWS names, with the section that gives it."""

    path: str
    value: Any
    section: str

    @property
    def origin(self) -> str:
        """Who says so, for messages."""
        return f"policy section {self.section}"


@dataclass(frozen=True, slots=True)
class Effective:
    """What a policy says for one namespace and kind."""

    defaults: Mapping[str, Default] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Rule ID -> its parameters; a rule that the policy gives none has nothing to say."""
    modes: Mapping[str, Mode] = field(default_factory=dict)
    controller_region: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    """The defaults again, as plain values by AWS path."""
    waivable: frozenset[str] = frozenset()
    """Rules that an object's own annotation may waive."""
    longest_waiver_days: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One section: what it matches, and what it says."""

    name: str
    names: tuple[str, ...]
    labels: Mapping[str, str]
    kinds: frozenset[str]
    defaults: Mapping[str, Any]
    parameters: Mapping[str, Mapping[str, Any]]
    modes: Mapping[str, str]
    waivers: Mapping[str, Any]

    @property
    def is_conditional(self) -> bool:
        """Whether the section says where it holds at all."""
        return bool(self.names or self.labels or self.kinds)

    def matches(self, kind: str, namespace: str, facts: Namespace | None) -> bool:
        """Whether the section speaks of a kind in a namespace.

        `facts` is needed only where the section selects by label, see `selects_by_label`.
        """
        if self.kinds and kind not in self.kinds:
            return False
        if self.names and not any(fnmatchcase(namespace, name) for name in self.names):
            return False
        if not self.labels:
            return True
        labels = facts.labels if facts is not None else {}
        return all(labels.get(key) == value for key, value in self.labels.items())


@dataclass(frozen=True, slots=True)
class Policy:
    """A parsed policy document."""

    name: str
    sections: tuple[Section, ...] = ()
    parameter_types: Mapping[str, type[Any]] = field(default_factory=dict)
    controller_region: str | None = None
    controller_account: str | None = None
    """`namespace:name` of ACK's service account."""
    _known: dict[tuple[int, ...], Effective] = field(default_factory=dict, compare=False)
    _everything: tuple[int, ...] = field(init=False, compare=False)
    _is_conditional: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Note what every look-up would ask again."""
        object.__setattr__(self, "_everything", tuple(range(len(self.sections))))
        is_conditional = any(section.is_conditional for section in self.sections)
        object.__setattr__(self, "_is_conditional", is_conditional)

    @property
    def selects_by_label(self) -> bool:
        """Whether any section needs the labels of namespaces."""
        return any(section.labels for section in self.sections)

    def effective(self, kind: Kind, namespace: str, facts: Namespace | None) -> Effective:
        """Return what holds for a kind in a namespace; the same answer is made once."""
        matching = self._everything
        if self._is_conditional:
            matching = tuple(
                place
                for place, section in enumerate(self.sections)
                if section.matches(kind.name, namespace, facts)
            )
        found = self._known.get(matching)
        if found is None:
            found = self._known[matching] = self._merge(matching)
        return found

    def _merge(self, matching: tuple[int, ...]) -> Effective:
        defaults: dict[str, Default] = {}
        written: dict[str, dict[str, Any]] = {}
        modes: dict[str, Mode] = {}
        waivers: dict[str, Any] = {}
        for section in (self.sections[place] for place in matching):
            for path, value in section.defaults.items():
                defaults[path] = Default(path, value, section.name)
            for rule, values in section.parameters.items():
                written.setdefault(rule, {}).update(values)
            modes.update({rule: Mode(mode) for rule, mode in section.modes.items()})
            waivers.update(section.waivers)
        parameters = {
            rule: self.parameter_types[rule](**_frozen(values)) for rule, values in written.items()
        }
        values = {path: default.value for path, default in defaults.items()}
        return Effective(
            defaults,
            parameters,
            modes,
            self.controller_region,
            values,
            frozenset(waivers.get("rules", ())),
            waivers.get("longestDays"),
        )


def _frozen(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}


def parse(document: Any, parameter_types: Mapping[str, type[Any]], rules: frozenset[str]) -> Policy:
    """Read a policy document; `parameter_types` are the rules' own, by rule ID.

    Raises PolicyError with the path of the first thing that is wrong.
    """
    validate_document(document, policy_schema(parameter_types, rules))
    spec = document["spec"]
    ack = spec.get("ackController", {})
    sections = tuple(_section(item) for item in spec.get("sections", []))
    for place, section in enumerate(sections):
        _check_defaults(section, ("spec", "sections", place, "defaults"))
    return Policy(
        document["metadata"]["name"],
        sections,
        parameter_types,
        ack.get("region"),
        ack.get("serviceAccount"),
    )


def _section(item: Mapping[str, Any]) -> Section:
    match = item.get("match", {})
    namespaces = match.get("namespaces", {})
    return Section(
        item["name"],
        tuple(namespaces.get("names", ())),
        namespaces.get("selector", {}).get("matchLabels", {}),
        frozenset(match.get("kinds", ())),
        item.get("defaults", {}),
        item.get("parameters", {}),
        item.get("modes", {}),
        item.get("waivers", {}),
    )


def _check_defaults(section: Section, at: tuple[str | int, ...]) -> None:
    """Refuse a default that no kind of the section could take."""
    known = [kind for group, name in kinds() if (kind := find_kind(group, name)) is not None]
    for path in section.defaults:
        if path not in COMPUTED and not any(path in kind.members for kind in known):
            raise PolicyError(
                (*at, path),
                f"no SageMaker kind has the AWS member path {path!r} outside of lists;"
                ' write it as the API does, e.g. "OutputDataConfig.KmsKeyId"',
            )


EMPTY: Final = Policy("none")
