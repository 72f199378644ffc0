# SPDX-License-Identifier: Apache-2.0
"""A place to try the operators: what is applied, what becomes of it, what AWS has."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml

from tests.aws.fake import FakeAWS
from tests.controlplane.plane import ControlPlane
from tests.operators.objects import PLURAL_OF
from tests.operators.process import OperatorsProcess

GROUP = "sagemaker.aws.amazon.com"
PATIENCE = 60
"""Seconds that anything may take."""


@dataclass(frozen=True, slots=True)
class Field:
    """Operators in one namespace."""

    plane: ControlPlane
    aws: FakeAWS
    process: OperatorsProcess
    namespace: str

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        """Run kubectl in the namespace; return what it prints. Raises PlaneError."""
        done = self.plane.kubectl("-n", self.namespace, *arguments, stdin=stdin, check=True)
        return done.stdout

    def apply(self, body: dict[str, Any]) -> None:
        """Apply an object."""
        self.kubectl("apply", "-f", "-", stdin=yaml.safe_dump(body))

    def name(self, kind: str, name: str) -> str:
        """Return how kubectl is told an object."""
        return f"{PLURAL_OF[kind]}.{GROUP}/{name}"

    def get(self, kind: str, name: str) -> dict[str, Any]:
        """Return an object as it is."""
        found: dict[str, Any] = json.loads(self.kubectl("get", self.name(kind, name), "-o", "json"))
        return found

    def status(self, kind: str, name: str) -> dict[str, Any]:
        """Return an object's status."""
        found: dict[str, Any] = self.get(kind, name).get("status", {})
        return found

    def condition(self, kind: str, name: str, type_: str) -> dict[str, Any]:
        """Return a condition, empty where there is none."""
        found = self.status(kind, name).get("conditions", [])
        return next((each for each in found if each["type"] == type_), {})

    def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait until something is so."""
        try:
            self.plane.wait_for(is_so, PATIENCE, what)
        except Exception as error:
            raise AssertionError(f"{error}\n{self.process.said()[-3000:]}") from error

    def until_status(self, kind: str, name: str, **wanted: Any) -> dict[str, Any]:
        """Wait until a status has these fields; return it."""

        def is_so() -> bool:
            status = self.status(kind, name)
            return all(status.get(key) == value for key, value in wanted.items())

        self.until(is_so, f"{kind} {name}: {wanted}")
        return self.status(kind, name)

    def is_gone(self, kind: str, name: str) -> bool:
        """Whether there is no such object."""
        done = self.plane.kubectl("-n", self.namespace, "get", self.name(kind, name))
        return "NotFound" in done.stderr

    def delete(self, kind: str, name: str) -> None:
        """Ask for an object's deletion, and wait for nothing."""
        self.kubectl("delete", self.name(kind, name), "--wait=false")

    def until_gone(self, kind: str, name: str) -> None:
        """Wait until there is no such object."""
        self.until(lambda: self.is_gone(kind, name), f"{kind} {name} is gone")

    def events(self, name: str) -> list[tuple[str, str]]:
        """Return reason and message of the events of an object."""
        found = json.loads(self.kubectl("get", "events", "-o", "json"))["items"]
        return [
            (each["reason"], each["message"])
            for each in found
            if each["involvedObject"]["name"] == name
        ]

    def calls(self, text: str) -> list[str]:
        """Return the operations of the AWS calls that name something with a text in it."""
        return [
            call.operation
            for call in self.aws.calls
            if text in json.dumps(call.parameters, default=str)
        ]
