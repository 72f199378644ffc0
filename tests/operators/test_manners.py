# SPDX-License-Identifier: Apache-2.0
"""What the original got wrong, right: bad requests, taken names, edits, ways out, odd objects."""

from __future__ import annotations

import time
from pathlib import Path

import yaml

from controller.engine import WORKERS
from controller.subject import ABANDON, FINALIZER, ON_DELETE
from tests.check.command import run
from tests.operators.field import Field
from tests.operators.objects import ROLE, sample
from tests.operators.silence import Silence

JOB = "TrainingJob"


def test_what_the_gate_would_refuse_is_not_sent(work: Field) -> None:
    """The status says why, field by field; once the spec is mended the job runs."""
    body = sample(JOB, "refused")
    body["spec"]["resourceConfig"]["instanceType"] = "ml.c5.large"
    body["spec"]["algorithmSpecification"]["trainingImage"] = (
        "811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1"
    )
    work.apply(body)
    status = work.until_status(JOB, "refused", trainingJobStatus="Failed")
    failed = work.condition(JOB, "refused", "Failed")
    assert (failed["status"], failed["reason"]) == ("True", "Refused")
    for word in ("spec.resourceConfig.instanceType: ", "(SM240)", "(SM210)", "us-west-2"):
        assert word in status["additional"]
    assert "CreateTrainingJob" not in work.calls("refused-")
    assert any(reason == "Refused" for reason, _ in work.events("refused"))
    mended = sample(JOB, "refused")
    mended["spec"]["trainingJobName"] = work.get(JOB, "refused")["spec"]["trainingJobName"]
    work.apply(mended)
    work.until_status(JOB, "refused", trainingJobStatus="InProgress")
    assert work.condition(JOB, "refused", "Failed")["status"] == "False"


def test_a_bad_request_is_sent_once(work: Field) -> None:
    """AWS's words are in a condition; it is not sent again for ever."""
    work.aws.refuse(
        "CreateTrainingJob", "ValidationException", "Could not assume role", times=None,
        name=f"{ROLE}-nobody",
    )  # fmt: skip
    body = sample(JOB, "bad")
    body["spec"]["roleArn"] = f"{ROLE}-nobody"
    work.apply(body)
    work.until_status(JOB, "bad", trainingJobStatus="Failed")
    failed = work.condition(JOB, "bad", "Failed")
    assert failed["reason"] == "ValidationException"
    assert failed["message"].endswith("Could not assume role")
    work.kubectl("annotate", work.name(JOB, "bad"), "example.com/look=again")
    time.sleep(8)  # a look and a List later
    assert work.calls("bad-").count("CreateTrainingJob") == 1
    work.delete(JOB, "bad")
    work.until_gone(JOB, "bad")


def test_a_quota_is_waited_for_and_shown(work: Field) -> None:
    """Somebody may raise it: the word of the original, AWS's own words, and no Failed."""
    work.aws.refuse("CreateTrainingJob", "ResourceLimitExceeded", "the limit is 0", times=None)
    work.apply(sample(JOB, "quota"))

    def is_shown() -> bool:
        return "the limit is 0" in work.status(JOB, "quota").get("additional", "")

    work.until(is_shown, "the quota is shown")
    assert work.status(JOB, "quota")["trainingJobStatus"] == "ReconcilingTrainingJob"
    assert work.condition(JOB, "quota", "Failed").get("status") != "True"
    work.aws.relent()
    work.delete(JOB, "quota")
    work.until_gone(JOB, "quota")


