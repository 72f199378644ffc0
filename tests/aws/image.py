# SPDX-License-Identifier: Apache-2.0
"""Images of another region, and the three different ways in which AWS refuses them.

The words are those of public issue threads, one for each of the three operations.
"""

from __future__ import annotations

import re
from typing import Final

from tests.aws.refusal import invalid

_ECR: Final = re.compile(r"\d{12}\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.([a-z0-9.-]+)/\S+")


def check_training_image(image: str | None, region: str) -> None:
    """Raise ValidationException as CreateTrainingJob does."""
    foreign, suffix = _region_of(image, region)
    if foreign:
        raise invalid(
            f"Invalid DNS suffix '{suffix}' for region '{foreign}' in training image. "
            f"Please provide the valid <region>.<dns-suffix>: '{region}.{suffix}'"
        )


def check_model_image(image: str | None, region: str) -> None:
    """Raise ValidationException as CreateModel does."""
    foreign, _ = _region_of(image, region)
    if foreign:
        raise invalid(
            f'Region of "{image}" does not match expected region of {region}. '
            "Cross region ECR image pulls are not allowed."
        )


def check_processing_image(image: str | None, region: str) -> None:
    """Raise ValidationException as CreateProcessingJob does."""
    foreign, _ = _region_of(image, region)
    if foreign:
        raise invalid(
            f"Invalid region {foreign} in image URI {image}. "
            f"Please provide an image URI in region {region}."
        )


def _region_of(image: str | None, region: str) -> tuple[str, str]:
    """Return another region's name and DNS suffix, or two empty texts."""
    found = _ECR.fullmatch(image or "")
    if found is None or found[1] == region:
        return "", ""
    return found[1], found[2]
