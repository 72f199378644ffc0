# SPDX-License-Identifier: Apache-2.0
"""What is said when there is nothing to print, or nobody to ask."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.controlplane.smlogs.user import JOBS, User


def test_what_is_not_there_is_said(user: User) -> None:
    """No object, no job, no log group, no line: one line, exit code 1, or 0 for an empty log."""
    done = user.run("tj", "nobody")
    assert done.returncode == 1
    assert f'there is no TrainingJob "nobody" in namespace "{user.namespace}"' in done.stderr
    name = user.create("TrainingJob")
    done = user.run("tj", name)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "has no job in SageMaker yet: no operator has taken it up" in done.stderr
    user.report("TrainingJob", name, sageMakerTrainingJobName="j-1", trainingJobStatus="InProgress")
    done = user.run("tj", name)
    assert done.returncode == 1
    assert f"there is no log group {JOBS} in region us-west-2 yet" in done.stderr
    user.write(JOBS, "j-2/algo-1-5", (0, "of another job"))
    done = user.run("tj", name)
    assert (done.returncode, done.stdout) == (0, "")
    assert "no such line in" in done.stderr


def test_credentials_are_the_users_own(user: User) -> None:
    """None at all, and a profile that does not exist: one line, exit code 2."""
    name = user.create("TrainingJob", sageMakerTrainingJobName="j-1")
    for environment, expected in (
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
         "kubectl smlogs: there are no AWS credentials: set AWS_PROFILE"),
        ({"AWS_PROFILE": "nobody"}, "The config profile (nobody) could not be found"),
    ):  # fmt: skip
        done = user.run("tj", name, **environment)
        assert (done.returncode, done.stdout) == (2, "")
        assert expected in done.stderr.splitlines()[1]


def test_a_cluster_that_cannot_be_asked_is_named(user: User, tmp_path: Path) -> None:
    """No kubeconfig, no such context, nobody there, not allowed, no CRD: a line, exit code 2."""
    config = json.loads(user.kubeconfig.read_text())
    config["clusters"].append({"name": "away", "cluster": {"server": "http://127.0.0.1:1"}})
    config["contexts"].append({"name": "away", "context": {"cluster": "away", "user": "u"}})
    config["users"].append({"name": "nobody", "user": {"token": "wrong"}})
    config["contexts"].append({"name": "nobody", "context": {"cluster": "c", "user": "nobody"}})
    user.kubeconfig.write_text(json.dumps(config))
    (tmp_path / "text").write_text("no kubeconfig")
    for words, environment, expected in (
        ([], {"KUBECONFIG": ""}, "no cluster: set KUBECONFIG or --kubeconfig"),
        ([], {"KUBECONFIG": "/nowhere"}, "/nowhere: No such file"),
        (["--kubeconfig", str(tmp_path / "text")], {}, "text: is no kubeconfig"),
        (["--context", "none"], {}, "Context 'none' not found"),
        (["--context", "away"], {}, "cannot reach the cluster at http://127.0.0.1:1"),
        (["--context", "nobody"], {}, "Unauthorized"),
    ):
        done = user.run("tj", "mnist", *words, **environment)
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
        assert done.stderr.startswith("kubectl smlogs: ")
        assert expected in done.stderr
        assert done.stderr.count("\n") == 1


def test_several_kubeconfigs_are_one(user: User, tmp_path: Path) -> None:
    """KUBECONFIG may name many files; the option names one; -n comes before the context's."""
    name = user.create("TrainingJob", sageMakerTrainingJobName="j-1")
    user.write(JOBS, "j-1/algo-1-5", (0, "hello"))
    config = json.loads(user.kubeconfig.read_text())
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text(json.dumps({"users": config.pop("users"), "current-context": "test"}))
    second.write_text(json.dumps({**config, "current-context": "other"}))
    done = user.run("tj", name, KUBECONFIG=f"{first}{os.pathsep}/nowhere{os.pathsep}{second}")
    assert done.stdout.endswith(" hello\n"), done.stderr
    plain = str(user.plane.kubeconfig)
    assert user.run("tj", name, "-n", user.namespace, "--kubeconfig", plain).stdout == done.stdout
    lost = user.run("tj", name, "--kubeconfig", plain)
    assert 'in namespace "default"' in lost.stderr
