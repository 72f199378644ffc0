# SPDX-License-Identifier: Apache-2.0
"""A user with a cluster and an AWS account, and what stands in for pods, AWS and the hours."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, Self

from tests.aws.fake import REGION, FakeAWS
from tests.controlplane.plane import ControlPlane
from tests.controlplane.ports import free_ports
from tests.gateprocess import ROOT, GateProcess
from tests.operators.account import kubeconfig_of, token_of
from tests.operators.process import OperatorsProcess
from tests.scripts import mnist
from webhook.controllers import OWN_NAMESPACE, OWN_SERVICE_ACCOUNT

GATE: Final = "kube-sagemaker-gate"
MANAGER: Final = "sagemaker-k8s-operator-controller-manager"
HOOKS: Final = ("validatingwebhookconfiguration", "mutatingwebhookconfiguration")
LOGS: Final = "/aws/sagemaker/TrainingJobs"
LINES: Final = (
    (449, "[0]#011train-merror:0.0843#011validation-merror:0.0892"),
    (871, "[1]#011train-merror:0.0576#011validation-merror:0.0638"),
    (912, "[2]#011train-merror:0.0468#011validation-merror:0.0532"),
)
"""What the job writes: milliseconds of a second, and the algorithm's words."""

HOUR: Final = 3600.0
"""Seconds that the job takes: only the test lets them pass."""


