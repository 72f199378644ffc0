# SPDX-License-Identifier: Apache-2.0
"""A trial: one training job of a tuning job, its request and what it measured."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from tests.aws.registry import Resource

_COPIED = (
    *("RoleArn", "InputDataConfig", "OutputDataConfig", "ResourceConfig", "StoppingCondition"),
    *("VpcConfig", "EnableNetworkIsolation", "EnableInterContainerTrafficEncryption"),
    *("EnableManagedSpotTraining", "CheckpointConfig", "RetryStrategy", "Environment"),
)


def training_request(
    tuning: Resource, definition: Mapping[str, Any], name: str, number: int
) -> dict[str, Any]:
    """Return the request that AWS makes for itself; members with a `_` are notes of ours."""
    config = tuning.request["HyperParameterTuningJobConfig"]
    ranges = definition.get("HyperParameterRanges") or config.get("ParameterRanges") or {}
    tuned = dict(_values(ranges, number))
    parameters = {**definition.get("StaticHyperParameters", {}), **tuned}
    target = definition.get("TuningObjective") or config.get("HyperParameterTuningJobObjective")
    if target:
        parameters["_tuning_objective_metric"] = target["MetricName"]
    request = {
        "TrainingJobName": name,
        "HyperParameters": parameters,
        "AlgorithmSpecification": definition["AlgorithmSpecification"],
        **{key: definition[key] for key in _COPIED if key in definition},
        "_tuned": tuned,
        "_definition": definition.get("DefinitionName", ""),
        "_objective": target,
    }
    if "ResourceConfig" not in request:
        request["ResourceConfig"] = _resources(definition["HyperParameterTuningResourceConfig"])
    return request


def objective(trial: Resource, now: float) -> dict[str, Any] | None:
    """Return what a completed trial measured: between 0 and 1, the same for the same name."""
    target = trial.request["_objective"]
    if target is None or trial.timeline.at(now).status != "Completed":
        return None
    digest = hashlib.sha256(trial.name.encode()).digest()
    value = int.from_bytes(digest[:4], "big") / 2**32
    return {"Type": target["Type"], "MetricName": target["MetricName"], "Value": round(value, 6)}


def _values(ranges: Mapping[str, Any], number: int) -> Iterator[tuple[str, str]]:
    """Yield a value within each range; they go round as trials go on."""
    share = (number * 37 % 101) / 101
    for each in ranges.get("IntegerParameterRanges", ()):
        low, high = float(each["MinValue"]), float(each["MaxValue"])
        yield each["Name"], str(round(low + (high - low) * share))
    for each in ranges.get("ContinuousParameterRanges", ()):
        low, high = float(each["MinValue"]), float(each["MaxValue"])
        yield each["Name"], str(low + (high - low) * share)
    for each in ranges.get("CategoricalParameterRanges", ()):
        yield each["Name"], f'"{each["Values"][number % len(each["Values"])]}"'


def _resources(config: Mapping[str, Any]) -> dict[str, Any]:
    chosen = config["InstanceConfigs"][0] if config.get("InstanceConfigs") else config
    kept = ("InstanceType", "InstanceCount", "VolumeSizeInGB", "VolumeKmsKeyId")
    return {key: {**config, **chosen}[key] for key in kept if key in {**config, **chosen}}
