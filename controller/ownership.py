# SPDX-License-Identifier: Apache-2.0
"""Whose a thing in AWS is: nothing of somebody else's is ever taken for ours, or stopped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from controller.subject import UID_TAG, Subject

LEAST_UID: Final = 16
"""Characters of a uid that are no chance: a name that holds fewer proves nothing."""


def is_ours(
    subject: Subject, name: str, recorded: str, tags: Mapping[str, str] | None
) -> bool | None:
    """Whether the thing of this name is the subject's; None while its tags are to be asked for.

    By what an earlier status says, by the uid that a made name holds, else by our tag.
    """
    if recorded == name or is_by_name(subject, name):
        return True
    return None if tags is None else tags.get(UID_TAG) == subject.uid


def is_by_name(subject: Subject, name: str) -> bool:
    """Whether a name alone says whose it is: one that was made from the uid does.

    A tuning job's name has no room for more than the uid.
    """
    uid = subject.uid.replace("-", "")
    return len(uid) >= LEAST_UID and uid in name
