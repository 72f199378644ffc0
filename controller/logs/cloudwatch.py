# SPDX-License-Identifier: Apache-2.0
"""CloudWatch Logs, asked with the user's own credentials."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from controller.logs.event import LogEvent
from controller.logs.follow import NotThere
from controller.logs.source import LogSource

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

PAGE: Final = 10_000
"""Events of one answer: AWS's own bound."""

ATTEMPTS: Final = 8
"""How often a call is made that is throttled: five a second are allowed to a whole account."""

RENEW: Final = "`aws sso login`, `aws login` or new keys"

EXPIRED: Final = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
INVALID: Final = {
    "InvalidClientTokenId", "InvalidSignatureException", "MissingAuthenticationTokenException",
    "SignatureDoesNotMatch", "UnrecognizedClientException",
}  # fmt: skip
DENIED: Final = {"AccessDenied", "AccessDeniedException"}
"""AWS's codes for what is wrong with who asks."""

ABSENT: Final = {"NoCredentialsError", "PartialCredentialsError"}
STALE: Final = {"CredentialRetrievalError", "LoginError", "SSOError", "TokenRetrievalError"}
"""botocore's errors before AWS is asked."""


class LogsError(Exception):
    """The log cannot be read: one line that says why and what to do."""


class LogGroup:
    """The events of a source, page by page."""

    def __init__(self, source: LogSource, page: int = PAGE) -> None:
        """`page` is how many events one answer has at most. Raises LogsError."""
        import boto3  # noqa: PLC0415 - a third of a second, for those who read a log
        from botocore.config import Config  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415

        self._source = source
        self._page = page
        config = Config(
            connect_timeout=10,
            retries={"mode": "standard", "max_attempts": ATTEMPTS},
            user_agent_extra="kube-sagemaker",
        )
        try:
            self.client: Any = boto3.client("logs", region_name=source.region, config=config)
        except BotoCoreError as error:
            raise LogsError(_words(error, source)) from None

    def pages(self, start: int | None) -> Iterator[list[LogEvent]]:
        """Yield the events since `start`, in milliseconds since 1970, an answer of AWS at a time.

        Raises NotThere and LogsError.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        asked = self._parameters(start)
        try:
            while True:
                answer = self.client.filter_log_events(**asked)
                yield [
                    LogEvent(each["timestamp"], each["logStreamName"], each["message"],
                             each["eventId"])
                    for each in answer.get("events", ())
                    if self._source.has(each["logStreamName"])
                ]  # fmt: skip
                if not answer.get("nextToken"):
                    return
                asked["nextToken"] = answer["nextToken"]
        except ClientError as error:
            raise _refusal(error, self._source) from None
        except BotoCoreError as error:
            raise LogsError(_words(error, self._source)) from None

    def _parameters(self, start: int | None) -> dict[str, Any]:
        source = self._source
        asked: dict[str, Any] = {
            "logGroupName": source.group,
            "limit": self._page,
            "interleaved": True,  # what AWS does since 2019; its stand-ins want to be told
        }
        if source.stream is not None:
            asked["logStreamNames"] = [source.stream]
        elif source.prefix:
            asked["logStreamNamePrefix"] = source.prefix
        return asked if start is None else {**asked, "startTime": start}


def _refusal(error: ClientError, source: LogSource) -> LogsError | NotThere:
    """Return what AWS's error means, in a line that has AWS's words where they help."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    words = " ".join(str(error.response.get("Error", {}).get("Message", "")).split()) or code
    if code == "ResourceNotFoundException":
        if source.stream is not None and "stream" in words:
            return NotThere(f'there is no log stream "{source.stream}" in {source.group} yet')
        return NotThere(
            f"there is no log group {source.group} in region {source.region} yet: "
            "it comes with the first line that is written"
        )
    if code in EXPIRED:
        return LogsError(f"the AWS credentials have expired: get new ones with {RENEW} ({words})")
    if code in INVALID:
        return LogsError(f"AWS does not take the credentials, is it the right profile? ({words})")
    if code in DENIED:
        return LogsError(
            f"the AWS credentials may not read {source.group} in region {source.region}, "
            f"logs:FilterLogEvents is needed ({words})"
        )
    return LogsError(f"CloudWatch Logs in region {source.region}: {code}: {words}")


def _words(error: Exception, source: LogSource) -> str:
    """Return what went wrong before AWS was asked, or on the way."""
    names = {kind.__name__ for kind in type(error).__mro__}  # not every botocore has all of them
    if names & ABSENT:
        return f"there are no AWS credentials: set AWS_PROFILE, or get some with {RENEW} ({error})"
    if names & STALE:
        return f"the AWS credentials cannot be had: renew them with {RENEW} ({error})"
    return f"CloudWatch Logs in region {source.region}: {error}"
