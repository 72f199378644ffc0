# SPDX-License-Identifier: Apache-2.0
"""Whose log it is: what an object says about the job that it has become."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from controller.logs.kind import ENDED, LogKind

CHILD: Final = r"-\d+-[0-9a-z]+/"
"""What follows a tuning job's name in the streams of its training jobs."""


class NoSource(Exception):
    """The object has no log, or not yet: one line that says why and what to do."""

    def __init__(self, message: str, *, may_come: bool) -> None:
        """`may_come`: whether it is worth waiting."""
        super().__init__(message)
        self.may_come = may_come


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of the streams are wanted: all, those that begin so, one variant's, or one."""

    prefix: str = ""
    variant: str | None = None
    stream: str | None = None


@dataclass(frozen=True, slots=True)
class LogSource:
    """Where the events of an object are.

    AWS is asked for the streams that begin with `prefix`, or for the one `stream`; of its answer
    what `has` says yes to is kept.
    """

    header: str
    region: str
    group: str
    prefix: str
    stream: str | None
    pattern: re.Pattern[str] | None

    def has(self, stream: str) -> bool:
        """Whether a stream is wanted: what a prefix cannot say is said here."""
        if self.stream is not None:
            return stream == self.stream
        return stream.startswith(self.prefix) and (
            self.pattern is None or self.pattern.match(stream) is not None
        )


def source_of(kind: LogKind, body: Mapping[str, Any], selection: Selection) -> LogSource:
    """Return where an object's events are. Raises NoSource."""
    spec, status = _part(body, "spec"), _part(body, "status")
    region, job = _text(status, "region") or _text(spec, "region"), _job_name(kind, spec, status)
    what = f'{kind.name} "{_object_name(body)}"'
    if not job:
        raise NoSource(_no_job(what, kind, status), may_come=not has_ended(kind, body))
    if not region:
        raise NoSource(f"{what} has no spec.region: set it to where the job runs", may_come=False)
    if selection.variant is not None:
        _check_variant(what, spec, selection.variant)
    return LogSource(
        header=_header(kind, body, job, region),
        region=region,
        group=f"{kind.group}/{job}" if kind.is_endpoint else kind.group,
        prefix=_prefix(kind, job, selection),
        stream=_stream(kind, job, selection),
        pattern=re.compile(re.escape(job) + CHILD + re.escape(selection.prefix))
        if kind.has_children
        else None,
    )


def has_ended(kind: LogKind, body: Mapping[str, Any]) -> bool:
    """Whether the object says that its job is over; an endpoint never is."""
    return not kind.is_endpoint and _text(_part(body, "status"), kind.status) in ENDED


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(part: Mapping[str, Any], name: str | None) -> str:
    found = part.get(name) if name is not None else None
    return found if isinstance(found, str) else ""


def _object_name(body: Mapping[str, Any]) -> str:
    return _text(_part(body, "metadata"), "name")


def _job_name(kind: LogKind, spec: Mapping[str, Any], status: Mapping[str, Any]) -> str:
    return _text(status, kind.named_by) or _text(spec, kind.asked_by)


def _header(kind: LogKind, body: Mapping[str, Any], job: str, region: str) -> str:
    status = _part(body, "status")
    text = (
        f'"{_object_name(body)}" has SageMaker {kind.title} "{job}" in region "{region}", '
        f'status "{_text(status, kind.status)}"'
    )
    if kind.secondary is not None:
        text += f' and secondary status "{_text(status, kind.secondary)}"'
    return text


def _no_job(what: str, kind: LogKind, status: Mapping[str, Any]) -> str:
    word, additional = _text(status, kind.status), _text(status, "additional")
    if not word:
        return f"{what} has no job in SageMaker yet: no operator has taken it up"
    reason = f": {additional}" if additional else ""
    return f'{what} has no job in SageMaker yet, status "{word}"{reason}'


def _check_variant(what: str, spec: Mapping[str, Any], variant: str) -> None:
    listed = spec.get("productionVariants")
    items = listed if isinstance(listed, list) else []
    known = [_text(item, "variantName") for item in items if isinstance(item, Mapping)]
    if variant not in known:
        text = f'{what} has no variant "{variant}", it has {", ".join(known) or "none"}'
        raise NoSource(text, may_come=False)


def _prefix(kind: LogKind, job: str, selection: Selection) -> str:
    """Return what the names of the wanted streams begin with.

    The slash keeps away the jobs whose names begin with this one's.
    """
    if kind.is_endpoint:
        start = f"{selection.variant}/" if selection.variant is not None else ""
    else:
        start = f"{job}-" if kind.has_children else f"{job}/"
    return start if kind.has_children else start + selection.prefix


def _stream(kind: LogKind, job: str, selection: Selection) -> str | None:
    """Return the one wanted stream by its whole name, which the user may give without the job's."""
    given = selection.stream
    if given is None or kind.is_endpoint or given.startswith(f"{job}/"):
        return given
    return given if kind.has_children else f"{job}/{given}"
