# SPDX-License-Identifier: Apache-2.0
"""Image and job are in the same region.

SageMaker pulls an image from the region that it runs in, and refuses any other.

Fix: name the repository of that region; the message gives it for AWS's own images.
"""

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Put, Severity
from webhook.node import Node
from webhook.rule import Faults, Shape, rule


@rule(
    "SM210",
    on=Shape("AlgorithmImage", "ContainerImage", "ImageUri"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-algo-docker-registry-paths.html",
)
def image_region(node: Node, call: Call, facts: Catalog) -> Faults:
    """Yield a fault for an ECR image of another region than the call's."""
    image = facts.image(node.text or "")
    region = call.region
    if image is None or region is None or facts.partition(region) is None:
        return
    if image.region == region:
        return
    text = f"the image is in {image.region}, the job runs in {region}"
    compared = (node.value, region)
    there = facts.image_in(region, image)
    if there is not None and (facts.is_aws_image(image) or image.account in facts.accounts):
        yield node.invalid(text, use=str(there), compared=compared, edit=Put(str(there)))
    elif facts.is_aws_image(image):
        yield node.invalid(
            f"{text}, and AWS does not publish {image.repository} there", compared=compared
        )
    else:
        yield node.invalid(f"{text}; replicate it to a registry in {region}", compared=compared)
