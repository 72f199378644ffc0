# SPDX-License-Identifier: Apache-2.0
"""Prometheus metrics of the gate. Labels are bounded: routes, our kinds, outcomes, rule IDs.

A registry per server, not the library's global one, so that tests and two servers in a process
do not add up. Children are looked up once: `labels()` costs more than a rule.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from webhook.admission import Decision, Outcome, Route

BUCKETS: Final = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 2.5, 5)
"""Seconds: a small review takes a fifth of a millisecond, the API server waits five seconds."""


class Metrics:
    """The counters of one server."""

    def __init__(self) -> None:
        """Register everything; outcomes start at zero, so that rates exist from the start."""
        self.registry = CollectorRegistry()
        self.in_flight = 0
        """Bytes of bodies held now; a plain number, since it changes twice a request."""
        self.reviews = Counter(
            "kube_sagemaker_reviews",
            "Reviews answered",
            ["route", "kind", "outcome"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "kube_sagemaker_review_seconds",
            "Seconds from the request's headers to the answer",
            ["route"],
            buckets=BUCKETS,
            registry=self.registry,
        )
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
        self.bytes_in_flight = Gauge(
            "kube_sagemaker_bytes_in_flight",
            "Bytes of review bodies that are being read or judged",
            registry=self.registry,
        )
        self.bytes_in_flight.set_function(lambda: self.in_flight)
        self._reviews: dict[tuple[Route, str, Outcome], Counter] = {}
        self._seconds = {route: self.seconds.labels(route.value) for route in Route}
        for route in Route:
            self.undecodable.labels(route.value)
            for outcome in Outcome:
                self.reviews.labels(route.value, "", outcome.value)

    def observe(self, route: Route, decision: Decision, seconds: float) -> None:
        """Count a decision."""
        key = (route, decision.kind, decision.outcome)
        child = self._reviews.get(key)
        if child is None:
            child = self._reviews[key] = self.reviews.labels(*(str(part) for part in key))
        child.inc()
        self._seconds[route].observe(seconds)
        for finding in decision.findings:
            self.findings.labels(finding.rule, finding.mode.value).inc()

    def render(self) -> bytes:
        """Return all metrics in the text format."""
        return generate_latest(self.registry)
