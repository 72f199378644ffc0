# SPDX-License-Identifier: Apache-2.0
"""Each of the eight kinds from apply to its final state, described, changed and deleted."""

from __future__ import annotations

import pytest

from controller.subject import FINALIZER, UID_TAG
from tests.operators.field import Field
from tests.operators.objects import BASE_ENDPOINT, sample
from webhook.iam import LISTS, SAGEMAKER, SCALING

JOBS = {
    "TrainingJob": ("TrainingJob", "trainingJobStatus", "sageMakerTrainingJobName"),
    "BatchTransformJob": ("TransformJob", "transformJobStatus", "sageMakerTransformJobName"),
    "ProcessingJob": ("ProcessingJob", "processingJobStatus", "sageMakerProcessingJobName"),
    "HyperparameterTuningJob": (
        "HyperParameterTuningJob",
        "hyperParameterTuningJobStatus",
        "sageMakerHyperParameterTuningJobName",
    ),
}


@pytest.mark.parametrize("kind", JOBS)
def test_a_job_runs_to_its_end(work: Field, kind: str) -> None:
    """Created once and followed; an edit is ignored and says so; deletion leaves a record."""
    noun, status_key, name_key = JOBS[kind]
    name = f"run-{kind.lower()}"
    work.apply(sample(kind, name))
    status = work.until_status(kind, name, **{status_key: "InProgress"})
    body = work.get(kind, name)
    aws_name = status[name_key]
    assert body["metadata"]["finalizers"] == [FINALIZER]
    assert body["metadata"]["uid"].replace("-", "") in aws_name
    assert work.aws.tags(noun, aws_name)[UID_TAG] == body["metadata"]["uid"]
    assert work.condition(kind, name, "Synced")["status"] == "True"
    work.kubectl("annotate", work.name(kind, name), "example.com/note=x")
    work.kubectl("patch", work.name(kind, name), "--type=merge", "-p", '{"spec": {"tags": []}}')
    work.until(
        lambda: work.condition(kind, name, "Synced").get("reason") == "EditIgnored",
        "the edit is said to be ignored",
    )
    work.aws.advance(300)
    work.until_status(kind, name, **{status_key: "Completed"})
    assert work.condition(kind, name, "Ready")["status"] == "True"
    assert ("Completed", f"{aws_name}: Completed") in work.events(name)
    assert work.aws.created(noun)[aws_name] == 1
    listed = work.kubectl("get", work.name(kind, name))
    assert "STATUS" in listed
    assert "Completed" in listed
    assert aws_name in listed
    described = work.kubectl("describe", work.name(kind, name))
    assert "Completed" in described
    work.delete(kind, name)
    work.until_gone(kind, name)
    assert aws_name in work.aws.resources(noun), "SageMaker's record stays"


@pytest.mark.parametrize("kind", JOBS)
def test_a_job_that_is_deleted_is_stopped(work: Field, kind: str) -> None:
    """The object stays until SageMaker says that it has stopped."""
    noun, status_key, name_key = JOBS[kind]
    name = f"stop-{kind.lower()}"
    work.apply(sample(kind, name))
    status = work.until_status(kind, name, **{status_key: "InProgress"})
    work.delete(kind, name)
    work.until(
        lambda: work.is_gone(kind, name) or work.status(kind, name)[status_key] == "Stopping",
        "the job is being stopped",
    )
    work.aws.advance(120)
    work.until_gone(kind, name)
    found = work.aws.resources(noun)[status[name_key]]
    assert found[f"{noun}Status"] == "Stopped"


