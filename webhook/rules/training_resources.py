# SPDX-License-Identifier: Apache-2.0
"""The resources of a training job are complete.

The API's own model leaves all of them open, since instance groups, serverless jobs and training
plans came later; a job with one of them missing is refused at the call.

Fix: give instance type, count (at least 1) and volume size, or instance groups.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Severity
from webhook.node import Node
from webhook.rule import Faults, Operation, rule


@rule(
    "SM231",
    on=Operation("CreateTrainingJob"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html",
)
def training_resources(job: Node, _call: Call, _facts: Catalog) -> Faults:
    """Yield a fault for what is missing, zero, or given in both ways."""
    if job["ServerlessJobConfig"].present:
        return
    resources = job["ResourceConfig"]
    if not resources.present:
        yield resources.required("instance type, count and volume size must be given")
        return
    if not isinstance(resources.value, dict):
        return
    kind, count = resources["InstanceType"], resources["InstanceCount"]
    volume, groups = resources["VolumeSizeInGB"], resources["InstanceGroups"]
    if groups.items:
        for node in (kind, count):
            if node.present and node.value not in {0, ""}:
                yield node.forbidden(f"may not be given beside {groups.field.key}")
    else:
        unknown = " ".join(resources.unknown_keys).lower()
        for node, word in ((kind, "type"), (count, "count")):
            if not node.present and word not in unknown:
                yield node.required(f"must be given, or {groups.field.key} instead")
        if count.number is not None and count.number < 1:
            yield count.invalid("must be at least 1")
    if not volume.present and "volume" not in " ".join(resources.unknown_keys).lower():
        yield volume.required("must be given: the size in GB of each instance's volume")
