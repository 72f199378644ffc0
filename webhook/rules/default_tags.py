# SPDX-License-Identifier: Apache-2.0
"""The tags that the policy gives by default are there.

A default is put in where the object has no tags at all. A list of the user's own is never
extended, since an added item would come and go with every apply; so it must bring them itself.

Fix: add the tag that the message names.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Severity
from webhook.node import Node
from webhook.rule import Faults, Operation, rule


@rule(
    "SM604",
    on=Operation("*"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html",
)
def default_tags(root: Node, call: Call, _facts: Catalog) -> Faults:
    """Yield a fault for each default tag whose key the user's list lacks."""
    wanted = call.defaults.get("Tags")
    if not isinstance(wanted, list):
        return
    tags = root.get("Tags")
    if tags is None or not isinstance(tags.value, list):
        return  # not every API takes tags
    there = {tag["Key"].text for tag in tags.items}
    for tag in wanted:
        if tag["Key"] not in there:
            yield tags.required(
                f"must hold the tag {tag['Key']}, by default {tag['Value']}",
                compared=(tag["Key"],),
            )
