# SPDX-License-Identifier: Apache-2.0
"""`make demo`: a training job is completed, then refused with each wrong field named.

With a control plane that is built already, through a real API server and kubectl, where the
operators then run the job; without, the gate gets plain AdmissionReviews over TLS, and the answers
are printed as kubectl would print them.
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import jsonpatch
import yaml

from tests.controlplane.binaries import find
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import ROOT, GateProcess
from tools.demojob import run_job

SAMPLE: Final = ROOT / "manifests" / "samples" / "trainingjob-xgboost-mnist.yaml"
POLICY: Final = ROOT / "manifests" / "samples" / "policy.yaml"
CRDS: Final = ROOT / "manifests" / "crds"

Create = Callable[[dict[str, Any]], str]
"""Creates a job; returns what the user sees."""


def main() -> int:
    """Tell the story; return the exit code."""
    binaries = find()
    if binaries is None:
        say("Without a real API server: `make controlplane` builds one (needs Go, minutes, once).")
        with GateProcess(policy=POLICY) as gate:
            return tell(lambda body: by_review(gate, body))
    say("Starting etcd, kube-apiserver and the gate …")
    with (
        ControlPlane(binaries) as plane,
        GateProcess("--kubeconfig", str(plane.kubeconfig), policy=POLICY) as gate,
    ):
        plane.kubectl("apply", "-f", str(CRDS), check=True)
        plane.kubectl("wait", "--for=condition=Established", "-f", str(CRDS), check=True)
        plane.kubectl("apply", "-f", "-", stdin=gate.webhooks(), check=True)
        plane.wait_for(lambda: "(SM" in by_kubectl(plane, {"spec": {}}), 30, "the gate is asked")
        code = tell(lambda body: by_kubectl(plane, body))
        title("The operators run the job that was created, in a made-up AWS, and its log is read")
        missing = run_job(plane, say)
        if missing:
            say(f"\nThe demo did not go as it should: {', '.join(missing)} was not said.")
        return 1 if missing else code


def tell(create: Create) -> int:
    """Create three jobs; return 0 when the gate did as it should with each."""
    job = yaml.safe_load(SAMPLE.read_text())
    title("The MNIST job without role and region: completed, and created")
    created = create(job)

    broken = yaml.safe_load(SAMPLE.read_text())
    broken["metadata"]["name"] = "xgboost-broken"
    spec = broken["spec"]
    spec["algorithmSpecification"]["trainingImage"] = (
        "811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1"
    )
    spec["resourceConfig"]["instanceType"] = "ml.c5.large"
    spec["enableManagedSpotTraining"] = True
    spec["stoppingCondition"]["maxWaitTimeInSeconds"] = 3600
    spec["resourceConfig"]["volumeSizeInGb"] = spec["resourceConfig"].pop("volumeSizeInGB")
    title("An image of another region, a hosting type, a spot mistake, a misspelt field: refused")
    refused = create(broken)

    large = yaml.safe_load(SAMPLE.read_text())
    large["metadata"]["name"] = "xgboost-large"
    large["spec"]["resourceConfig"].update(instanceType="ml.p4d.24xlarge", instanceCount=64)
    title("64 x ml.p4d.24xlarge: refused by the platform team's policy")
    limited = create(large)

    wanted = (
        ("us-west-2", created),
        ("433757028032.dkr.ecr.us-west-2.amazonaws.com/xgboost:1", refused),
        ("spec.resourceConfig.instanceType", refused),
        ("spec.stoppingCondition.maxWaitTimeInSeconds", refused),
        ("spec.resourceConfig.volumeSizeInGb", refused),
        ("the policy allows 16", limited),
    )
    missing = [text for text, seen in wanted if text not in seen]
    if missing:
        say(f"\nThe demo did not go as it should: {', '.join(missing)} was not said.")
    return 1 if missing else 0


def by_kubectl(plane: ControlPlane, body: dict[str, Any]) -> str:
    """Apply with kubectl, and read the job back where it was created."""
    if "kind" not in body:
        probe = {"apiVersion": "sagemaker.aws.amazon.com/v1", "kind": "TrainingJob"}
        body = {**probe, "metadata": {"name": "probe"}, **body}
        dry = plane.kubectl("create", "--dry-run=server", "-f", "-", stdin=json.dumps(body))
        return dry.stderr
    name = body["metadata"]["name"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yaml"
        path.write_text(yaml.safe_dump(body, sort_keys=False))
        say(f"$ kubectl apply -f {path.name}")
        done = plane.kubectl("apply", "-f", str(path))
    seen = (done.stderr + done.stdout).replace(f"{folder}/", "")
    if done.returncode == 0:
        columns = "NAME:.metadata.name,REGION:.spec.region,ROLE:.spec.roleArn"
        seen += f"$ kubectl get trainingjob {name} -o custom-columns=…\n"
        seen += plane.kubectl("get", "trainingjob", name, "-o", f"custom-columns={columns}").stdout
    say(seen.rstrip())
    return seen


def by_review(gate: GateProcess, body: dict[str, Any]) -> str:
    """Send what the API server would send, and print what kubectl would print."""
    name = body["metadata"]["name"]
    say(f"$ kubectl apply -f {name}.yaml")
    lines: list[str] = []
    for route in ("mutate", "validate"):
        answer = gate.review(route, operation="CREATE", namespace="default", object=body)
        lines += [f"Warning: {warning}" for warning in answer.get("warnings", [])]
        if not answer["allowed"]:
            causes = answer["status"]["details"]["causes"]
            lines.append(f'The TrainingJob "{name}" is invalid:')
            lines += [f"* {cause['field']}: {cause['message']}" for cause in causes]
            break
        if "patch" in answer:
            patch = json.loads(base64.b64decode(answer["patch"]))
            body = jsonpatch.apply_patch(body, patch)
    else:
        lines.append(f"trainingjob.sagemaker.aws.amazon.com/{name} created")
        spec = body["spec"]
        lines.append(f"region: {spec['region']}, roleArn: {spec['roleArn']}")
    say("\n".join(lines))
    return "\n".join(lines)


def title(text: str) -> None:
    """Print a heading."""
    say(f"\n\033[1m# {text}\033[0m" if sys.stdout.isatty() else f"\n# {text}")


def say(text: str) -> None:
    """Print at once."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
