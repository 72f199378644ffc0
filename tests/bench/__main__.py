# SPDX-License-Identifier: Apache-2.0
"""`make bench`: a table on standard output, the same figures flat in build/bench.json.

One core serves, the other loads. The routes take turns in every round, and a ratio is the no-op's
server CPU per request over the route's in the same round: neither a slow load tool nor a noisy
neighbour flatters it. Quoted are medians over the rounds.
"""

from __future__ import annotations

import http.client
import json
import os
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, Final

import yaml

from tests.bench.cli import measure_cli
from tests.bench.goals import GOALS
from tests.bench.kinds import measure_flood, measure_kinds
from tests.bench.load import NoToolError, burst, find_tools, latencies
from tests.bench.operators import measure_operators
from tests.controlplane.ports import free_ports
from tests.gateprocess import ROOT

ROUNDS: Final = 5
SECONDS: Final = 2
RATE: Final = 200
REVIEWS_BEFORE_RSS: Final = 10_000
STARTS: Final = 5
ROUTES: Final = ("validate", "mutate", "fastapi_noop", "asgi_noop")
SERVER_CORE, LOAD_CORE = 0, (os.cpu_count() or 1) - 1
SAMPLE: Final = ROOT / "manifests" / "samples" / "trainingjob-xgboost-mnist.yaml"
POLICY: Final = ROOT / "manifests" / "samples" / "policy.yaml"


class Served:
    """The server under measurement."""

    def __init__(self, folder: Path) -> None:
        """Start it on its core, and note how long it took until it was ready."""
        (self.port,) = free_ports(1)
        start = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own words
            [
                "taskset",
                "-c",
                str(SERVER_CORE),
                sys.executable,
                "-m",
                "tests.bench.server",
                str(self.port),
                str(folder),
                str(POLICY),
            ],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.context = ssl.create_default_context()
        self.context.check_hostname = False
        self.context.verify_mode = ssl.CERT_NONE
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > start + 60:
                raise RuntimeError("the server did not start")
            time.sleep(0.005)  # polling, bounded by the deadline above
        self.start_s = time.monotonic() - start

    def _is_ready(self) -> bool:
        try:
            return self.post("GET", "/readyz", None)[0] == 200
        except OSError:
            return False

    def post(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        """Ask once."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    @property
    def cpu_seconds(self) -> float:
        """User and system time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def rss_mib(self) -> float:
        """Resident memory now."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


def bodies(folder: Path) -> dict[str, Path]:
    """Write the review of each route: the MNIST job as it is sent, and as /validate sees it."""
    sent = yaml.safe_load(SAMPLE.read_text())
    filled = json.loads(json.dumps(sent))
    defaults = yaml.safe_load(POLICY.read_text())["spec"]["sections"][0]["defaults"]
    filled["spec"].update(region=defaults["Region"], roleArn=defaults["RoleArn"])
    found = {}
    for route in ROUTES:
        body = sent if route == "mutate" else filled
        path = folder / f"{route}.json"
        path.write_text(json.dumps(_review(body)))
        found[route] = path
    return found


def _review(body: dict[str, Any]) -> dict[str, Any]:
    kind = {"group": "sagemaker.aws.amazon.com", "version": "v1", "kind": "TrainingJob"}
    resource = {**kind, "resource": "trainingjobs"}
    del resource["kind"]
    body["metadata"] |= {"namespace": "default", "creationTimestamp": None}
    return {
        "kind": "AdmissionReview",
        "apiVersion": "admission.k8s.io/v1",
        "request": {
            "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
            "kind": kind,
            "resource": resource,
            "requestKind": kind,
            "requestResource": resource,
            "name": body["metadata"]["name"],
            "namespace": "default",
            "operation": "CREATE",
            "userInfo": {"username": "alice", "groups": ["developers", "system:authenticated"]},
            "object": body,
            "oldObject": None,
            "dryRun": False,
            "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"},
        },
    }


def measure(folder: Path) -> dict[str, float]:
    """Return all figures."""
    starts = []
    for _ in range(STARTS - 1):
        served = Served(folder)
        starts.append(served.start_s)
        served.stop()
    served = Served(folder)
    starts.append(served.start_s)
    try:
        reviews = bodies(folder)
        for route, path in reviews.items():
            answer = json.loads(served.post("POST", f"/{route}", path.read_bytes())[1])
            if answer["response"]["allowed"] is not True:
                raise RuntimeError(f"/{route} refuses the sample: {answer}")
        found = _rates(served, reviews)
        found |= _latency(served, reviews)
        found["start_s"] = median(starts)
        return found
    finally:
        served.stop()


def _rates(served: Served, reviews: dict[str, Path]) -> dict[str, float]:
    cpu: dict[str, list[float]] = {route: [] for route in ROUTES}
    rates: dict[str, list[float]] = {route: [] for route in ROUTES}
    done, rss = 0, 0.0
    for number in range(ROUNDS + 1):
        for route in ROUTES:
            before = served.cpu_seconds
            url = f"https://127.0.0.1:{served.port}/{route}"
            seen = burst(url, reviews[route], SECONDS, LOAD_CORE)
            if number:  # the first round warms up
                cpu[route].append((served.cpu_seconds - before) / seen.requests * 1e6)
                rates[route].append(seen.per_second)
            done += seen.requests if route in {"validate", "mutate"} else 0
            if done >= REVIEWS_BEFORE_RSS and not rss:
                rss = served.rss_mib
    found = {"rss_mib": rss}
    for route in ("validate", "mutate"):
        for other in ("fastapi_noop", "asgi_noop"):
            pairs = zip(cpu[other], cpu[route], strict=True)
            found[f"{route}_vs_{other}"] = median(noop / own for noop, own in pairs)
    for route in ROUTES:
        found[f"{route}_cpu_us"] = median(cpu[route])
        found[f"{route}_rps"] = median(rates[route])
    return found


def _latency(served: Served, reviews: dict[str, Path]) -> dict[str, float]:
    found = {}
    for route in ("validate", "mutate"):
        url = f"https://127.0.0.1:{served.port}/{route}"
        seen = latencies(url, reviews[route], rate=RATE, seconds=10, core=LOAD_CORE)
        found[f"{route}_p50_ms"] = seen[len(seen) // 2]
        found[f"{route}_p99_ms"] = seen[len(seen) * 99 // 100]
    return found


def show(found: dict[str, float]) -> None:
    """Print the table, with the goals that there are."""
    for name, value in sorted(found.items()):
        goal = GOALS.get(name)
        note = f"  goal {goal[0]} {goal[1]:g}" if goal else ""
        print(f"{name:28} {value:12.3f}{note}")


def main() -> int:
    """Measure, print, write; return the exit code."""
    try:
        find_tools()
    except NoToolError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        found = measure_cli(Path(folder)) | measure(Path(folder))
        found |= measure_kinds() | measure_flood()
    found |= measure_operators()
    show(found)
    target = ROOT / "build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    rounded = {name: round(value, 4) for name, value in sorted(found.items())}
    target.write_text(json.dumps(rounded, indent=2) + "\n")
    print(f"written: {target.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
