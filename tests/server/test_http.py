# SPDX-License-Identifier: Apache-2.0
"""The server over real sockets: sizes, slow and odd clients, metrics, logs, the page."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import time
from collections.abc import Iterator

import pytest

from tests.gateprocess import GateProcess
from tests.server.reviews import HEAD, SAMPLE, UID, review
from webhook.server.intake import LARGEST_BODY


@pytest.fixture(scope="module")
def gate() -> Iterator[GateProcess]:
    """A gate without a policy."""
    with GateProcess() as running:
        yield running


def test_a_body_that_is_too_large_is_refused_in_band(gate: GateProcess) -> None:
    """Above 7 MiB: 200, the recovered uid, code 413: padding does not slip past the policy."""
    body = json.dumps(review(object={"pad": "x" * (LARGEST_BODY + 1000)})).encode()
    for path in ("/validate", "/mutate"):
        status, answer = gate.post(path, body)
        response = json.loads(answer)["response"]
        assert (status, response["uid"]) == (200, UID)
        assert (response["allowed"], response["status"]["code"]) == (False, 413)


@pytest.mark.parametrize("size", [300_000, 1_000_000, 3_000_000, 6_500_000])
def test_a_large_body_is_judged(gate: GateProcess, size: int) -> None:
    """Up to 7 MiB a review is judged, however it is padded."""
    job = {**SAMPLE, "metadata": {"name": "big", "annotations": {"pad": "x" * size}}}
    answer = gate.review("validate", operation="CREATE", object=job)
    assert answer["allowed"] is False
    assert "spec.roleArn: Required value" in answer["status"]["message"]


def test_a_padded_list_costs_no_more_than_its_bound(gate: GateProcess) -> None:
    """120,000 wrong items are one finding, quickly."""
    spec = {**SAMPLE["spec"], "inputDataConfig": [{"x": 1}] * 120_000}
    answer = gate.review("validate", operation="CREATE", object={**SAMPLE, "spec": spec})
    message = answer["status"]["message"]
    assert "spec.inputDataConfig: Too many: may have 20 entries, has 120000" in message
    assert len(message) < 20_000


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/validate", 405), ("PUT", "/mutate", 405), ("POST", "/nowhere", 404)],
)
def test_wrong_methods_and_paths(gate: GateProcess, method: str, path: str, status: int) -> None:
    """405 and 404, as anywhere."""
    connection = gate.connect()
    connection.request(method, path, b"{}")
    assert connection.getresponse().status == status
    connection.close()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("text/plain", 200),
        ("application/vnd.kubernetes.protobuf", 200),
    ],
)
def test_content_types(gate: GateProcess, content: str, status: int) -> None:
    """JSON is taken with or without a charset; anything else is refused, by its uid."""
    body = json.dumps(review(object={})).encode()
    answer = gate.post("/validate", body, {"Content-Type": content})
    assert answer[0] == status
    assert json.loads(answer[1])["response"]["allowed"] is content.startswith("application/json")


def raw(gate: GateProcess) -> ssl.SSLSocket:
    """Open a bare connection."""
    plain = socket.create_connection(("127.0.0.1", gate.port), timeout=20)
    return gate.context.wrap_socket(plain, server_hostname="127.0.0.1")


def test_a_body_that_comes_slowly_is_given_up_in_time(gate: GateProcess) -> None:
    """One byte at a time: answered before the caller's time-out, others are served meanwhile."""
    with raw(gate) as slow:
        slow.sendall(
            b"POST /validate?timeout=2s HTTP/1.1\r\nHost: gate\r\n"
            b"Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n" + HEAD
        )
        start = time.monotonic()
        assert gate.review("validate", operation="CREATE", object={})["allowed"]
        answer = b""
        while part := slow.recv(65536):
            answer += part
        assert time.monotonic() - start < 10
    body = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert body["response"]["uid"] == "abc-1"
    assert body["response"]["status"]["code"] == 504


def test_a_chunked_body_is_read(gate: GateProcess) -> None:
    """No Content-Length is needed."""
    body = json.dumps(review(object={})).encode()
    connection = gate.connect()
    connection.request(
        "POST", "/validate", iter([body[:50], body[50:]]),
        {"Content-Type": "application/json"}, encode_chunked=True,
    )  # fmt: skip
    assert json.loads(connection.getresponse().read())["response"]["allowed"] is True
    connection.close()


def test_a_caller_that_leaves_harms_nobody(gate: GateProcess) -> None:
    """Half a body, then gone: the next review is answered."""
    for _ in range(20):
        with raw(gate) as gone:
            gone.sendall(
                b"POST /validate HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n"
                b"Content-Length: 5000\r\n\r\n" + HEAD
            )
    assert gate.review("validate", operation="CREATE", object={})["allowed"]


