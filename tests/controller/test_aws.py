# SPDX-License-Identifier: Apache-2.0
"""The door to AWS: what is wrong with our credentials is no fault of the call."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from controller.aws import Aws
from controller.failure import AwsError, Meaning, meaning
from controller.metrics import Metrics
from controller.step import AwsCall

REFUSAL = b"""<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>
<Type>Sender</Type><Code>InvalidIdentityToken</Code>
<Message>No OpenIDConnect provider found in your account</Message>
</Error><RequestId>1</RequestId></ErrorResponse>"""
CALL = AwsCall("DescribeTrainingJob", {"TrainingJobName": "x"})


class Refuses(BaseHTTPRequestHandler):
    """An STS that knows no such identity provider."""

    def do_POST(self) -> None:
        """Answer as STS does: with a 400."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(400)
        self.send_header("Content-Length", str(len(REFUSAL)))
        self.end_headers()
        self.wfile.write(REFUSAL)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def sts() -> Iterator[str]:
    """Return the address of an STS that refuses."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Refuses)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def role(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sts: str) -> Path:
    """Set a service account's role; return where its token is to be."""
    token = tmp_path / "token"
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", str(token))
    monkeypatch.setenv("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/operators")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sts)
    return token


def ask() -> AwsError:
    """Make a call that cannot be signed; return what came of it."""
    aws = Aws(Metrics())
    answer = asyncio.run(aws.call(CALL, "us-west-2", None))
    aws.close()
    assert isinstance(answer, AwsError)
    return answer


@pytest.mark.parametrize(
    ("token", "says"),
    [("a-token", "No OpenIDConnect provider"), ("x", "WebIdentityToken"), (None, "No such file")],
)
def test_a_role_that_cannot_be_assumed_is_no_bad_request(
    role: Path, token: str | None, says: str
) -> None:
    """Somebody has to set it right, and then all goes on: no object ends for it."""
    if token is not None:
        role.write_text(token)
    error = ask()
    assert (error.code, meaning(error)) == ("CredentialsError", Meaning.BLOCKED)
    assert says in error.message


def test_an_sts_that_cannot_be_reached_is_silence(
    role: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the service itself gives no answer."""
    role.write_text("a-token")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    assert meaning(ask()) is Meaning.LATER
