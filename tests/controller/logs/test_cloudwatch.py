# SPDX-License-Identifier: Apache-2.0
"""What is asked of CloudWatch, and what is made of its refusals; following, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import Stubber

from controller.logs.cloudwatch import LogGroup, LogsError
from controller.logs.event import LogEvent
from controller.logs.follow import Following, NotThere
from controller.logs.kind import KINDS
from controller.logs.source import LogSource, Selection, source_of
from tests.controller.logs.test_pure import event
from tests.controller.logs.test_source import body_of

JOBS = "/aws/sagemaker/TrainingJobs"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials that are made up."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")


def source(selection: Selection | None = None) -> LogSource:
    """Return a training job's."""
    return source_of(KINDS[0], body_of(KINDS[0], "j"), selection or Selection())


def raw(at: int, stream: str = "j/algo-1-5") -> dict[str, Any]:
    """Return an event as AWS sends it."""
    return {"timestamp": at, "logStreamName": stream, "message": "m", "eventId": str(at)}


def test_a_job_is_asked_for_by_prefix_page_by_page(environment: None) -> None:
    """The stub compares each call's parameters: prefix, start, and the token of the page before.

    An answer without events may have a next page.
    """
    group = LogGroup(source(), page=2)
    first = {"logGroupName": JOBS, "limit": 2, "interleaved": True, "logStreamNamePrefix": "j/",
             "startTime": 5}  # fmt: skip
    with Stubber(group.client) as stub:
        stub.add_response(
            "filter_log_events", {"events": [raw(6), raw(7)], "nextToken": "a"}, first
        )
        stub.add_response("filter_log_events", {"events": [], "nextToken": "b"},
                          {**first, "nextToken": "a"})  # fmt: skip
        stub.add_response("filter_log_events", {"events": [raw(8)]}, {**first, "nextToken": "b"})
        pages = list(group.pages(5))
        stub.assert_no_pending_responses()
    assert [[each.at for each in page] for page in pages] == [[6, 7], [], [8]]


def test_one_stream_is_asked_for_by_name(environment: None) -> None:
    """And nothing by prefix, which AWS would refuse beside it."""
    group = LogGroup(source(Selection(stream="algo-1-5")))
    asked = {"logGroupName": JOBS, "limit": 10_000, "interleaved": True,
             "logStreamNames": ["j/algo-1-5"]}  # fmt: skip
    with Stubber(group.client) as stub:
        stub.add_response("filter_log_events", {"events": [raw(1), raw(2, "other")]}, asked)
        assert [[each.stream for each in page] for page in group.pages(None)] == [["j/algo-1-5"]]


@pytest.mark.parametrize(
    ("code", "words", "expected"),
    [
        ("ExpiredTokenException", "The security token included in the request is expired",
         "the AWS credentials have expired: get new ones with `aws sso login`"),
        ("UnrecognizedClientException", "The security token included in the request is invalid.",
         "AWS does not take the credentials"),
        ("AccessDeniedException", "User: arn\nis not authorized to perform: logs:FilterLogEvents",
         "logs:FilterLogEvents is needed (User: arn is not authorized"),
        ("ServiceUnavailableException", "away",
         "CloudWatch Logs in region us-west-2: ServiceUnavailableException: away"),
    ],
)  # fmt: skip
def test_a_refusal_is_one_line_with_a_remedy(
    environment: None, code: str, words: str, expected: str
) -> None:
    """Expired, invalid, not allowed, or AWS's own fault."""
    group = LogGroup(source())
    with Stubber(group.client) as stub:
        stub.add_client_error("filter_log_events", code, words)
        with pytest.raises(LogsError) as caught:
            list(group.pages(None))
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_absent_group_and_an_absent_stream_are_told_apart(environment: None) -> None:
    """AWS has one code for both."""
    for selection, words, expected in (
        (None, "The specified log group does not exist.", f"there is no log group {JOBS} in"),
        (Selection(stream="x"), "The specified log stream does not exist.",
         f'there is no log stream "j/x" in {JOBS} yet'),
    ):  # fmt: skip
        group = LogGroup(source(selection))
        with Stubber(group.client) as stub:
            stub.add_client_error("filter_log_events", "ResourceNotFoundException", words)
            with pytest.raises(NotThere, match=expected):
                list(group.pages(None))


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("AWS_PROFILE", "nobody", "The config profile (nobody) could not be found"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:1", "Could not connect to the endpoint URL"),
    ],
)
def test_what_fails_before_aws_answers_is_one_line(
    environment: None, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, expected: str
) -> None:
    """A profile that does not exist, and an endpoint where nobody listens."""
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr("controller.logs.cloudwatch.ATTEMPTS", 1)
    with pytest.raises(LogsError) as caught:
        list(LogGroup(source()).pages(None))
    assert str(caught.value).startswith(f"CloudWatch Logs in region us-west-2: {expected}")


class Job:
    """A job that writes by a script: each look has its events, or None where no group is."""

    def __init__(self, looks: list[list[LogEvent] | None], ends_before: int) -> None:
        """`ends_before` is the number of the look before which the job has ended."""
        self.looks, self.ends_before = looks, ends_before
        self.count, self.pauses = 0, 0
        self.notes: list[str] = []

    def look(self) -> Iterator[LogEvent]:
        """Return the next look's events."""
        self.count += 1
        found = self.looks[self.count - 1]
        if found is None:
            raise NotThere("no group")
        yield from found

    def pause(self) -> None:
        """Count."""
        self.pauses += 1

    def follow(self) -> list[int]:
        """Follow to the end."""
        ended = lambda: self.count + 1 >= self.ends_before  # noqa: E731 - one line, used once
        return [each.at for each in Following(self.look, ended, self.pause, self.notes.append)]


def test_following_ends_after_a_look_that_brings_nothing() -> None:
    """Not with the job's end: the last lines come after it."""
    job = Job([[event(1)], [], [event(2)], [event(3)], []], ends_before=3)
    assert job.follow() == [1, 2, 3]
    assert (job.count, job.pauses) == (5, 4)


def test_following_waits_for_the_group() -> None:
    """It is said that it waits."""
    job = Job([None, None, [event(1)], []], ends_before=3)
    assert job.follow() == [1]
    assert job.notes == ["no group; waiting for it"] * 2


def test_following_does_not_wait_for_the_group_of_an_ended_job() -> None:
    """There will be none."""
    with pytest.raises(NotThere):
        Job([None], ends_before=1).follow()
