# SPDX-License-Identifier: Apache-2.0
"""What is known of an object's AWS side, and of what came of the last call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from controller.failure import AwsError
from webhook.finding import Finding

SENT: Final = "sent"
"""How the key begins under which a change that was made is kept, also when others follow."""


@dataclass(frozen=True, slots=True)
class Observed:
    """The AWS side of one object. A new one knows nothing.

    `description` is the last Describe's answer, None where AWS says that there is no such thing;
    it counts while `is_known`. `error` is that of the last call, `failures` how many failed in a
    row. `refused` are the findings for which the next call was not made. `tags` of a thing whose
    owner was asked for. `children` are the Kubernetes objects that this one owns, by kind and name;
    `listed` what further List or Describe calls answered, by operation.
    """

    description: Mapping[str, Any] | None = None
    is_known: bool = False
    error: AwsError | None = None
    failures: int = 0
    refused: tuple[Finding, ...] = ()
    tags: Mapping[str, str] | None = None
    children: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    listed: Mapping[str, Any] = field(default_factory=dict)


NOTHING: Final = Observed()
"""What is known of a new one; all of them share it."""
