# SPDX-License-Identifier: Apache-2.0
"""Figures of a gate that has every kind in use, and of one under a flood."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.gateprocess import GateProcess
from tests.samples import FOLDER, samples
from tests.server.test_flood import REVIEWS, ask, padded
from tests.test_kinds import KINDS

ROUNDS = 50


def measure_kinds() -> dict[str, float]:
    """Return the memory after reviews of every kind, on both routes."""
    with GateProcess(policy=FOLDER / "policy.yaml") as gate:
        for _ in range(ROUNDS):
            for kind in KINDS:
                for body in samples(kind):
                    for route in ("mutate", "validate"):
                        gate.review(route, operation="CREATE", object=body)
        assert gate.process is not None
        pages = int(Path(f"/proc/{gate.process.pid}/statm").read_text().split()[1])
        return {"rss_all_kinds_mib": pages * os.sysconf("SC_PAGE_SIZE") / 2**20}


def measure_flood() -> dict[str, float]:
    """Return the slowest answer of /healthz, in ms, while 200 reviews of 2 MiB come at once."""
    slowest: list[float] = []
    barrier, is_over = threading.Barrier(REVIEWS), threading.Event()
    with GateProcess() as gate:
        connection = gate.connect()

        def watch() -> None:
            while not is_over.is_set():
                start = time.monotonic()
                connection.request("GET", "/healthz")
                connection.getresponse().read()
                slowest.append((time.monotonic() - start) * 1000)
                time.sleep(0.02)  # a probe now and then

        watcher = threading.Thread(target=watch)
        watcher.start()
        with ThreadPoolExecutor(REVIEWS) as pool:
            asked = [
                pool.submit(ask, gate, f"u{n}", padded(f"u{n}", is_good=n % 2 == 0), barrier)
                for n in range(REVIEWS)
            ]
            judged = sum(each.result(60)[0] in {200, 422} for each in asked)
        is_over.set()
        watcher.join()
        connection.close()
    return {"healthz_slowest_ms": max(slowest), "flood_judged": float(judged)}
