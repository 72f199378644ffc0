# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.aws` and the path by which another process drives it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import boto3
import pytest

from tests.aws import example

ROOT = Path(__file__).parents[2]


@pytest.fixture
def url() -> Iterator[str]:
    """The URL of a fake in a process of its own, which ends well when told to."""
    command = [sys.executable, "-m", "tests.aws", "--port", "0", "--speed", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def driven(url: str, verb: str, arguments: dict[str, Any] | None = None) -> Any:
    """Return the answer of the fake's own path."""
    body = None if arguments is None else json.dumps(arguments).encode()
    with urlopen(Request(f"{url}/_fake/{verb}", data=body), timeout=30) as answer:  # noqa: S310
        return json.load(answer)


def test_another_process_can_drive_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One URL in the environment serves a client; the path plans, advances, refuses and counts."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    client = boto3.client("sagemaker", region_name="us-west-2")
    driven(url, "plan", {"name": "a", "seconds": 30, "end": "Failed", "reason": "no"})
    driven(url, "refuse", {"operation": "CreateTrainingJob", "code": "ThrottlingException"})
    client.create_training_job(**example.training("a"))
    assert driven(url, "created?kind=TrainingJob") == {"created": {"a": 1}}
    assert driven(url, "running?kind=TrainingJob") == {"running": ["a"]}
    driven(url, "advance", {"seconds": 30})
    found = driven(url, "resources?kind=TrainingJob&region=us-west-2")["resources"]["a"]
    assert (found["TrainingJobStatus"], found["FailureReason"]) == ("Failed", "no")
    assert [call["outcome"] for call in driven(url, "calls")["calls"]] == [
        "ThrottlingException",  # which boto3 tried again of itself
        "ok",
    ]
    client.create_training_job(**example.training("b"))
    rest: dict[str, dict[str, Any]] = {
        "chaos": {"seed": 1, "share": 0},
        "relent": {},
        "run": {"speed": 10},
        "finish": {"kind": "TrainingJob", "name": "b"},
    }
    for verb, arguments in rest.items():
        assert "now" in driven(url, verb, arguments)


@pytest.mark.parametrize(
    ("verb", "arguments", "status", "words"),
    [
        ("nonsense", {}, 404, "there is no POST /_fake/nonsense"),
        ("advance", {"seconds": -1}, 400, "advance: seconds is -1"),
        ("plan", {"nam": "a"}, 400, "plan: "),
        ("finish", {"kind": "Toaster", "name": "a"}, 400, "finish: "),
        ("created", None, 400, "created: "),
    ],
)
def test_a_mistake_on_that_path_is_named(
    aws: Any, verb: str, arguments: dict[str, Any] | None, status: int, words: str
) -> None:
    """What does not exist is a 404, what makes no sense a 400, with a sentence."""
    with pytest.raises(HTTPError) as caught:
        driven(aws.url, verb, arguments)
    with caught.value as error:
        assert error.code == status
        assert json.load(error)["error"].startswith(words)
