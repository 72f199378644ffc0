# SPDX-License-Identifier: Apache-2.0
"""An AWS of dictionaries: things that are made, change with time, and go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from controller.failure import AwsError
from controller.step import AwsCall

Thing = dict[str, Any]

JOBS = ("TrainingJob", "HyperParameterTuningJob", "TransformJob", "ProcessingJob")
ABSENT = {
    "TrainingJob": ("ValidationException", "Requested resource not found."),
    "HyperParameterTuningJob": ("ResourceNotFound", "Amazon SageMaker can't find a tuning job"),
    "TransformJob": ("ValidationException", "Could not find requested job with name: x"),
    "ProcessingJob": ("ValidationException", "Could not find requested job with name: x"),
    "Model": ("ValidationException", 'Could not find model "x".'),
    "EndpointConfig": ("ValidationException", 'Could not find endpoint configuration "x".'),
    "Endpoint": ("ValidationException", 'Could not find endpoint "x".'),
}
_AFTER = {"Stopping": "Stopped", "Creating": "InService", "Updating": "InService"}


@dataclass
class Cloud:
    """`things` by noun and name; `calls` that came; `faults` by operation, each taken once.

    `seconds` are the creates of a name that AWS has had already.
    """

    region: str = "us-west-2"
    things: dict[tuple[str, str], Thing] = field(default_factory=dict)
    calls: list[AwsCall] = field(default_factory=list)
    faults: dict[str, list[AwsError]] = field(default_factory=dict)
    seconds: list[str] = field(default_factory=list)
    had: Counter[str] = field(default_factory=Counter)
    fails_updates: bool = False
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def answer(self, call: AwsCall) -> Any:
        """Return what AWS answers."""
        self.calls.append(call)
        planned = self.faults.get(call.operation)
        if planned:
            return planned.pop(0)
        if call.operation in {"ListTags", "UpdateEndpoint"} or "Scal" in call.operation:
            found: Callable[[AwsCall], Any] = getattr(self, f"_{call.operation}")
            return found(call)
        if call.operation == "ListTrainingJobsForHyperParameterTuningJob":
            return {"TrainingJobSummaries": []}
        return self._sagemaker(call)

    def _sagemaker(self, call: AwsCall) -> Any:
        verbs = ("Create", "Describe", "Delete", "Stop")
        verb = next(verb for verb in verbs if call.operation.startswith(verb))
        noun = call.operation.removeprefix(verb)
        name = str(call.parameters[f"{noun}Name"])
        if verb == "Create":
            return self._create(noun, name, call)
        thing = self.things.get((noun, name))
        if thing is None:
            return AwsError(call.operation, *ABSENT[noun], 400)
        if verb == "Describe":
            return dict(thing)
        self._end(verb, noun, name, thing)
        return {}

    def count(self, verb: str) -> int:
        """Return how many calls began so."""
        return sum(call.operation.startswith(verb) for call in self.calls)

    def refuse(self, operation: str, code: str, message: str = "no", times: int = 1) -> None:
        """Refuse the next calls of an operation."""
        status = 400 if code else 0
        error = AwsError(operation, code, message, status)
        self.faults.setdefault(operation, []).extend([error] * times)

    def _create(self, noun: str, name: str, call: AwsCall) -> Any:
        if (noun, name) in self.things:
            self.seconds.append(name)
            text = f"Cannot create already existing {noun}"
            return AwsError(call.operation, "ValidationException", text, 400)
        self.had[f"{noun} {name}"] += 1
        if noun in JOBS and self.had[f"{noun} {name}"] > 1:
            self.seconds.append(name)
        arn = f"arn:aws:sagemaker:{self.region}:123456789012:{noun.lower()}/{name}"
        word = "InProgress" if noun in JOBS else "Creating"
        self.things[noun, name] = {
            **call.parameters, f"{noun}Arn": arn, f"{noun}Status": word,
            "CreationTime": self.now, "LastModifiedTime": self.now,
        }  # fmt: skip
        return {f"{noun}Arn": arn}

    def _end(self, verb: str, noun: str, name: str, thing: Thing) -> None:
        if verb == "Stop":
            thing[f"{noun}Status"] = "Stopping"
        elif noun == "Endpoint":
            thing["EndpointStatus"] = "Deleting"
        else:
            del self.things[noun, name]

    def tick(self) -> None:
        """Let everything that is under way come to its end."""
        self.now += timedelta(minutes=5)
        for (noun, name), thing in list(self.things.items()):
            word = thing.get(f"{noun}Status")
            if word == "Deleting":
                del self.things[noun, name]
            elif word in _AFTER and noun in {*JOBS, "Endpoint"}:
                thing[f"{noun}Status"] = _AFTER[word]
                thing["LastModifiedTime"] = self.now
                if word == "Updating" and not self.fails_updates:
                    thing["EndpointConfigName"] = thing.pop("next")

    def _ListTags(self, call: AwsCall) -> Any:  # noqa: N802 - AWS's name
        arn = call.parameters["ResourceArn"]
        for (noun, _), thing in self.things.items():
            if thing.get(f"{noun}Arn") == arn:
                return {"Tags": thing.get("Tags", [])}
        return AwsError("ListTags", "ResourceNotFound", "no such thing", 400)

    def _UpdateEndpoint(self, call: AwsCall) -> Any:  # noqa: N802 - AWS's name
        thing = self.things["Endpoint", call.parameters["EndpointName"]]
        self.now += timedelta(seconds=2)
        changed = {"next": call.parameters["EndpointConfigName"], "EndpointStatus": "Updating"}
        thing.update(changed, LastModifiedTime=self.now)
        return {"EndpointArn": thing["EndpointArn"]}

    def _RegisterScalableTarget(self, call: AwsCall) -> Any:  # noqa: N802 - AWS's name
        key = ("Target", call.parameters["ResourceId"])
        self.things[key] = {**self.things.get(key, {}), **call.parameters}
        return {}

    def _PutScalingPolicy(self, call: AwsCall) -> Any:  # noqa: N802 - AWS's name
        where, name = call.parameters["ResourceId"], call.parameters["PolicyName"]
        self.things["Policy", f"{where} {name}"] = dict(call.parameters)
        return {}

    def _DescribeScalableTargets(self, call: AwsCall) -> Any:  # noqa: N802 - AWS's name
        ids = call.parameters["ResourceIds"]
        return {
            "ScalableTargets": [
                t for (k, n), t in self.things.items() if k == "Target" and n in ids
            ]
        }

    def _DescribeScalingPolicies(self, call: AwsCall) -> Any:  # noqa: N802 - AWS's name
        where = call.parameters["ResourceId"]
        return {
            "ScalingPolicies": [
                t for (k, _), t in self.things.items() if k == "Policy" and t["ResourceId"] == where
            ]
        }

    def _DeleteScalingPolicy(self, call: AwsCall) -> Any:  # noqa: N802 - AWS's name
        key = ("Policy", f"{call.parameters['ResourceId']} {call.parameters['PolicyName']}")
        return self._remove(call, key)

    def _DeregisterScalableTarget(self, call: AwsCall) -> Any:  # noqa: N802 - AWS's name
        return self._remove(call, ("Target", call.parameters["ResourceId"]))

    def _remove(self, call: AwsCall, key: tuple[str, str]) -> Any:
        if self.things.pop(key, None) is None:
            return AwsError(call.operation, "ObjectNotFoundException", "no such thing", 400)
        return {}


def tags_of(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return a request's tags."""
    return {tag["Key"]: tag["Value"] for tag in parameters.get("Tags", [])}