def test_a_training_job_s_status_is_the_original_s(work: Field) -> None:
    """Links, names and paths as its users knew them; the path is right without a closing slash."""
    body = sample("TrainingJob", "fields")
    body["spec"]["outputDataConfig"]["s3OutputPath"] = "s3://bucket/models"
    work.apply(body)
    status = work.until_status("TrainingJob", "fields", trainingJobStatus="InProgress")
    name = status["sageMakerTrainingJobName"]
    assert work.get("TrainingJob", "fields")["spec"]["trainingJobName"] == name
    work.aws.advance(300)
    status = work.until_status("TrainingJob", "fields", trainingJobStatus="Completed")
    assert status["modelPath"] == f"s3://bucket/models/{name}/output/model.tar.gz"
    assert status["secondaryStatus"] == "Completed"
    assert "additional" not in status, "what is empty is left out"
    assert status["cloudWatchLogUrl"] == (
        "https://us-west-2.console.aws.amazon.com/cloudwatch/home?region=us-west-2#logStream:"
        f"group=/aws/sagemaker/TrainingJobs;prefix={name};streamFilter=typeLogStreamPrefix"
    )


def test_a_failed_job_says_why(work: Field) -> None:
    """In `additional`, in a condition, and as an event."""
    work.aws.plan(
        "fails-*", kind="TrainingJob", seconds=30, end="Failed", reason="AlgorithmError: x"
    )
    work.apply(sample("TrainingJob", "fails"))
    work.until_status("TrainingJob", "fails", trainingJobStatus="InProgress")
    work.aws.advance(300)
    status = work.until_status("TrainingJob", "fails", trainingJobStatus="Failed")
    assert status["additional"] == "AlgorithmError: x"
    failed = work.condition("TrainingJob", "fails", "Failed")
    assert (failed["status"], failed["message"]) == ("True", "AlgorithmError: x")
    assert any("AlgorithmError" in text for _, text in work.events("fails"))


def test_a_tuning_job_shows_its_training_jobs(work: Field) -> None:
    """As objects that it owns; they go with it; the best of them is in its status."""
    work.apply(sample("HyperparameterTuningJob", "tune"))
    status = work.until_status(
        "HyperparameterTuningJob", "tune", hyperParameterTuningJobStatus="InProgress"
    )
    stem = status["sageMakerHyperParameterTuningJobName"]
    assert len(stem) == 32

    def spawned() -> list[str]:
        names = work.kubectl("get", "trainingjobs.sagemaker.aws.amazon.com", "-o", "name").split()
        return [each.partition("/")[2] for each in names if f"/{stem}" in each]

    work.until(lambda: len(spawned()) == 2, "both training jobs are shown")
    work.aws.advance(600)
    work.until_status("HyperparameterTuningJob", "tune", hyperParameterTuningJobStatus="Completed")
    for name in spawned():
        status = work.until_status("TrainingJob", name, trainingJobStatus="Completed")
        assert status["sageMakerTrainingJobName"] == name
    tuned = work.status("HyperparameterTuningJob", "tune")
    assert tuned["trainingJobStatusCounters"]["completed"] == 2
    assert tuned["bestTrainingJob"]["trainingJobName"] in spawned()
    assert tuned["bestTrainingJob"]["finalHyperParameterTuningJobObjectiveMetric"]["value"]
    work.delete("HyperparameterTuningJob", "tune")
    work.until_gone("HyperparameterTuningJob", "tune")
    work.until(lambda: spawned() == [], "they are collected with their owner")


def test_a_model_and_a_configuration_are_made_changed_and_taken_away(work: Field) -> None:
    """An edit makes another of the same name; deletion leaves nothing."""
    for kind, noun, name_key, change in (
        ("Model", "Model", "sageMakerModelName", {"enableNetworkIsolation": True}),
        ("EndpointConfig", "EndpointConfig", "sageMakerEndpointConfigName", {"tags": []}),
    ):
        name = f"made-{kind.lower()}"
        body = sample(kind, name)
        work.apply(body)
        status = work.until_status(kind, name, status="Created")
        aws_name = status[name_key]
        assert aws_name in work.aws.running(noun)
        assert ("Created", aws_name) in work.events(name)
        body["spec"].update(change)
        work.apply(body)
        work.until_status(kind, name, observedGeneration=2, status="Created")
        work.until(lambda n=noun, a=aws_name: work.aws.created(n)[a] == 2, "it is made anew")  # type: ignore[misc]
        assert work.status(kind, name)[name_key] == aws_name
        work.delete(kind, name)
        work.until_gone(kind, name)
        assert aws_name not in work.aws.running(noun)