def test_somebody_else_s_job_is_not_adopted(work: Field) -> None:
    """A name that is taken is an error; deleting the object leaves that job alone."""
    body = sample(JOB, "theirs")
    body["spec"]["trainingJobName"] = "somebody-elses"
    request = {
        "TrainingJobName": "somebody-elses", "RoleArn": ROLE,
        "AlgorithmSpecification": {
            "TrainingImage": body["spec"]["algorithmSpecification"]["trainingImage"],
            "TrainingInputMode": "File",
        },
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
        "ResourceConfig": {
            "InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }  # fmt: skip
    work.aws.client("sagemaker").create_training_job(**request)
    work.apply(body)
    work.until_status(JOB, "theirs", trainingJobStatus="Failed")
    assert work.condition(JOB, "theirs", "Failed")["reason"] == "NameTaken"
    work.delete(JOB, "theirs")
    work.until_gone(JOB, "theirs")
    assert "somebody-elses" in work.aws.running(JOB)


def test_a_job_of_one_s_own_name_is_one_s_own(work: Field) -> None:
    """Known by its tag also when the status was lost, and stopped on deletion."""
    body = sample(JOB, "named")
    body["spec"]["trainingJobName"] = "our-own-name"
    work.apply(body)
    work.until_status(JOB, "named", sageMakerTrainingJobName="our-own-name")
    work.process.kill()
    work.kubectl(
        "patch", work.name(JOB, "named"), "--subresource=status", "--type=merge", "-p",
        '{"status": null}',
    )  # fmt: skip
    work.process.start()
    work.until_status(JOB, "named", sageMakerTrainingJobName="our-own-name")
    assert work.aws.created(JOB)["our-own-name"] == 1
    work.delete(JOB, "named")
    work.until_status(JOB, "named", trainingJobStatus="Stopping")
    work.aws.advance(120)
    work.until_gone(JOB, "named")


def test_a_job_that_is_gone_is_not_started_again(work: Field) -> None:
    """Neither a finished one at an edit, nor after a restart."""
    work.apply(sample(JOB, "once"))
    name = work.until_status(JOB, "once", trainingJobStatus="InProgress")[
        "sageMakerTrainingJobName"
    ]
    work.aws.finish(JOB, name)
    work.until_status(JOB, "once", trainingJobStatus="Completed")
    work.kubectl("patch", work.name(JOB, "once"), "--type=merge", "-p", '{"spec": {"tags": []}}')
    work.process.kill()
    work.process.start()
    work.until(
        lambda: work.condition(JOB, "once", "Synced").get("reason") == "EditIgnored", "looked at"
    )
    assert work.aws.created(JOB)[name] == 1
    assert work.status(JOB, "once")["trainingJobStatus"] == "Completed"


def test_deletion_can_leave_aws_alone(work: Field) -> None:
    """With the annotation the object goes at once, and the job runs on."""
    work.apply(sample(JOB, "abandoned"))
    name = work.until_status(JOB, "abandoned", trainingJobStatus="InProgress")[
        "sageMakerTrainingJobName"
    ]
    work.kubectl("annotate", work.name(JOB, "abandoned"), f"{ON_DELETE}={ABANDON}")
    work.delete(JOB, "abandoned")
    work.until_gone(JOB, "abandoned")
    assert name in work.aws.running(JOB)


def test_throttling_only_slows_down(work: Field) -> None:
    """The status never shows it when it passes, and the job is created once."""
    work.aws.refuse("*TrainingJob", "ThrottlingException", "Rate exceeded", times=4)
    work.apply(sample(JOB, "slow"))
    status = work.until_status(JOB, "slow", trainingJobStatus="InProgress")
    assert work.aws.created(JOB)[status["sageMakerTrainingJobName"]] == 1
    assert not [text for _, text in work.events("slow") if "Rate exceeded" in text]


def test_a_lost_answer_starts_nothing_twice(work: Field) -> None:
    """The call took effect; nobody said so."""
    for kind, noun in (
        (JOB, JOB), ("BatchTransformJob", "TransformJob"), ("ProcessingJob", "ProcessingJob"),
    ):  # fmt: skip
        work.aws.refuse(f"Create{noun}", lost_answer=True)
        name = f"lost-{kind.lower()}"
        work.apply(sample(kind, name))
        key = f"{noun[0].lower()}{noun[1:]}Status"
        work.until_status(kind, name, **{key: "InProgress"})
        own = {n: c for n, c in work.aws.created(noun).items() if n.startswith("lost-")}
        assert list(own.values()) == [1]


def test_uninstall_lets_everything_go(work: Field, tmp_path: Path) -> None:
    """Objects can be deleted when the operators are no more; what is in AWS stays."""
    work.apply(sample("Model", "left"))
    name = work.until_status("Model", "left", status="Created")["sageMakerModelName"]
    work.process.kill()
    try:
        assert FINALIZER in work.get("Model", "left")["metadata"]["finalizers"]
        arguments = ("--namespace", work.namespace, "--kubeconfig", str(work.plane.kubeconfig))
        unsure = run("uninstall", *arguments, stdin="n\n")
        assert unsure.returncode == 1
        done = run("uninstall", "--yes", *arguments)
        assert f"let go: Model {work.namespace}/left" in done.stdout, done.stderr
        assert done.returncode == 0
        work.delete("Model", "left")
        work.until_gone("Model", "left")
        assert name in work.aws.running("Model")
        nowhere = tmp_path / "config"
        assert run("uninstall", "--yes", "--kubeconfig", str(nowhere)).returncode == 2
    finally:
        work.process.start()


def test_an_address_that_hangs_holds_up_no_other(work: Field) -> None:
    """It takes connections and never answers: it is left alone, and its objects say why."""
    with Silence() as silence:
        hung = [sample("Model", f"hung-{number}") for number in range(60)]
        for body in hung:
            body["spec"]["sageMakerEndpoint"] = silence.url
        work.kubectl("apply", "-f", "-", stdin=yaml.safe_dump_all(hung))
        work.apply(sample(JOB, "beside"))
        work.until_status(JOB, "beside", trainingJobStatus="InProgress")

        def is_shown() -> bool:
            return "Read timeout" in work.status("Model", "hung-0").get("additional", "")

        work.until(is_shown, "the silence is shown")
        assert silence.connections <= WORKERS + 6  # those under way at first, and a few that tried
    work.kubectl("delete", "models.sagemaker.aws.amazon.com", "--all", "--wait=false")
    work.kubectl("annotate", "models.sagemaker.aws.amazon.com", "--all", f"{ON_DELETE}={ABANDON}")
    work.delete(JOB, "beside")
    work.until_gone(JOB, "beside")
    work.until_gone("Model", "hung-59")
