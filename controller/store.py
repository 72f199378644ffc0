# SPDX-License-Identifier: Apache-2.0
"""The objects that are known, who owns whom, and which AWS name is whose. All of it can be lost."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from controller.entry import Entry, Name, Place
from controller.subject import Subject
from webhook.resource import read_resource

OWNER_LABEL: Final = "owner_HostingDeployment_name"
"""On the children of the original's deployments, which have no ownerReferences."""

_OWNER: Final = re.compile(r"-([0-9a-f]{32})\Z")
"""How the name of such a child ends: its deployment's uid."""


@dataclass(slots=True)
class Store:
    """Entries by uid."""

    entries: dict[str, Entry] = field(default_factory=dict)
    names: dict[Name, tuple[str, ...]] = field(default_factory=dict)
    """What AWS knows a thing by -> uids of the objects that name it, for what a List call shows.

    More than one may, in two namespaces: whose it is, is not for a name to say.
    """
    _owned: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def see(self, body: Mapping[str, Any], *, is_gone: bool, is_listed: bool) -> Iterator[str]:
        """Take in an object as a watch brings it; yield the uids that are to be looked at."""
        resource = read_resource(body)
        if resource is None or not isinstance(resource.metadata.get("uid"), str):
            return
        subject = Subject(resource)
        for owner in owners(body):
            self._owned[owner].add(subject.uid)
            yield owner
        if is_gone:
            self._drop(subject)
            return
        entry = self.entries.get(subject.uid)
        if entry is None:
            self.entries[subject.uid] = Entry(subject)
            yield subject.uid
        elif entry.see(subject, is_listed=is_listed):
            yield subject.uid

    def _drop(self, subject: Subject) -> None:
        entry = self.entries.pop(subject.uid, None)
        if entry is not None:
            if entry.timer is not None:
                entry.timer.cancel()
            for name in entry.names:
                others = tuple(uid for uid in self.names.pop(name, ()) if uid != entry.uid)
                self.names |= {name: others} if others else {}
        self._owned.pop(subject.uid, None)
        for owner in owners(subject.resource.body):
            self._owned[owner].discard(subject.uid)
            if not self._owned[owner]:
                del self._owned[owner]

    def adopt(self, owner: str, uid: str) -> None:
        """Count one as another's child, though it may not say so: one that was there already."""
        self._owned[owner].add(uid)

    def name(self, entry: Entry, operation: str, name: str) -> None:
        """Note which AWS name an object is described by."""
        region = entry.subject.region
        if region is not None:
            key = ((operation, region, entry.subject.endpoint), name)
            entry.names.add(key)
            others = self.names.get(key, ())
            if entry.uid not in others:
                self.names[key] = (*others, entry.uid)

    def find(self, place: Place, name: str) -> list[Entry]:
        """Return the objects that are described by an AWS name."""
        found = (self.entries.get(uid) for uid in self.names.get((place, name), ()))
        return [entry for entry in found if entry is not None]

    @property
    def places(self) -> set[Place]:
        """The places where anything is; no object is unpacked for it."""
        return {place for place, _ in self.names}

    def children(self, uid: str) -> dict[tuple[str, str], Mapping[str, Any]]:
        """Return the objects of its namespace that one owns, by kind and name."""
        owner, owned = self.entries.get(uid), self._owned.get(uid, ())
        found = [entry.subject for each in owned if (entry := self.entries.get(each)) is not None]
        return {
            (child.kind, child.name): child.resource.body
            for child in found
            if owner is not None and child.namespace == owner.subject.namespace
        }

    def states(self) -> Counter[tuple[str, str]]:
        """Return how many objects there are, by kind and state."""
        return Counter(entry.state for entry in self.entries.values())


def owners(body: Mapping[str, Any]) -> list[str]:
    """Return the uids of the objects that own one: by its references, or as the original had it."""
    metadata = body.get("metadata")
    if not isinstance(metadata, dict):
        return []
    references = metadata.get("ownerReferences")
    items = references if isinstance(references, list) else []
    found = [o["uid"] for o in items if isinstance(o, dict) and isinstance(o.get("uid"), str)]
    labels, name = metadata.get("labels"), metadata.get("name")
    if not found and isinstance(labels, dict) and OWNER_LABEL in labels and isinstance(name, str):
        found = [str(UUID(tail)) for tail in _OWNER.findall(name)]
    return found
