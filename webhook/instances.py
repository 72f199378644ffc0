# SPDX-License-Identifier: Apache-2.0
"""What the two rules on instance types share: the uses, the form, and what counts as a slip."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

INSTANCE_SHAPES: Final[Mapping[str, str]] = {
    "TrainingInstanceType": "training",
    "ProcessingInstanceType": "processing",
    "TransformInstanceType": "batch transform",
    "ProductionVariantInstanceType": "hosting",
    "InstanceType": "notebooks",
    "AppInstanceType": "Studio apps",
    "ClusterInstanceType": "clusters",
}
"""AWS shape -> the use that it lists types for."""

WELL_FORMED: Final = r"ml\.[a-z][a-z0-9-]{0,30}\.(?:[a-z0-9-]{1,20})"


def is_slip(text: str, known: str) -> bool:
    """Whether `text` is `known` with letters mistyped, and not a newer generation of it.

    `ml.m9i.large` is a digit away from `ml.m8i.large` and will exist one day: news. `ml.m5.xlrge`
    differs in letters: a slip.
    """
    family, size = _parts(text)
    known_family, known_size = _parts(known)
    digits = re.compile(r"[0-9]+")
    if digits.sub("", family) != digits.sub("", known_family):
        return digits.findall(family) == digits.findall(known_family)
    return digits.sub("", size) != digits.sub("", known_size)


def _parts(text: str) -> tuple[str, str]:
    _, family, size = text.split(".", 2)
    return family, size
