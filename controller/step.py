# SPDX-License-Identifier: Apache-2.0
"""What a state machine says is to be done next for one object: never more than one AWS call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

SAGEMAKER: Final = "sagemaker"
AUTOSCALING: Final = "application-autoscaling"


@dataclass(frozen=True, slots=True)
class AwsCall:
    """An AWS call, in botocore's own names of services, operations and parameters."""

    operation: str
    parameters: Mapping[str, Any]
    service: str = SAGEMAKER


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that a person would want to see: becomes a Kubernetes event."""

    reason: str
    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """A Kubernetes object that is to be made, or with `body` None to be deleted."""

    kind: str
    name: str
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """The next step of one object, executed in the order of its fields.

    `holds` puts the finalizer on; `spec` is written back into the spec (names that were made);
    `status` is the whole status that is wanted. When `is_judged`, `children` and `call` are made
    only after the gate's review, against `sent` where an earlier request is known. An answer with
    `keep` is one more fact, kept under that key. `releases` takes the finalizer off. `again` is in
    so many seconds; None: when the object or its AWS side changes.
    """

    holds: bool = False
    spec: Mapping[str, Any] = field(default_factory=dict)
    status: Mapping[str, Any] | None = None
    happenings: tuple[Happening, ...] = ()
    children: tuple[Child, ...] = ()
    call: AwsCall | None = None
    keep: str = ""
    is_judged: bool = False
    sent: Mapping[str, Any] | None = None
    releases: bool = False
    again: float | None = None


REST: Final = Step()
"""Nothing is to be done until something changes."""
