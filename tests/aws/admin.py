# SPDX-License-Identifier: Apache-2.0
"""The fake's own path, `/_fake/`, for drivers in other processes: JSON in, JSON out.

POST advance {"seconds": 60}, run {"speed": 10}, plan, finish, refuse, chaos, relent: the arguments
of the methods of FakeAWS. GET calls, created?kind=TrainingJob, duplicates?kind=, running?kind=,
resources?kind= (the last two with &region= too).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from tests.aws.message import Reply, Request, json_reply
from tests.aws.refusal import Refusal

if TYPE_CHECKING:
    from tests.aws.fake import FakeAWS

PREFIX: Final = "/_fake/"


def answer(aws: FakeAWS, request: Request) -> Reply:
    """Do what is asked; a mistake in it is a 400 with a sentence."""
    verb = request.path.removeprefix(PREFIX)
    try:
        value = _get(aws, verb, request.query) if request.method == "GET" else None
        if request.method == "POST":
            value = _post(aws, verb, request.json)
    except (ValueError, TypeError, KeyError, Refusal) as error:
        return json_reply({"error": f"{verb}: {error}"}, 400)
    if value is None:
        return json_reply({"error": f"there is no {request.method} {request.path}"}, 404)
    return json_reply(value)


def _post(aws: FakeAWS, verb: str, arguments: dict[str, Any]) -> dict[str, Any] | None:
    acts: dict[str, Callable[..., None]] = {
        "advance": aws.advance,
        "run": aws.clock.run,
        "plan": aws.plan,
        "finish": aws.finish,
        "refuse": aws.refuse,
        "chaos": aws.chaos,
        "relent": aws.relent,
    }
    if verb not in acts:
        return None
    acts[verb](**arguments)
    return {"now": aws.clock.now()}


def _get(aws: FakeAWS, verb: str, query: dict[str, str]) -> dict[str, Any] | None:
    if verb == "calls":
        return {"calls": [asdict(call) for call in aws.calls]}
    if verb in {"created", "duplicates", "resources"}:
        return {verb: dict(getattr(aws, verb)(**query))}
    if verb == "running":
        return {verb: sorted(aws.running(**query))}
    return None
