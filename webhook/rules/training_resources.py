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
    """Yield a fault for what is missing, zero, or given in two ways."""
    resources = job["ResourceConfig"]
    alternatives = (job["ServerlessJobConfig"], job.get("HyperParameterTuningResourceConfig"))
    if any(node is not None and node.present for node in alternatives):
        return
    if not resources.present:
        yield resources.required("instance type, count and volume size must be given")
    elif isinstance(resources.value, dict):
        groups = resources["InstanceGroups"]
        if groups.items:
            yield from _doubled(resources, groups)
        else:
            yield from _missing(resources, groups)
        volume = resources["VolumeSizeInGB"]
        if not volume.present and not _is_misspelt(resources, "volume"):
            yield volume.required("must be given: the size in GB of each instance's volume")


def _doubled(resources: Node, groups: Node) -> Faults:
    for member in ("InstanceType", "InstanceCount"):
        node = resources[member]
        if node.value:  # ACK writes the server's 0 and "" back into the spec
            yield node.forbidden(f"may not be given beside {groups.field.key}")


def _missing(resources: Node, groups: Node) -> Faults:
    kind, count = resources["InstanceType"], resources["InstanceCount"]
    preferences = resources["InstancePreferences"].present
    if not kind.present and not preferences and not _is_misspelt(resources, "type"):
        yield kind.required(f"must be given, or {groups.field.key} instead")
    if not count.present and not preferences and not _is_misspelt(resources, "count"):
        yield count.required(f"must be given, or {groups.field.key} instead")
    if count.number is not None and count.number < 1 and not preferences:
        yield count.invalid("must be at least 1")


def _is_misspelt(resources: Node, word: str) -> bool:
    """Whether an unknown key most likely stands for the missing one: SM101 speaks of it."""
    return any(word in key.lower() for key in resources.unknown_keys)
