# SPDX-License-Identifier: Apache-2.0
"""Where calls are sent, and as whom."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from controller.aws import Aws
from controller.metrics import Metrics
from controller.step import AUTOSCALING, AwsCall
from tests.aws.access import ENVIRONMENT
from tests.aws.message import Reply, Request
from tests.aws.server import Server

MODELS = AwsCall("ListModels", {})
TARGETS = AwsCall("DescribeScalableTargets", {"ServiceNamespace": "sagemaker"}, AUTOSCALING)


class Place:
    """An address that notes what is sent to it."""

    def __init__(self) -> None:
        """It answers from the start."""
        self.sent: list[Request] = []
        self.server = Server(0, self._answer)
        self.server.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self.server.host}"

    def _answer(self, request: Request) -> Reply:
        self.sent.append(request)
        return Reply(200, b"{}", {})


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Place]]:
    """AWS's own address, the default of the environment, and an object's."""
    found = {name: Place() for name in ("aws", "default", "object")}
    for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": found["aws"].url}.items():
        monkeypatch.setenv(name, value)
    yield found
    for place in found.values():
        place.server.close()


@pytest.mark.parametrize(
    ("call", "has_default", "has_own", "expected"),
    [
        (MODELS, False, False, "aws"),
        (MODELS, True, False, "default"),
        (MODELS, False, True, "object"),
        (MODELS, True, True, "object"),
        (TARGETS, True, True, "aws"),
    ],
)
def test_where_a_call_goes(
    places: dict[str, Place],
    monkeypatch: pytest.MonkeyPatch,
    call: AwsCall,
    has_default: bool,
    has_own: bool,
    expected: str,
) -> None:
    """The object's endpoint, the environment's, AWS's own; autoscaling has none but AWS's own."""
    default = places["default"].url if has_default else ""  # as the installer has it
    monkeypatch.setenv("AWS_DEFAULT_SAGEMAKER_ENDPOINT", default)
    aws = Aws(Metrics())
    asyncio.run(aws.call(call, "us-west-2", places["object"].url if has_own else None))
    aws.close()
    assert [name for name, place in places.items() if place.sent] == [expected]
    (request,) = places[expected].sent
    assert "sagemaker-on-kubernetes" in request.headers["user-agent"]
    assert "/us-west-2/" in request.headers["authorization"]
