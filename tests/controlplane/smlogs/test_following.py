# SPDX-License-Identifier: Apache-2.0
"""`-f`, and the ways in which it ends."""

from __future__ import annotations

import signal
import subprocess

from tests.controlplane.smlogs.user import JOBS, SCRIPTS, User


def test_following_ends_with_the_job(user: User) -> None:
    """It waits for job and group, prints what comes as it comes, and ends after the end."""
    name = user.create("TrainingJob", trainingJobStatus="SynchronizingK8sJobWithSageMaker")
    with user.started("tj", name, "-f", "--hide-log-stream-name") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "has no job in SageMaker yet" in process.stderr.readline()
        user.report("TrainingJob", name, sageMakerTrainingJobName="j-1",
                    trainingJobStatus="InProgress")  # fmt: skip
        assert process.stderr.readline().startswith(f'"{name}" has SageMaker')
        assert "yet: it comes with the first line that is written" in process.stderr.readline()
        user.write(JOBS, "j-1/algo-1-5", (0, "one"))
        assert process.stdout.readline().endswith(" one\n")
        user.write(JOBS, "j-1/algo-2-5", (-10, "late"))
        assert process.stdout.readline().endswith(" late\n")
        assert process.poll() is None
        user.report("TrainingJob", name, trainingJobStatus="Completed")
        rest = process.communicate(timeout=30)
        assert (process.returncode, *rest) == (0, "", "")


def test_following_ends_with_the_object(user: User) -> None:
    """The object is deleted: the rest of the log, and the end."""
    name = user.create(
        "TrainingJob", sageMakerTrainingJobName="j-1", trainingJobStatus="InProgress"
    )
    user.write(JOBS, "j-1/algo-1-5", (0, "one"))
    with user.started("tj", name, "--follow") as process:
        assert process.stdout is not None
        assert process.stdout.readline().endswith(" one\n")
        user.plane.kubectl("delete", "-n", user.namespace, "trainingjobs.sagemaker.aws.amazon.com",
                           name, check=True)  # fmt: skip
        _, errors = process.communicate(timeout=30)
        assert errors.endswith("the object has been deleted, this is the rest of its log\n")
        assert process.returncode == 0


def test_a_tail_is_of_what_is_there(user: User) -> None:
    """`-f --tail 1`: the last line so far, and then every line that comes."""
    name = user.create("TrainingJob", sageMakerTrainingJobName="j-1")
    user.write(JOBS, "j-1/algo-1-5", (0, "one"), (1, "two"))
    with user.started("tj", name, "-f", "--tail", "1") as process:
        assert process.stdout is not None
        assert process.stdout.readline().endswith(" two\n")
        user.write(JOBS, "j-1/algo-1-5", (2, "three"), (3, "four"))
        user.report("TrainingJob", name, trainingJobStatus="Stopped")
        output, _ = process.communicate(timeout=30)
        assert [line.rsplit(" ", 1)[1] for line in output.splitlines()] == ["three", "four"]


def test_an_interrupt_ends_it_silently(user: User) -> None:
    """Ctrl-C while an endpoint is followed: nothing but the header on standard error."""
    name = user.create("HostingDeployment", endpointName="e-1", endpointStatus="InService")
    user.write("/aws/sagemaker/Endpoints/e-1", "all-traffic/i-5", (0, "ping"))
    with user.started("hd", name, "-f") as process:
        assert process.stdout is not None
        assert process.stdout.readline().endswith(" ping\n")
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
        assert (process.returncode, output, errors.count("\n")) == (130, "", 1)


def test_a_reader_that_leaves_ends_it_silently(user: User) -> None:
    """As in `kubectl smlogs … | head -1`."""
    name = user.create("TrainingJob", sageMakerTrainingJobName="j-1", trainingJobStatus="Completed")
    user.write(JOBS, "j-1/algo-1-5", *((at, "x" * 200) for at in range(2_000)))
    words = [str(SCRIPTS / "kubectl-smlogs"), "tj", name]
    done = subprocess.run(  # noqa: S603 - our own words
        ["/bin/bash", "-o", "pipefail", "-c", '"$@" | head -1', "-", *words],
        capture_output=True, text=True, check=False, timeout=60, env=user.environment,
    )  # fmt: skip
    assert done.stdout.count("\n") == 1
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
