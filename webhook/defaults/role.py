# SPDX-License-Identifier: Apache-2.0
"""The execution role, wherever the operation keeps it: one row of a table per operation."""

from collections.abc import Iterator, Mapping
from typing import Final

from webhook.default import Filling, Subject, default_rule

EXECUTION_ROLE: Final[Mapping[str, str]] = {
    "CreateTrainingJob": "RoleArn",
}
"""Operation -> AWS path of the role that the job runs as; never each member that holds a role."""


@default_rule
def role(subject: Subject) -> Iterator[Filling]:
    """Yield the place of the execution role."""
    kind = subject.resource.kind
    member = EXECUTION_ROLE.get(kind.operation)
    if member is not None:
        place = ("spec", *kind.members[member].keys)
        yield Filling.of(place, subject.effective.defaults.get("RoleArn"))
