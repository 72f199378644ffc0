# SPDX-License-Identifier: Apache-2.0
"""One of AWS's own images is taken from the account that AWS publishes it from.

Each region has registry accounts of its own. A URI whose host was edited for another region keeps
the account of the old one, and the pull fails minutes later.

Fix: use the URI that the message gives.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Put, Severity
from webhook.node import Node
from webhook.rule import Faults, Shape, rule


@rule(
    "SM211",
    on=Shape("AlgorithmImage", "ContainerImage", "ImageUri"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-algo-docker-registry-paths.html",
)
def image_account(node: Node, call: Call, facts: Catalog) -> Faults:
    """Yield a fault for a repository of AWS's under an account of AWS's in the wrong region."""
    image = facts.image(node.text or "")
    if image is None or (call.region is not None and image.region != call.region):
        return  # another region altogether is the business of SM210
    there = facts.image_in(image.region, image)
    if there is None or there.account == image.account or image.account not in facts.accounts:
        return
    yield node.invalid(
        f"AWS publishes {image.repository} in {image.region} from account {there.account},"
        f" not {image.account}",
        use=str(there),
        edit=Put(str(there)),
    )
