# SPDX-License-Identifier: Apache-2.0
"""The region that the job runs in.

Legacy kinds keep it in `spec.region`. ACK objects get the annotation that ACK itself would have
resolved (the namespace's, else the policy's, else the controller's own), which pins the object
against later edits of those.
"""

from collections.abc import Iterator

from webhook.default import Filling, Subject, default_rule
from webhook.extract import REGION_ANNOTATION
from webhook.resource import DEFAULT_REGION


@default_rule
def region(subject: Subject) -> Iterator[Filling]:
    """Yield the place of the region."""
    kind, default = subject.resource.kind, subject.effective.defaults.get("Region")
    if not kind.is_ack:
        yield Filling.of(("spec", *kind.members["Region"].keys), default)
        return
    place = REGION_ANNOTATION.keys
    pinned = subject.resource.status_region
    inherited = subject.namespace.annotations.get(DEFAULT_REGION) if subject.namespace else None
    if pinned:
        yield Filling(place, pinned, "status.ackResourceMetadata.region")
    elif inherited:
        yield Filling(place, inherited, f"the namespace's annotation {DEFAULT_REGION}")
    elif default is None and subject.effective.controller_region:
        yield Filling(place, subject.effective.controller_region, "the policy's ackController")
    else:
        yield Filling.of(place, default)
