# SPDX-License-Identifier: Apache-2.0
"""Two hundred reviews of 2 MiB at once, good and bad, and callers that only pretend to send."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.gateprocess import ROOT, GateProcess
from tests.server.reviews import SAMPLE, review

REVIEWS = 200
SIZE = 2 * 1024 * 1024
TIMEOUT = 5.0
MEMORY_MIB = 512
"""The bound that docs/limits.md states, and manifests/base/deployment.yaml leaves room above."""


@pytest.fixture(scope="module")
def gate() -> Iterator[GateProcess]:
    """A gate without a policy."""
    with GateProcess() as running:
        yield running


def padded(uid: str, *, is_good: bool) -> bytes:
    """Return a review of 2 MiB: a good job with a long annotation, or one with much nonsense."""
    job = json.loads(json.dumps(SAMPLE))
    job["spec"] |= {"region": "us-west-2", "roleArn": "arn:aws:iam::123456789012:role/x"}
    if is_good:
        job["metadata"]["annotations"] = {"note": "x" * SIZE}
    else:
        job["spec"]["hyperParameters"] = [{"name": f"n{n}", "value": n} for n in range(SIZE // 28)]
    kind = {"group": "sagemaker.aws.amazon.com", "version": "v1", "kind": "TrainingJob"}
    return json.dumps(review(uid=uid, kind=kind, object=job)).encode()


def ask(gate: GateProcess, uid: str, body: bytes, barrier: threading.Barrier) -> tuple[int, float]:
    """Send a review as the API server would; return the code of the answer, and its seconds."""
    connection = gate.connect(timeout=30)
    connection.connect()
    barrier.wait(60)
    start = time.monotonic()
    headers = {"Content-Type": "application/json"}
    connection.request("POST", f"/validate?timeout={TIMEOUT:g}s", body, headers)
    answer = connection.getresponse()
    response = json.loads(answer.read())["response"]
    took = time.monotonic() - start
    connection.close()
    assert (answer.status, response["uid"]) == (200, uid)
    return 200 if response["allowed"] else response["status"]["code"], took


def peak_mib(gate: GateProcess) -> float:
    """Return the most memory that the gate ever held, in MiB."""
    assert gate.process is not None
    status = Path(f"/proc/{gate.process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def test_two_hundred_large_reviews_at_once(gate: GateProcess) -> None:
    """Each gets 200 and its own uid, by a verdict, a 429 or a 504, while /healthz answers."""
    bodies = {f"uid-{n}": padded(f"uid-{n}", is_good=n % 2 == 0) for n in range(REVIEWS)}
    barrier = threading.Barrier(REVIEWS)
    is_over = threading.Event()
    healthy: list[int] = []

    def watch() -> None:
        while not is_over.is_set():
            healthy.append(gate.get("/healthz")[0])
            time.sleep(0.05)  # a probe now and then

    watcher = threading.Thread(target=watch)
    watcher.start()
    with ThreadPoolExecutor(REVIEWS) as pool:
        asked = [pool.submit(ask, gate, uid, body, barrier) for uid, body in bodies.items()]
        answers = [each.result(60) for each in asked]
    is_over.set()
    watcher.join()
    codes = {code for code, _ in answers}
    assert codes <= {200, 422, 429, 504}, codes
    assert codes & {200, 422}, "some are judged"
    for number, (code, _) in enumerate(answers):
        assert code != (422 if number % 2 == 0 else 200), "a verdict is the right one"
    assert healthy
    assert set(healthy) == {200}
    assert max(took for _, took in answers) < TIMEOUT, "before the caller stops waiting"
    assert peak_mib(gate) < MEMORY_MIB
    assert f"under {MEMORY_MIB} MiB" in (ROOT / "docs" / "limits.md").read_text()
    with_room = json.loads(gate.post("/validate?timeout=5s", padded("late", is_good=True))[1])
    assert with_room["response"]["allowed"], "and afterwards there is room again"


def test_callers_that_only_pretend_take_no_room(gate: GateProcess) -> None:
    """Fifty that state 7 MiB and send nothing, fifty that send chunks of nothing: others pass."""
    idle = []
    try:
        for number in range(100):
            raw = socket.create_connection(("127.0.0.1", gate.port), timeout=10)
            wrapped = gate.context.wrap_socket(raw, server_hostname="127.0.0.1")
            idle.append(wrapped)
            how = b"Content-Length: 7000000" if number % 2 else b"Transfer-Encoding: chunked"
            wrapped.sendall(
                b"POST /validate?timeout=10s HTTP/1.1\r\nHost: x\r\n"
                b"Content-Type: application/json\r\n" + how + b"\r\n\r\n"
            )
        good = json.loads(gate.post("/validate?timeout=5s", padded("u", is_good=True))[1])
        assert good["response"]["allowed"] is True
        small = gate.review("validate", operation="CREATE", object=SAMPLE)
        assert small["status"]["code"] == 422, "the sample lacks region and role: judged as ever"
    finally:
        for each in idle:
            each.close()
