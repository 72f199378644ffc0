# SPDX-License-Identifier: Apache-2.0
"""What is shown to Prometheus is what there is, and no more what there was."""

from __future__ import annotations

from prometheus_client import generate_latest

from controller.metrics import Metrics

OBJECTS = 'kube_sagemaker_operators_objects{kind="TrainingJob",state="'


def test_objects_and_queue_are_counted_anew() -> None:
    """A state that nothing is in any more is not shown; the queue is what waits."""
    metrics = Metrics()
    metrics.show({("TrainingJob", "InProgress"): 2, ("TrainingJob", "Failed"): 1}, 3)
    text = generate_latest(metrics.registry).decode()
    assert f'{OBJECTS}InProgress"}} 2.0' in text
    assert "kube_sagemaker_operators_queue 3.0" in text
    metrics.show({("TrainingJob", "Completed"): 3}, 0)
    text = generate_latest(metrics.registry).decode()
    assert f'{OBJECTS}Completed"}} 3.0' in text
    assert 'state="InProgress"' not in text
    assert "kube_sagemaker_operators_queue 0.0" in text


def test_long_waits_are_told_apart() -> None:
    """Minutes behind ten thousand others, not only the seconds of one that is alone."""
    metrics = Metrics()
    metrics.first_call.observe(200)
    text = generate_latest(metrics.registry).decode()
    for bound, count in (("120.0", "0.0"), ("300.0", "1.0")):
        assert f'first_call_seconds_bucket{{le="{bound}"}} {count}' in text
