# SPDX-License-Identifier: Apache-2.0
"""SIGTERM under load: no request is lost."""

from __future__ import annotations

import http.client
import json
import signal
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from tests.gateprocess import GateProcess

REVIEW = json.dumps(
    {
        "kind": "AdmissionReview",
        "apiVersion": "admission.k8s.io/v1",
        "request": {"uid": "drain", "operation": "CREATE", "object": {}},
    }
).encode()


@dataclass
class Client:
    """Sends reviews over a kept connection, as the API server does, to replicas that are ready.

    It learns of readiness late, as endpoints do: the list is looked at every 200 ms.
    """

    replicas: list[GateProcess]
    stop: threading.Event
    ready: list[GateProcess]
    answers: int = 0
    closes: int = 0
    failures: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Send until told to stop."""
        connection: http.client.HTTPSConnection | None = None
        while not self.stop.is_set():
            try:
                if connection is None:
                    connection = self.ready[0].connect(timeout=5)
                connection.request(
                    "POST", "/validate", REVIEW, {"Content-Type": "application/json"}
                )
                answer = connection.getresponse()
                body: dict[str, Any] = json.loads(answer.read())
                assert body["response"]["uid"] == "drain"
                self.answers += 1
                if answer.will_close:
                    self.closes += 1
                    connection.close()
                    connection = None
            except (OSError, http.client.HTTPException, AssertionError) as error:
                self.failures.append(repr(error))
                connection = None
            time.sleep(0.002)  # a steady load, not a flood
        if connection is not None:
            connection.close()


def watch(replicas: list[GateProcess], ready: list[GateProcess], stop: threading.Event) -> None:
    """Keep the list of ready replicas, 200 ms late."""
    while not stop.is_set():
        found = [replica for replica in replicas if _is_ready(replica)]
        if found:
            ready[:] = found
        time.sleep(0.2)  # as late as endpoints are


def _is_ready(replica: GateProcess) -> bool:
    try:
        return replica.get("/readyz")[0] == 200
    except OSError:
        return False


def test_a_drain_under_load_loses_no_request() -> None:
    """One of two replicas is told to stop: every request is answered, and it ends by itself."""
    with GateProcess("--drain", "2") as first, GateProcess("--drain", "2") as second:
        replicas, ready, stop = [first, second], [first], threading.Event()
        clients = [Client(replicas, stop, ready) for _ in range(4)]
        threads = [threading.Thread(target=client.run) for client in clients]
        for thread in threads:
            thread.start()
        time.sleep(0.5)  # load before the signal
        assert first.process is not None
        watcher = threading.Thread(target=watch, args=(replicas, ready, stop))
        first.process.send_signal(signal.SIGTERM)
        watcher.start()
        assert first.process.wait(20) == 0
        time.sleep(0.5)  # load after the end
        stop.set()
        for thread in [*threads, watcher]:
            thread.join(20)
    assert [failure for client in clients for failure in client.failures] == []
    assert all(client.closes for client in clients), "draining closes kept connections"
    assert sum(client.answers for client in clients) > 100


def test_draining_is_not_ready_and_still_serves() -> None:
    """Readiness goes first; a review is answered, and its connection closed."""
    with GateProcess("--drain", "3") as gate:
        assert gate.process is not None
        gate.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 2
        while gate.get("/readyz")[0] == 200:
            assert time.monotonic() < deadline
        assert json.loads(gate.get("/readyz")[1])["reasons"] == ["draining"]
        connection = gate.connect()
        connection.request("POST", "/validate", REVIEW, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.headers["Connection"] == "close"
        connection.close()