def test_connections_are_kept_longer_than_the_api_server_does(gate: GateProcess) -> None:
    """A connection that has been idle for six seconds, above uvicorn's own five, still serves."""
    connection = gate.connect()
    for pause in (0, 6):
        time.sleep(pause)  # the point of the test
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b"ok"
    connection.close()


def test_http_pipelining_keeps_answers_apart(gate: GateProcess) -> None:
    """Two requests in one packet get two answers, in order."""
    request = b""
    for uid in ("first", "second"):
        body = json.dumps(review(uid=uid, object={})).encode()
        request += (
            b"POST /validate HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body)
        ) + body
    with raw(gate) as connection:
        connection.sendall(request)
        seen = b""
        while seen.count(b'"uid"') < 2:
            seen += connection.recv(65536)
    assert seen.index(b"first") < seen.index(b"second")


def test_the_page_needs_no_internet(gate: GateProcess) -> None:
    """The OpenAPI page takes everything from the gate itself, and describes the hot routes."""
    page = gate.get("/docs")[1].decode()
    assert "http" not in page.replace("https://127", "").split("<body>")[0].replace(
        "http-equiv", ""
    )
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert gate.get(f"/static-offline-docs/{asset}")[0] == 200
    paths = json.loads(gate.get("/openapi.json")[1])["paths"]
    assert {"/validate", "/mutate", "/healthz", "/readyz", "/metrics"} <= set(paths)


def test_metrics_count_by_route_kind_and_outcome(gate: GateProcess) -> None:
    """A denial raises its counter, and the rule's; latency has a histogram."""
    gate.review("validate", operation="CREATE", object={**SAMPLE, "spec": {}})
    text = gate.get("/metrics")[1].decode()
    counter = 'kube_sagemaker_reviews_total{kind="TrainingJob",outcome="denied",route="validate"}'
    assert counter in text
    assert 'kube_sagemaker_findings_total{mode="deny",rule="SM103"}' in text
    assert 'kube_sagemaker_review_seconds_bucket{le="0.001",route="validate"}' in text


def test_a_denial_is_one_json_line_without_values(gate: GateProcess) -> None:
    """It names rules and fields; what people put into variables stays out of logs."""
    secret = "hunter2-" + "x" * 20
    spec = {**SAMPLE["spec"], "roleArn": secret}
    gate.review("validate", uid="log-line-uid", operation="CREATE", object={**SAMPLE, "spec": spec})
    deadline = time.monotonic() + 5
    while not (lines := [x for x in gate.lines if "log-line-uid" in x]):
        assert time.monotonic() < deadline
        time.sleep(0.01)  # polling, bounded by the deadline
    assert len(lines) == 1
    line = json.loads(lines[0])
    assert line["event"] == "denied"
    assert "spec.roleArn" in line["fields"]
    assert secret not in lines[0]


def test_idle_connections_keep_nobody_out(gate: GateProcess) -> None:
    """Two hundred open connections that say nothing, and one that asks."""
    idle = [socket.create_connection(("127.0.0.1", gate.port)) for _ in range(200)]
    try:
        assert gate.review("validate", operation="CREATE", object={})["allowed"]
    finally:
        for connection in idle:
            connection.close()


def test_fifty_megabytes_are_not_read(gate: GateProcess) -> None:
    """The answer comes after the first few kilobytes, by the uid in them."""
    with raw(gate) as connection:
        connection.sendall(
            b"POST /validate HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n"
            b"Content-Length: 52428800\r\n\r\n" + HEAD
        )
        try:
            for _ in range(50 * 16):
                connection.sendall(b" " * 65536)
        except OSError:
            pass  # the gate has closed, which is the point
        seen = b""
        try:
            while part := connection.recv(65536):
                seen += part
        except OSError:
            assert seen, "closed without an answer"
    assert b'"uid":"abc-1"' in seen
    assert b'"code":413' in seen


def test_a_compressed_body_is_no_review(gate: GateProcess) -> None:
    """Nobody sends one; it is refused as the bytes that it is."""
    body = gzip.compress(json.dumps(review(object={})).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert gate.post("/validate", body, headers)[0] == 400


def test_expect_continue_is_served(gate: GateProcess) -> None:
    """A client that asks before it sends is told to go on."""
    body = json.dumps(review(object={})).encode()
    with raw(gate) as connection:
        connection.sendall(
            b"POST /validate HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n"
            b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body)
        )
        assert b"100 Continue" in connection.recv(1024)
        connection.sendall(body)
        seen = b""
        while b'"allowed":true' not in seen:
            part = connection.recv(65536)
            assert part, seen
            seen += part
