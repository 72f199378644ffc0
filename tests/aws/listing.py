# SPDX-License-Identifier: Apache-2.0
"""The List calls: filters, order, pages.

"After" and "before" are taken to exclude the time itself; the reference does not say. Pages hold 10
unless asked (the reference on several of them). Orders that differ by kind are the reference's.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from tests.aws.kind import TRAINING, TUNING, Kind
from tests.aws.refusal import invalid
from tests.aws.registry import Resource

PAGE: Final = 10

_ASCENDING_KINDS: Final = frozenset({"TrainingJob", "HyperParameterTuningJob", "ProcessingJob"})

Sorting = Callable[[Resource], Any]


def page(
    kind: Kind, request: Mapping[str, Any], resources: Iterable[Resource], now: float
) -> tuple[list[Resource], str | None]:
    """Return the resources of the page that a request asks for, and the next page's token.

    With both StatusEquals and MaxResults, ListTrainingJobs first takes so many jobs of any status
    and then drops the others, so pages may be short or empty (its reference says so, at length).
    """
    status, tests = request.get("StatusEquals"), list(_tests(request, now))
    late = kind is TRAINING and status is not None and "MaxResults" in request
    if status is not None and not late:
        tests.append(lambda each: each.timeline.at(now).status == status)
    found = [each for each in resources if all(test(each) for test in tests)]
    default = "Name" if kind is TUNING else "CreationTime"
    ascending = "Ascending" if kind.noun in _ASCENDING_KINDS else "Descending"
    order = sorting(request.get("SortBy", default), now)
    chosen, token = cut(found, request, order, ascending)
    if late:
        chosen = [each for each in chosen if each.timeline.at(now).status == status]
    return chosen, token


def sorting(field: str, now: float) -> Sorting:
    """Return the key to sort by; the name decides between equals."""
    if field == "Name":
        return lambda each: (each.name,)
    if field == "Status":
        return lambda each: (each.timeline.at(now).status, each.name)
    return lambda each: (each.created, each.name)


def cut(
    found: list[Resource], request: Mapping[str, Any], order: Sorting, default: str
) -> tuple[list[Resource], str | None]:
    """Return one page of resources and the token of the next.

    A token stands for the last key given out, so what is made meanwhile moves nothing. Raises
    ValidationException for a token that is none of ours.
    """
    descending = request.get("SortOrder", default) == "Descending"
    keyed = sorted(((order(each), each) for each in found), key=lambda pair: pair[0])
    if descending:
        keyed.reverse()
    if (token := request.get("NextToken")) is not None:
        last = _read(token)
        keyed = [(key, each) for key, each in keyed if (key < last if descending else key > last)]
    size = request.get("MaxResults", PAGE)
    chosen = keyed[:size]
    more = _token(chosen[-1][0]) if len(keyed) > size else None
    return [each for _, each in chosen], more


def _tests(request: Mapping[str, Any], now: float) -> Iterable[Callable[[Resource], bool]]:
    if (text := request.get("NameContains")) is not None:
        yield lambda each: text in each.name
    yield from _between(request, "CreationTime", lambda each: each.created)
    yield from _between(request, "LastModifiedTime", lambda each: each.timeline.at(now).at)


def _between(
    request: Mapping[str, Any], field: str, time_of: Callable[[Resource], float]
) -> Iterable[Callable[[Resource], bool]]:
    if (after := request.get(f"{field}After")) is not None:
        yield lambda each: time_of(each) > after
    if (before := request.get(f"{field}Before")) is not None:
        yield lambda each: time_of(each) < before


def _token(key: tuple[Any, ...]) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


def _read(token: str) -> tuple[Any, ...]:
    try:
        return tuple(json.loads(base64.urlsafe_b64decode(token)))
    except (ValueError, TypeError):
        raise invalid("Invalid NextToken.") from None


SUMMARIES: Final = {"Model": "Models", "EndpointConfig": "EndpointConfigs", "Endpoint": "Endpoints"}
"""The member that holds the page, where it is not `<noun>Summaries`."""
