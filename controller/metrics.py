# SPDX-License-Identifier: Apache-2.0
"""What the operators say of themselves to Prometheus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

WAITS: Final = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
"""Seconds: an object waits for its turn behind those that were applied with it."""


class Metrics:
    """The metrics of one process."""

    def __init__(self) -> None:
        """Register them."""
        self.registry = CollectorRegistry()
        self.objects = Gauge(
            "kube_sagemaker_operators_objects",
            "Objects by kind and state.",
            ["kind", "state"],
            registry=self.registry,
        )
        self.aws_calls = Counter(
            "kube_sagemaker_operators_aws_calls",
            "AWS calls by operation and error code, none for no answer.",
            ["operation", "code"],
            registry=self.registry,
        )
        self.first_call = Histogram(
            "kube_sagemaker_operators_first_call_seconds",
            "From an object's creation to the first AWS call for it.",
            buckets=WAITS,
            registry=self.registry,
        )
        self.due = Gauge(
            "kube_sagemaker_operators_queue",
            "Objects that are due and wait for a worker.",
            registry=self.registry,
        )
        self.crashes = Counter(
            "kube_sagemaker_operators_crashes",
            "Faults of ours, by kind of the object that was looked at.",
            ["kind"],
            registry=self.registry,
        )
        self.leads = Gauge(
            "kube_sagemaker_operators_leads",
            "Whether this replica is the one that works.",
            registry=self.registry,
        )

    def show(self, states: Mapping[tuple[str, str], int], due: int) -> None:
        """Set what is counted when somebody asks: objects by kind and state, and those due."""
        self.objects.clear()
        for (kind, state), count in states.items():
            self.objects.labels(kind, state).set(count)
        self.due.set(due)
