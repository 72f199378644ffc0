# SPDX-License-Identifier: Apache-2.0
"""Any bytes to either route: never a 5xx, never a wrong uid, 200 whenever there is a uid."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import uvloop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.reviews import HEAD, SAMPLE, UID, review
from tests.specimens.anything import json_values
from webhook.admission import Route
from webhook.server.hook import Hook
from webhook.server.log import configure_logs
from webhook.server.metrics import Metrics
from webhook.server.start import open_gate
from webhook.server.state import State


@pytest.fixture(scope="module")
def hooks() -> list[Hook]:
    """Both routes, called in process as uvicorn calls them."""
    configure_logs()
    state = State(started=True)
    gate = open_gate(None, None, in_cluster=False, refuses_early=True, state=state)
    pool = ThreadPoolExecutor(1)
    return [Hook(route, gate, Metrics(), state, pool) for route in Route]


def call(hook: Hook, body: bytes, query: bytes = b"timeout=5s") -> tuple[int, bytes]:
    """Call a hook with a body in one part; return status and answer."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": query,
        "headers": [(b"content-type", b"application/json")],
    }
    asyncio.run(hook(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


def check(hook: Hook, body: bytes) -> None:
    """Hold an answer against the body's own uid."""
    status, answer = call(hook, body)
    assert status in {200, 400}
    try:
        uid = json.loads(body)["request"]["uid"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return
    if status == 200:
        assert json.loads(answer)["response"]["uid"] == uid


bounded = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@bounded
@given(body=st.binary(max_size=300))
def test_any_bytes(hooks: list[Hook], body: bytes) -> None:
    """Arbitrary bytes are answered."""
    for hook in hooks:
        check(hook, body)


@bounded
@given(value=json_values)
def test_any_json_in_place_of_a_request(hooks: list[Hook], value: Any) -> None:
    """Arbitrary JSON as a review's request is answered."""
    body = json.dumps({**review(), "request": value}).encode()
    for hook in hooks:
        check(hook, body)


@bounded
@given(value=json_values, path=st.sampled_from(["object", "oldObject", "userInfo", "kind"]))
def test_any_json_in_place_of_a_part(hooks: list[Hook], value: Any, path: str) -> None:
    """Arbitrary JSON as a part of a request is answered with its uid."""
    for operation in ("CREATE", "UPDATE", "DELETE", "CONNECT"):
        request = {"operation": operation, "object": SAMPLE, "oldObject": SAMPLE, path: value}
        for hook in hooks:
            check(hook, json.dumps(review(**request)).encode())


@bounded
@given(value=json_values, data=st.data())
def test_any_json_anywhere_in_a_job(hooks: list[Hook], value: Any, data: st.DataObject) -> None:
    """A job with arbitrary JSON at an arbitrary place is judged, not stumbled over."""
    job = json.loads(json.dumps(SAMPLE))
    place = job
    while True:
        key: Any
        if isinstance(place, dict) and place:
            key = data.draw(st.sampled_from(sorted(place)))
        elif isinstance(place, list) and place:
            key = data.draw(st.integers(0, len(place) - 1))
        else:
            break
        if data.draw(st.booleans()) or not isinstance(place[key], dict | list):
            place[key] = value
            break
        place = place[key]
    body = json.dumps(review(object=job)).encode()
    for hook in hooks:
        status, answer = call(hook, body)
        if status == 200:
            response = json.loads(answer)["response"]
            assert response["uid"] == UID
            assert response.get("status", {}).get("code") != 500, response


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b'""', b"{}", b'{"request": null}', b'{"request": {}}',
        b'{"request": {"uid": 5, "operation": "CREATE"}}',
        b'{"request": {"uid": "", "operation": "CREATE"}}',
        json.dumps(review(uid="u" * 10_000)).encode(),
        b"\xef\xbb\xbf{}", b"\x00", b"\xff\xfe", b'{"a": "\\ud800"}',
    ],
)  # fmt: skip
def test_what_has_no_uid_is_a_400(hooks: list[Hook], body: bytes) -> None:
    """No uid is ever invented."""
    for hook in hooks:
        assert call(hook, body)[0] == 400


@pytest.mark.parametrize(
    "rest",
    [
        b"",
        b'"operation":"CREATE","object":{"a":NaN}}}',
        b'"operation":"CREATE","object":{"a":1e400}}}',
        b'"operation":"CREATE","object":{"a":"\\ud800"}}}',
        b'"operation":"CREATE","object":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
        b'"operation":5}}',
        b'"operation":"CREATE"}} trailing',
    ],
    ids=["cut off", "NaN", "1e400", "surrogate", "deep", "wrong type", "trailing"],
)
def test_what_cannot_be_decoded_is_refused_by_its_uid(hooks: list[Hook], rest: bytes) -> None:
    """The uid stands at the front, where the API server writes it: answered with 200 and a 400."""
    for hook in hooks:
        status, answer = call(hook, HEAD + rest)
        response = json.loads(answer)["response"]
        assert (status, response["uid"], response["allowed"]) == (200, "abc-1", False)
        assert response["status"]["code"] == 400


def test_another_version_is_refused_in_band(hooks: list[Hook]) -> None:
    """v1beta1 and later versions are answered, and refused."""
    for version in ("admission.k8s.io/v1beta1", "admission.k8s.io/v2"):
        status, answer = call(hooks[0], json.dumps({**review(), "apiVersion": version}).encode())
        assert (status, json.loads(answer)["response"]["allowed"]) == (200, False)


@pytest.mark.parametrize("depth", [500, 900])
def test_depth_that_can_be_decoded_is_judged(hooks: list[Hook], depth: int) -> None:
    """Nesting below an unknown key is a finding about that key."""
    deep: Any = {}
    for _ in range(depth):
        deep = {"a": deep}
    job = {**SAMPLE, "spec": {**SAMPLE["spec"], "unknown": deep}}
    status, answer = call(hooks[1], json.dumps(review(object=job)).encode())
    response = json.loads(answer)["response"]
    assert (status, response["allowed"]) == (200, False)
    if response["status"]["code"] == 422:
        assert "spec.unknown" in response["status"]["message"]


def test_duplicate_keys_are_judged_by_the_last(hooks: list[Hook]) -> None:
    """Every JSON reader of the field takes the last value; so does the verdict."""
    text = json.dumps(review(object=SAMPLE))
    text = text.replace('"instanceCount": 1', '"instanceCount": 1, "instanceCount": 0')
    answer = json.loads(call(hooks[1], text.encode())[1])["response"]
    assert "spec.resourceConfig.instanceCount: Invalid value: 0" in answer["status"]["message"]


@pytest.mark.parametrize("padding", [0, 400_000])
def test_a_review_past_its_deadline_is_a_504_in_band(hooks: list[Hook], padding: int) -> None:
    """No time left, on the event loop or in a worker: 200, the uid, code 504."""
    body = json.dumps(review(object={**SAMPLE, "pad": "x" * padding})).encode()
    status, answer = call(hooks[0], body, b"timeout=0s")
    response = json.loads(answer)["response"]
    assert (status, response["uid"], response["status"]["code"]) == (200, UID, 504)


def test_a_body_that_never_ends_is_always_a_504(hooks: list[Hook]) -> None:
    """However the two clocks of event loop and gate are rounded: never a 5xx of HTTP."""

    async def answer(milliseconds: int) -> Any:
        sent: list[Any] = []
        parts = iter([{"type": "http.request", "body": HEAD, "more_body": True}])

        async def receive() -> dict[str, Any]:
            for part in parts:
                return part
            return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "method": "POST",
            "query_string": b"timeout=%dms" % milliseconds,
            "headers": [(b"content-type", b"application/json")],
        }
        await hooks[0](scope, receive, send)
        assert sent[0]["status"] == 200
        return json.loads(sent[1]["body"])["response"]["status"]["code"]

    async def ask_all() -> list[Any]:
        return await asyncio.gather(*(answer(50 + number) for number in range(200)))

    assert uvloop.run(ask_all()) == [504] * 200
