# SPDX-License-Identifier: Apache-2.0
"""The gate's review before a request is sent: what the gate would refuse is not sent.

For the time when the gate was off, and for objects that were stored before it was there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from controller.subject import Subject
from webhook.catalog import Catalog, load_catalog
from webhook.context import Context, Verb
from webhook.finding import Finding
from webhook.namespaces import Namespaces, NoCluster
from webhook.policy import EMPTY, Policy
from webhook.review import review
from webhook.schema import Engine, default_engine


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Judge:
    """A review with the gate's own policy and namespace facts."""

    policy: Policy = EMPTY
    namespaces: Namespaces = field(default_factory=NoCluster)
    today: Callable[[], date] = _today
    catalog: Catalog = field(default_factory=load_catalog)
    engine: Callable[[Mapping[str, Any]], Engine] = field(default_factory=default_engine)

    def refuse(self, subject: Subject, sent: Mapping[str, Any] | None) -> tuple[Finding, ...]:
        """Return the findings for which a request is not sent; none where it is fine.

        `sent` is the object as it was for the last request: what that had too does not count.
        Raises NamespaceUnknown where the policy needs a namespace that is not known yet.
        """
        resource = subject.resource
        context = Context(
            Verb.CREATE if sent is None else Verb.UPDATE,
            self.catalog,
            self.engine,
            self.today(),
            self.policy,
            self.namespaces.find(subject.namespace),
            None if sent is None else resource.with_body(sent),
        )
        return review(resource, context).denied
