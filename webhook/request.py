# SPDX-License-Identifier: Apache-2.0
"""The parameters of a call, in AWS names, as a controller sends them.

What the gate judged is what is sent: the operators' requests come from the same calls.
"""

from __future__ import annotations

from typing import Any

from webhook.call import Call
from webhook.naming import NAME_OF
from webhook.spelling import unspell


def request_of(call: Call) -> dict[str, Any]:
    """Return the call's parameters: the user's, then what the controller makes.

    Meant for a resource that the gate accepts; what is of a wrong type comes out as it is.
    """
    parameters = unspell(call.root.field, call.root.value)
    if not isinstance(parameters, dict):
        parameters = {}
    if call.members is not None:
        parameters = {k: v for k, v in parameters.items() if k in call.members}
    return {**parameters, **(call.make() if call.make is not None else {})}


def name_of(call: Call) -> str | None:
    """Return the name that AWS will know the call's result by; None where AWS makes one."""
    found = request_of(call).get(NAME_OF[call.operation])
    return found if isinstance(found, str) else None