def test_a_deployment_serves_is_moved_and_leaves_nothing(work: Field) -> None:
    """Children of its own, a new generation of them for an edit, and nothing in the end."""
    before = {noun: work.aws.running(noun) for noun in ("Model", "EndpointConfig", "Endpoint")}
    kind, name = "HostingDeployment", "serve"
    work.apply(sample(kind, name))
    work.until_status(kind, name, endpointStatus="Creating")
    work.aws.advance(300)
    status = work.until_status(kind, name, endpointStatus="InService")
    first = status["endpointConfigName"]
    assert status["endpointUrl"] == (
        "https://runtime.sagemaker.us-west-2.amazonaws.com/endpoints/"
        f"{status['endpointName']}/invocations"
    )
    assert [each["name"] for each in status["modelNames"]] == ["xgboost-model"]
    assert status["productionVariants"][0]["currentInstanceCount"] == 1
    models = work.kubectl("get", "models.sagemaker.aws.amazon.com", "-o", "name").split()
    (child,) = [each for each in models if "/xgboost-model-1-" in each]
    owner = work.get("Model", child.partition("/")[2])["metadata"]["ownerReferences"][0]
    assert (owner["kind"], owner["name"]) == (kind, name)
    patch = (
        '[{"op": "replace", "path": "/spec/productionVariants/0/initialInstanceCount", "value": 3}]'
    )
    work.kubectl("patch", work.name(kind, name), "--type=json", "-p", patch)
    work.until_status(kind, name, endpointStatus="Updating")
    work.aws.advance(300)
    work.until(lambda: work.status(kind, name)["endpointConfigName"] != first, "it has moved")
    status = work.until_status(kind, name, endpointStatus="InService")
    assert status["productionVariants"][0]["currentInstanceCount"] == 3
    work.until(lambda: work.is_gone("Model", child.partition("/")[2]), "the old model is gone")
    assert work.calls(status["endpointName"]).count("UpdateEndpoint") == 1
    work.delete(kind, name)
    work.until_status(kind, name, endpointStatus="Deleting")
    work.aws.advance(300)
    work.until_gone(kind, name)
    after = {noun: work.aws.running(noun) for noun in before}
    assert after == before


def test_an_autoscaling_policy_is_registered_changed_and_deregistered(work: Field) -> None:
    """Target and policy of each variant, by the capacities of the spec."""
    kind, name = "HostingAutoscalingPolicy", "scale"
    scaling = work.aws.client("application-autoscaling")

    def targets() -> list[tuple[str, int]]:
        found = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
        return [(each["ResourceId"], each["MaxCapacity"]) for each in found]

    body = sample(kind, name)
    work.apply(body)
    status = work.until_status(kind, name, hostingAutoscalingPolicyStatus="Created")
    variant = f"endpoint/{BASE_ENDPOINT}/variant/all-traffic"
    assert status["resourceIDList"] == [variant]
    assert status["policyName"] == "invocations"
    assert targets() == [(variant, 4)]
    body["spec"]["maxCapacity"] = 6
    work.apply(body)
    work.until(lambda: targets() == [(variant, 6)], "the new capacity is registered")
    work.delete(kind, name)
    work.until_gone(kind, name)
    assert targets() == []


def test_the_role_s_policy_has_every_operation_that_was_called(work: Field) -> None:
    """`kube-sagemaker iam policy` lets the operators do all that they have done above."""
    called = {call.operation for call in work.aws.calls} - {"DescribeScalableTargets"}
    scaling = {each.partition(":")[2] for each in SCALING}
    assert called - {*SAGEMAKER, *LISTS} <= scaling
    assert "CreateTrainingJob" in called
