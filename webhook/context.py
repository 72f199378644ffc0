# SPDX-License-Identifier: Apache-2.0
"""Everything from outside that a judgement depends on, so that judging itself is pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from webhook.catalog import Catalog
from webhook.finding import Finding
from webhook.policy import EMPTY, Policy
from webhook.resource import Namespace, Resource
from webhook.schema import Engine
from webhook.waiver import Waived


class Verb(StrEnum):
    """The operations that are judged."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"


class Context(msgspec.Struct, frozen=True):
    """One judgement's surroundings. `old` is the stored object, on UPDATE only.

    The check sets `honours_waivers`, where the gate asks the policy, and `excuse`, which knows
    waivers that are not in the object itself.
    """

    verb: Verb
    catalog: Catalog
    engine: Callable[[Mapping[str, Any]], Engine]
    today: date
    policy: Policy = EMPTY
    namespace: Namespace | None = None
    old: Resource | None = None
    requester: str = ""
    honours_waivers: bool = False
    excuse: Callable[[Finding], Waived | None] | None = None
