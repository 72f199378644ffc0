# SPDX-License-Identifier: Apache-2.0
"""Times, durations, names of kinds, and the order of events."""

from __future__ import annotations

from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from controller.jobkind import TERMINAL
from controller.jobs import JOBS
from controller.logs.duration import NotDuration, milliseconds
from controller.logs.event import LogEvent, go_time, line_of
from controller.logs.kind import ENDED, KINDS, find_log_kind
from controller.logs.window import OVERLAP, Window, in_order
from schemas import find_kind
from tests.gateprocess import ROOT

PST = timezone(timedelta(hours=-8), "PST")


def event(at: int, key: str = "", stream: str = "job/algo-1") -> LogEvent:
    """Make an event whose id is its time, unless it has another."""
    return LogEvent(at, stream, f"said at {at}", key or str(at))


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (1574811673449, "2019-11-26 15:41:13.449 -0800 PST"),
        (1574811673450, "2019-11-26 15:41:13.45 -0800 PST"),
        (1574811673500, "2019-11-26 15:41:13.5 -0800 PST"),
        (1574811673000, "2019-11-26 15:41:13 -0800 PST"),
        (1574811673007, "2019-11-26 15:41:13.007 -0800 PST"),
        (0, "1969-12-31 16:00:00 -0800 PST"),
    ],
)
def test_times_are_gos(at: int, text: str) -> None:
    """Zeros at the end of the fraction are left out, as by Go's layout of nines."""
    assert go_time(at, PST) == text


def test_a_zone_has_its_name_of_the_season() -> None:
    """Summer and winter, and a zone whose name is its offset."""
    assert go_time(1561000000000, ZoneInfo("America/Los_Angeles")).endswith(" -0700 PDT")
    assert go_time(1574811673449, ZoneInfo("America/Los_Angeles")).endswith(" -0800 PST")
    assert go_time(1574811673449, ZoneInfo("America/Sao_Paulo")).endswith(" -0300 -03")


def test_a_line_is_stream_time_message() -> None:
    """The stream can be left out; the message is AWS's, untouched."""
    said = LogEvent(1574811673449, "job/algo-1-157", "[0]#011train-rmse:1\ttab", "1")
    whole = "job/algo-1-157 2019-11-26 15:41:13.449 -0800 PST [0]#011train-rmse:1\ttab"
    assert line_of(said, has_stream=True, zone=PST) == whole
    assert line_of(said, has_stream=False, zone=PST) == whole.split(" ", 1)[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10m", 600_000), ("1h30m", 5_400_000), ("1.5h", 5_400_000), ("300ms", 300), ("0", 0),
        ("+5s", 5000), (".5s", 500), ("1.s", 1000), ("2m1.5s", 121_500), ("900us", 0),
        ("1500µs", 1), ("1500μs", 1), ("2000000ns", 2), ("1h1h", 7_200_000),
    ],
)  # fmt: skip
def test_durations_are_gos(text: str, expected: int) -> None:
    """Any units in any order, with fractions."""
    assert milliseconds(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "5", "m", "10 m", "10m ", "-5s", "1d", "10M", "1h5", "1..5s", ".s", "+", "9999999999h",
     "1e3s", "٣s"],
)  # fmt: skip
def test_what_is_no_duration_is_named(text: str) -> None:
    """With an example of what is one."""
    with pytest.raises(NotDuration, match="is no length of time such as 30s, 10m or 1h30m"):
        milliseconds(text)


def test_a_kind_has_the_spellings_of_kubectl() -> None:
    """Any case, singular and plural, the short form, and the whole name with the group."""
    for kind in KINDS:
        crd = find_kind("sagemaker.aws.amazon.com", kind.name)
        assert crd is not None
        assert kind.plural == crd.plural
        for text in (kind.name, kind.plural, kind.short, f"{kind.plural}.{crd.group}"):
            assert find_log_kind(text) is kind
            assert find_log_kind(text.upper()) is kind
    assert {kind.short for kind in KINDS} == {"tj", "hpo", "btj", "pj", "hd"}
    assert find_log_kind("model") is None


def test_a_kind_is_read_where_the_operators_write_it() -> None:
    """The fields of its status that hold name and words, and the field that asks for a name."""
    for kind in KINDS:
        path = ROOT / "manifests" / "crds" / f"sagemaker.aws.amazon.com_{kind.plural}.yaml"
        (version,) = yaml.safe_load(path.read_text())["spec"]["versions"]
        fields = version["schema"]["openAPIV3Schema"]["properties"]
        assert {kind.named_by, kind.status} <= fields["status"]["properties"].keys()
        assert kind.asked_by is None or kind.asked_by in fields["spec"]["properties"]
        assert kind.secondary is None or kind.secondary in fields["status"]["properties"]
        if kind.name in JOBS:
            written = JOBS[kind.name]
            assert (kind.status, kind.named_by) == (written.status_key, written.name_key)
            assert (kind.asked_by, kind.title) == (written.spec_name, written.name_parameter)
            assert TERMINAL <= ENDED


def test_pages_come_out_in_order() -> None:
    """Where a page reaches back behind the one before it, too."""
    pages = [[event(3), event(1)], [], [event(2), event(5)], [event(4), event(9)]]
    assert [each.at for each in in_order(pages)] == [1, 2, 3, 4, 5, 9]


def test_a_page_is_printed_when_the_next_has_come() -> None:
    """A long log begins to come out before all of it is read."""
    left = iter([[event(1), event(2)], [event(3)], [event(4)]])
    stream = in_order(left)
    assert next(stream).at == 1
    assert len(list(left)) == 1


def test_events_of_one_moment_keep_their_order() -> None:
    """A stack trace is one moment."""
    pages = [[event(1, "a"), event(1, "b")], [event(1, "c"), event(0, "z")]]
    assert [each.key for each in in_order(pages)] == ["z", "a", "b", "c"]


def test_an_event_is_new_once() -> None:
    """What arrives late is; what an earlier look had is not; the start moves on behind."""
    window = Window(None)
    assert len(list(window.fresh([event(OVERLAP), event(3 * OVERLAP)]))) == 2
    assert window.start == 2 * OVERLAP
    late = event(3 * OVERLAP - 7)
    assert list(window.fresh([late, event(3 * OVERLAP)])) == [late]
    assert not list(window.fresh([late, event(3 * OVERLAP)]))


def test_a_window_does_not_begin_before_its_start() -> None:
    """`--since` holds for every look; before the first event it is the start."""
    window = Window(1_000)
    assert window.start == 1_000
    assert len(list(window.fresh([event(2_000)]))) == 1
    assert window.start == 1_000


@given(st.lists(st.integers(0, 10 * OVERLAP), min_size=1), st.integers(1, 5))
def test_looking_again_prints_nothing_twice(times: list[int], size: int) -> None:
    """However events lie in pages: each once, and none that a later look would bring again."""
    events = [event(at, str(key)) for key, at in enumerate(sorted(times))]
    window = Window(None)
    pages = [events[place : place + size] for place in range(0, len(events), size)]
    assert list(window.fresh(in_order(pages))) == events
    again = [each for each in events if each.at >= (window.start or 0)]
    assert not list(window.fresh(in_order([again])))
