# SPDX-License-Identifier: Apache-2.0
"""What scripts and dashboards of the original's users are written against, word by word."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from controller.observed import Observed
from controller.subject import FINALIZER, SPAWN_FINALIZER
from tests.controller.row import DELETED, after, held
from tests.controller.sample import RESOURCE, sample
from tests.controller.test_status import CRDS
from tests.controller.world import KINDS, Body, World, kind_of

MADE = "Creation-Time .metadata.creationTimestamp"
COUNT = ".status.trainingJobStatusCounters"
COLUMNS = {
    "TrainingJob": [
        "Status .status.trainingJobStatus", "Secondary-Status .status.secondaryStatus", MADE,
        "Sagemaker-Job-Name .status.sageMakerTrainingJobName",
    ],
    "HyperparameterTuningJob": [
        "Status .status.hyperParameterTuningJobStatus", MADE, f"Completed {COUNT}.completed",
        f"InProgress {COUNT}.inProgress", f"Errors {COUNT}.totalError", f"Stopped {COUNT}.stopped",
        "Best-Training-Job .status.bestTrainingJob.trainingJobName",
        "Sagemaker-Job-Name .status.sageMakerHyperParameterTuningJobName",
    ],
    "BatchTransformJob": [
        "Status .status.transformJobStatus", MADE,
        "Sagemaker-Job-Name .status.sageMakerTransformJobName",
    ],
    "ProcessingJob": [
        "Status .status.processingJobStatus", MADE,
        "Sagemaker-Job-Name .status.sageMakerProcessingJobName",
    ],
    "Model": ["Status .status.status", "Sage-Maker-Model-Name .status.sageMakerModelName"],
    "EndpointConfig": [
        "Status .status.status",
        "Sage-Maker-EndpointConfig-Name .status.sageMakerEndpointConfigName",
    ],
    "HostingDeployment": [
        "Status .status.endpointStatus", "Sagemaker-endpoint-name .status.endpointName",
    ],
    "HostingAutoscalingPolicy": ["Status .status.hostingAutoscalingPolicyStatus", MADE],
}  # fmt: skip
"""Of `kubectl get`."""

FIELDS = {
    "TrainingJob": "trainingJobStatus secondaryStatus additional lastCheckTime cloudWatchLogUrl"
    " sageMakerTrainingJobName modelPath debugRuleEvaluationStatuses",
    "HyperparameterTuningJob": "hyperParameterTuningJobStatus additional lastCheckTime"
    " sageMakerHyperParameterTuningJobName bestTrainingJob trainingJobStatusCounters",
    "BatchTransformJob": "transformJobStatus additional lastCheckTime sageMakerTransformJobName",
    "ProcessingJob": "processingJobStatus additional lastCheckTime cloudWatchLogUrl"
    " sageMakerProcessingJobName",
    "Model": "status sageMakerModelName modelArn additional lastUpdateTime",
    "EndpointConfig": "status sageMakerEndpointConfigName endpointConfigArn additional"
    " lastUpdateTime",
    "HostingDeployment": "endpointName endpointConfigName endpointUrl endpointStatus endpointArn"
    " creationTime lastModifiedTime lastCheckTime failureReason additional productionVariants"
    " modelNames",
    "HostingAutoscalingPolicy": "hostingAutoscalingPolicyStatus policyName resourceIDList"
    " additional lastCheckTime",
}
"""Of the status."""

OURS = {"region", "requestedName", "sageMakerEndpoint", "observedGeneration", "conditions"}
"""Fields of the status beside them."""

LATER = {
    "TrainingJob": ("trainingJobStatus", "InProgress"),
    "HyperparameterTuningJob": ("hyperParameterTuningJobStatus", "InProgress"),
    "BatchTransformJob": ("transformJobStatus", "InProgress"),
    "ProcessingJob": ("processingJobStatus", "InProgress"),
    "Model": ("status", "Created"),
    "EndpointConfig": ("status", "Created"),
    "HostingDeployment": ("endpointStatus", "InService"),
    "HostingAutoscalingPolicy": ("hostingAutoscalingPolicyStatus", "Created"),
}
"""Field and word of what is made."""


def crd(kind: str) -> Any:
    """Return the spec of a kind's CRD."""
    plural = kind_of(kind).plural
    return yaml.safe_load((CRDS / f"sagemaker.aws.amazon.com_{plural}.yaml").read_text())["spec"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_kubectl_asks_for(kind: str) -> None:
    """Group, version, scope, columns and fields; a creation time is a time, not an age."""
    spec = crd(kind)
    (version,) = spec["versions"]
    assert (spec["group"], version["name"], spec["scope"]) == (
        "sagemaker.aws.amazon.com", "v1", "Namespaced",
    )  # fmt: skip
    columns = version["additionalPrinterColumns"]
    assert [f"{each['name']} {each['jsonPath']}" for each in columns] == COLUMNS[kind]
    assert {each["type"] for each in columns} <= {"string", "number"}
    whole = version["schema"]["openAPIV3Schema"]
    assert set(whole["properties"]["status"]["properties"]) - OURS == set(FIELDS[kind].split())
    is_required = kind in {"TrainingJob", "HostingAutoscalingPolicy"}
    assert whole.get("required", []) == (["spec"] if is_required else [])


def test_finalizers() -> None:
    """Which scripts patch away, and which objects of the original hold."""
    assert FINALIZER == "sagemaker-operator-finalizer"
    assert SPAWN_FINALIZER == "sagemaker-operator-hpo-trainingjob"


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_words(kind: str) -> None:
    """Before AWS has been asked, and once it is made."""
    key, last = LATER[kind]
    is_policy = kind == "HostingAutoscalingPolicy"
    first = "Reconciling" if is_policy else "SynchronizingK8sJobWithSageMaker"
    assert after(sample(kind)).status == {key: first}
    world = World()
    place = world.add(sample(kind))
    world.run()
    assert world.objects[place]["status"][key] == last


def test_what_is_being_deleted_says_so() -> None:
    """A deployment from the first moment."""
    step = after(
        held("HostingDeployment", {"endpointStatus": "InService"}, deletionTimestamp=DELETED)
    )
    assert (step.status or {})["endpointStatus"] == "Deleting"


LISTED: Body = {"DescribeScalableTargets 0": {}, f"DescribeScalingPolicies {RESOURCE}": {}}
GONE = Observed(is_known=True, listed=LISTED)


@pytest.mark.parametrize("kind", ["Model", "EndpointConfig", "HostingAutoscalingPolicy"])
def test_what_is_deleted_says_so(kind: str) -> None:
    """The last that a watch shows, when nothing is in AWS any more."""
    body = held(kind, {"resourceIDList": [RESOURCE]}, deletionTimestamp=DELETED)
    step = after(body, GONE)
    assert ((step.status or {})[LATER[kind][0]], step.releases) == ("Deleted", True)
