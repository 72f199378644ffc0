# SPDX-License-Identifier: Apache-2.0
"""What is printed of each kind's log, and which part of it."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.controlplane.smlogs.user import JOBS, User


def test_a_training_job_in_the_originals_form(user: User) -> None:
    """Header on standard error; stream, local time and message on standard output, in order."""
    name = user.create("TrainingJob", sageMakerTrainingJobName="j-1",
                       trainingJobStatus="InProgress", secondaryStatus="Training")  # fmt: skip
    user.write(JOBS, "j-1/algo-1-5", (0, "first"), (20, "third, by the first machine"))
    user.write(JOBS, "j-1/algo-2-5", (10, "second, by another"))
    user.write(JOBS, "j-11/algo-1-5", (5, "of another job"))
    done = user.run("TrainingJob", name)
    assert done.stderr == (
        f'"{name}" has SageMaker TrainingJobName "j-1" in region "us-west-2", '
        'status "InProgress" and secondary status "Training"\n'
    )
    time_ = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})? -0[78]00 P[DS]T"
    lines = done.stdout.splitlines()
    assert [line.split(" ", 1)[0] for line in lines] == [f"j-1/algo-{n}-5" for n in (1, 2, 1)]
    assert re.fullmatch(rf"\S+ {time_} third, by the first machine", lines[2])
    hidden = user.run("trainingjobs", name, "--hide-log-stream-name").stdout.splitlines()
    assert hidden == [line.split(" ", 1)[1] for line in lines]
    assert done.returncode == 0
    assert user.run(f"trainingjob/{name}").stdout == done.stdout


def test_lines_can_be_chosen(user: User) -> None:
    """By prefix, stream, age and number, in the original's spelling of the flags and in ours."""
    name = user.create("TrainingJob", sageMakerTrainingJobName="j-1")
    user.write(JOBS, "j-1/algo-1-5", (-3_600_000, "old"), (0, "new"))
    user.write(JOBS, "j-1/algo-2-5", (-10, "other"))
    for words, messages in (
        (["-p", "algo-1"], ["old", "new"]),
        (["--logSearchPrefix", "algo-2"], ["other"]),
        (["--log-search-prefix=algo-2"], ["other"]),
        (["--stream", "algo-1-5"], ["old", "new"]),
        (["--since", "30m"], ["other", "new"]),
        (["--tail", "1"], ["new"]),
        (["--tail=2", "--since=2h"], ["other", "new"]),
        (["--tail", "0"], []),
    ):
        done = user.run("tj", name, *words)
        assert [line.rsplit(" ", 1)[1] for line in done.stdout.splitlines()] == messages, words


@pytest.mark.parametrize(
    ("kind", "spelling", "group", "streams"),
    [
        ("HyperparameterTuningJob", "HPO", JOBS,
         ["j-1-001-0a1b2c3d/algo-1-5", "j-1-002-0a1b2c3d/algo-1-5"]),
        ("BatchTransformJob", "batchtransformjob", "/aws/sagemaker/TransformJobs", ["j-1/i-5"]),
        ("ProcessingJob", "ProcessingJobs", "/aws/sagemaker/ProcessingJobs", ["j-1/algo-1-5"]),
        ("HostingDeployment", "hd", "/aws/sagemaker/Endpoints/j-1", ["all-traffic/i-5"]),
    ],
)  # fmt: skip
def test_every_kind_has_its_log(
    user: User, kind: str, spelling: str, group: str, streams: list[str]
) -> None:
    """From its own log group, and nothing of its neighbours."""
    field = {
        "HyperparameterTuningJob": "sageMakerHyperParameterTuningJobName",
        "BatchTransformJob": "sageMakerTransformJobName",
        "ProcessingJob": "sageMakerProcessingJobName",
        "HostingDeployment": "endpointName",
    }[kind]
    name = user.create(kind, **{field: "j-1"})
    for place, stream in enumerate(streams):
        user.write(group, stream, (place, "hello"))
    if kind != "HostingDeployment":
        user.write(group, "j-12/algo-1-5", (0, "of another job"))
    done = user.run(spelling, name)
    assert [line.split(" ", 1)[0] for line in done.stdout.splitlines()] == streams, done.stderr
    if kind == "HostingDeployment":
        assert user.run(spelling, name, "--variant", "all-traffic").stdout == done.stdout
        other = user.run(spelling, name, "--variant", "Nope")
        assert (other.returncode, other.stdout) == (1, "")
        assert 'has no variant "Nope", it has' in other.stderr


def test_kubectl_runs_and_completes_it(user: User) -> None:
    """As a plugin of the PATH, and as a subcommand of our own program: the same lines."""
    name = user.create("TrainingJob", sageMakerTrainingJobName="j-1")
    user.write(JOBS, "j-1/algo-1-5", (0, "hello"))
    kubectl = str(user.plane.binaries.kubectl)

    def call(*words: str) -> str:
        return subprocess.run(  # noqa: S603 - our own words
            words, capture_output=True, text=True, check=False, timeout=60, env=user.environment
        ).stdout

    plugin = call(kubectl, "smlogs", "TrainingJob", name)
    assert plugin.endswith(" hello\n")
    assert call("kube-sagemaker", "smlogs", "trainingjob", name) == plugin
    assert call("kubectl-smlogs", "--help").startswith("Usage: kubectl smlogs [OPTIONS] KIND NAME")
    offered = call(kubectl, "__complete", "smlogs", "h").splitlines()
    assert offered == ["HyperparameterTuningJob", "HostingDeployment", ":4"]
