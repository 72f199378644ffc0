# SPDX-License-Identifier: Apache-2.0
"""Managed spot training says how long it may wait, and only it does.

The wait includes the run: a job that may run an hour must be allowed to wait an hour at least.

Fix: with `EnableManagedSpotTraining` set `MaxWaitTimeInSeconds` to `MaxRuntimeInSeconds` or more;
without it leave the wait out.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Severity
from webhook.node import Node
from webhook.rule import Faults, Operation, rule


@rule(
    "SM232",
    on=Operation("CreateTrainingJob"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html",
)
def managed_spot(job: Node, _call: Call, _facts: Catalog) -> Faults:
    """Yield a fault for a wait that is missing, out of place, or too short."""
    spot = job["EnableManagedSpotTraining"]
    run = job["StoppingCondition.MaxRuntimeInSeconds"]
    wait = job["StoppingCondition.MaxWaitTimeInSeconds"]
    if spot.present and spot.flag is None:
        return
    if spot.flag and not wait.present:
        if not any("wait" in key.lower() for key in job["StoppingCondition"].unknown_keys):
            yield wait.required("managed spot training must say how long it may wait")
    elif wait.present and not spot.flag:
        yield wait.forbidden(f"only with {spot.field.key}: true", compared=(wait.number, spot.flag))
    elif run.number is not None and wait.number is not None and wait.number < run.number:
        yield wait.invalid(
            f"must be at least {run.field.key}, {run.number}", compared=(wait.number, run.number)
        )