class Walk:
    """The user's folder and shell; a context manager, which ends what was started."""

    def __init__(self, plane: ControlPlane, aws: FakeAWS, folder: Path) -> None:
        """Make the folder a checkout, as far as the page needs one."""
        self.plane, self.aws, self.folder = plane, aws, folder
        self.work = folder / "work"
        self.work.mkdir()
        for name in ("manifests", "scripts"):
            (self.work / name).symlink_to(ROOT / name)
        self.bin = folder / "bin"
        self.bin.mkdir()
        (self.bin / "kubectl").symlink_to(plane.binaries.kubectl)
        self.exports: list[str] = []
        self.log = folder / "operators.log"
        self.gate: GateProcess | None = None
        self._stack = ExitStack()
        aws.plan("*", seconds=HOUR)

    def __enter__(self) -> Self:
        """Nothing runs before the page says so."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        self._stack.close()

    def run(self, command: str) -> str:
        """Run a command in the user's shell; return what it prints."""
        if command.startswith("export "):
            self.exports.append(command)
        scripts = Path(sys.executable).parent
        done = subprocess.run(  # noqa: S603 - the page's own commands
            ["/bin/bash", "-o", "pipefail", "-c", "\n".join([*self.exports, command])],
            cwd=self.work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False, timeout=180,
            env={
                "PATH": f"{self.bin}{os.pathsep}{scripts}{os.pathsep}/usr/bin{os.pathsep}/bin",
                "HOME": str(self.folder), "KUBECONFIG": str(self.plane.kubeconfig),
                "LC_ALL": "C.UTF-8", "TZ": "UTC", **self.aws.environment,
            },
        )  # fmt: skip
        return done.stdout

    def kubectl(self, *words: str, stdin: str = "") -> str:
        """Run kubectl for the test, not for the user. Raises PlaneError."""
        return self.plane.kubectl(*words, stdin=stdin, check=True).stdout

    def own(self, name: str) -> dict[str, Any]:
        """Return an object of the installer's namespace."""
        text = self.kubectl("get", name, "-n", OWN_NAMESPACE, "-o", "json")
        found: dict[str, Any] = json.loads(text)
        return found

    def job(self) -> dict[str, Any]:
        """Return the training job."""
        text = self.kubectl("get", "trainingjob", "xgboost-mnist", "-o", "json")
        found: dict[str, Any] = json.loads(text)
        return found

    def make_role(self) -> None:
        """Do with boto3 what the aws CLI would, with the files that the page has made."""
        iam = self.aws.client("iam")
        trust = (self.work / "trust.json").read_text()
        iam.create_role(RoleName="sagemaker-operators", AssumeRolePolicyDocument=trust)
        iam.put_role_policy(
            RoleName="sagemaker-operators", PolicyName="operators",
            PolicyDocument=(self.work / "permissions.json").read_text(),
        )  # fmt: skip
        made = iam.get_role(RoleName="sagemaker-operators")["Role"]["Arn"]
        assert f"export ROLE={made}" in self.exports

    def start_pods(self) -> None:
        """Start a process of each Deployment, as its pods would be started."""
        policy = self.folder / "policy.yaml"
        policy.write_text(self.own("cm/kube-sagemaker-policy")["data"]["policy.yaml"])
        secret = self.own("secret/kube-sagemaker-tls")["data"]
        for key in ("ca.crt", "tls.crt", "tls.key"):
            (self.folder / key).write_bytes(base64.b64decode(secret[key]))
        assert {each.split("=")[0] for each in self._container(GATE)["args"]} == {
            "serve", "--bind", "--tls-cert", "--tls-key", "--policy", "--in-cluster",
        }, "what the process gets, too"  # fmt: skip
        config = kubeconfig_of(self.plane, GATE, OWN_NAMESPACE, self.folder)
        gate = GateProcess("--kubeconfig", str(config), policy=policy, tls=self.folder)
        self.gate = self._stack.enter_context(gate)
        self._start_operators(policy)

    def _start_operators(self, policy: Path) -> None:
        """Start one replica, as its account, with the account's role as EKS would give it."""
        (metrics,) = free_ports(1)
        container = self._container(MANAGER)
        program, *arguments = container["args"]
        assert program == "operate"
        for inside, here in (
            ("/policy/policy.yaml", str(policy)), ("0.0.0.0:8080", f"127.0.0.1:{metrics}"),
        ):  # fmt: skip
            arguments = [each.replace(inside, here) for each in arguments]
        account = self.own(f"sa/{OWN_SERVICE_ACCOUNT}")["metadata"]["annotations"]
        token = self.folder / "aws-token"
        audience = "--audience=sts.amazonaws.com"
        token.write_text(token_of(self.plane, OWN_SERVICE_ACCOUNT, OWN_NAMESPACE, audience))
        process = OperatorsProcess(
            kubeconfig_of(self.plane, OWN_SERVICE_ACCOUNT, OWN_NAMESPACE, self.folder),
            self.aws.url, self.log,
            "--lease-namespace", OWN_NAMESPACE, *arguments,
            **{each["name"]: each.get("value", "") for each in container["env"]},
            AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", AWS_REGION=REGION,
            AWS_ROLE_ARN=account["eks.amazonaws.com/role-arn"],
            AWS_WEB_IDENTITY_TOKEN_FILE=str(token),
        )  # fmt: skip
        self._stack.enter_context(process)

        def is_ready() -> bool:
            assert process.is_running, process.said()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{metrics}/readyz", timeout=5):
                    return True
            except (urllib.error.URLError, OSError):
                return False

        self.plane.wait_for(is_ready, 60, "the operators are ready")

    def _container(self, deployment: str) -> dict[str, Any]:
        (found,) = self.own(f"deploy/{deployment}")["spec"]["template"]["spec"]["containers"]
        container: dict[str, Any] = found
        return container

    def route_service(self) -> None:
        """Let the gate's Service lead to its process, and wait until the API server asks it."""
        assert self.gate is not None
        port = self.gate.port
        self.kubectl("delete", "service", GATE, "-n", OWN_NAMESPACE)
        self.kubectl(
            "create", "service", "externalname", GATE, "-n", OWN_NAMESPACE,
            "--external-name=localhost", f"--tcp={port}",
        )  # fmt: skip
        place = "/webhooks/0/clientConfig/service/port"
        patch = json.dumps([{"op": "add", "path": place, "value": port}])
        for kind in HOOKS:
            self.kubectl("patch", kind, "kube-sagemaker", "--type=json", "-p", patch)
        probe = json.dumps({
            "apiVersion": "sagemaker.aws.amazon.com/v1", "kind": "Model",
            "metadata": {"name": "probe"}, "spec": {},
        })  # fmt: skip

        def is_asked() -> bool:
            done = self.plane.kubectl("create", "--dry-run=server", "-f", "-", stdin=probe)
            return "(SM" in done.stderr

        self.plane.wait_for(is_asked, 30, "the API server asks the gate")

    def make_bucket(self) -> None:
        """Make the bucket, and the folder of a small data set."""
        place = {"LocationConstraint": REGION}
        s3 = self.aws.client("s3")
        s3.create_bucket(Bucket="example-ml-data", CreateBucketConfiguration=place)
        mnist.write(self.work / "mnist", mnist.make(60, 1), mnist.make(10, 2), is_packed=True)

    def let_it_train(self) -> None:
        """Half of the job's time goes by; it writes its log."""
        self._until("InProgress", "Starting")
        self.aws.advance(HOUR / 2)
        self._until("InProgress", "Training")
        name = self.job()["status"]["sageMakerTrainingJobName"]
        logs, now = self.aws.client("logs"), int(time.time())
        stream = {"logGroupName": LOGS, "logStreamName": f"{name}/algo-1-{now}"}
        logs.create_log_group(logGroupName=LOGS)
        logs.create_log_stream(**stream)
        events = [{"timestamp": now * 1000 + at, "message": text} for at, text in LINES]
        logs.put_log_events(**stream, logEvents=events)

    def let_it_end(self) -> None:
        """The other half goes by; the events of it are there."""
        self.aws.advance(HOUR / 2)
        self._until("Completed", "Completed")

        def is_told() -> bool:
            return "Completed" in self.kubectl("get", "events", "-n", "default")

        self.plane.wait_for(is_told, 30, "the end is an event")

    def _until(self, status: str, secondary: str) -> None:
        def is_so() -> bool:
            found = self.job().get("status", {})
            words = (found.get("trainingJobStatus"), found.get("secondaryStatus"))
            return words == (status, secondary)

        self.plane.wait_for(is_so, 60, f"the job is {status}, {secondary}")
