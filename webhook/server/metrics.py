# SPDX-License-Identifier: Apache-2.0
"""Prometheus metrics of the gate. Labels are bounded: routes, our kinds, outcomes, rule IDs.

A registry per server, not the library's global one, so that tests and two servers in a process
do not add up. What every review counts is kept as plain numbers, which the library's own collector
interface reads when it is asked: its counters would cost a tenth of a whole review. All of it
happens on the one event loop, so nothing is locked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter as Tally
from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from webhook.admission import Decision, Outcome, Route

BUCKETS: Final = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 2.5, 5)
"""Seconds: a small review takes a fifth of a millisecond, the API server waits five seconds."""


class Reviews(Collector):
    """How many reviews were answered, how, and how quickly."""

    def __init__(self) -> None:
        """Outcomes start at zero, so that rates exist from the start."""
        self.answered: Tally[tuple[Route, str, Outcome]] = Tally()
        self.buckets = {route: [0] * (len(BUCKETS) + 1) for route in Route}
        self.seconds = dict.fromkeys(Route, 0.0)
        for route in Route:
            for outcome in Outcome:
                self.answered[route, "", outcome] = 0

    def observe(self, route: Route, decision: Decision, seconds: float) -> None:
        """Count one answer."""
        self.answered[route, decision.kind, decision.outcome] += 1
        self.buckets[route][bisect_left(BUCKETS, seconds)] += 1
        self.seconds[route] += seconds

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics, as the library asks for them."""
        answered = CounterMetricFamily(
            "kube_sagemaker_reviews", "Reviews answered", labels=["route", "kind", "outcome"]
        )
        for (route, kind, outcome), count in self.answered.items():
            answered.add_metric([route.value, kind, outcome.value], count)
        yield answered
        latency = HistogramMetricFamily(
            "kube_sagemaker_review_seconds",
            "Seconds from the request's headers to the answer",
            labels=["route"],
        )
        for route, counts in self.buckets.items():
            sums = [sum(counts[: place + 1]) for place in range(len(counts))]
            bounds = [*(str(float(bound)) for bound in BUCKETS), "+Inf"]
            cumulated = list(zip(bounds, map(float, sums), strict=True))
            latency.add_metric([route.value], buckets=cumulated, sum_value=self.seconds[route])
        yield latency


class Metrics:
    """The counters of one server."""

    def __init__(self) -> None:
        """Register everything."""
        self.registry = CollectorRegistry()
        self.in_flight = 0
        """Bytes of bodies held now; a plain number, since it changes twice a request."""
        self.reviews = Reviews()
        self.registry.register(self.reviews)
        self.findings = Counter(
            "kube_sagemaker_findings",
            "Findings by rule and what became of them",
            ["rule", "mode"],
            registry=self.registry,
        )
        self.undecodable = Counter(
            "kube_sagemaker_undecodable_requests",
            "Requests that were no AdmissionReview",
            ["route"],
            registry=self.registry,
        )
        bytes_in_flight = Gauge(
            "kube_sagemaker_bytes_in_flight",
            "Bytes of review bodies that are being read or judged",
            registry=self.registry,
        )
        bytes_in_flight.set_function(lambda: self.in_flight)
        for route in Route:
            self.undecodable.labels(route.value)

    def observe(self, route: Route, decision: Decision, seconds: float) -> None:
        """Count a decision."""
        self.reviews.observe(route, decision, seconds)
        for finding in decision.findings:
            self.findings.labels(finding.rule, finding.mode.value).inc()

    def render(self) -> bytes:
        """Return all metrics in the text format."""
        return generate_latest(self.registry)
