# SPDX-License-Identifier: Apache-2.0
"""Rules on shapes speak of every kind that has the shape, at every place of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schemas import Field, Kind
from tests.specimens.fault import put, trails
from tests.specimens.specimen import least, wrap
from tests.test_kinds import IDS, KINDS, judge
from webhook.finding import render_path
from webhook.instances import INSTANCE_SHAPES

IMAGES = ("AlgorithmImage", "ContainerImage", "ImageUri")
ELSEWHERE = "811284229777.dkr.ecr.us-east-1.amazonaws.com/xgboost:1"

every = pytest.mark.parametrize("kind", KINDS, ids=IDS)


def texts_of(kind: Kind) -> Iterator[tuple[Field, ...]]:
    """Yield the way to each text that AWS gives a meaning to: none of the user's own maps."""
    for trail in trails(kind.spec, ()):
        if not trail or trail[-1].form != "scalar" or trail[-1].type != "string":
            continue
        if any(field.form in {"map", "pairs"} for field in trail):
            continue
        yield trail


def findings_with(kind: Kind, trail: tuple[Field, ...], value: str) -> tuple[str, set[str]]:
    """Put a value at a place of the least object; return the place, and the rules heard there."""
    spec = least(kind)
    at = render_path(put(kind.spec, spec, trail, value))
    found = {f.rule for f in judge(wrap(kind, spec)).everything if f.field == at}
    return at, found


@every
def test_images_instance_types_and_arns_of_every_kind(kind: Kind) -> None:
    """The image of another region, a type that never was, an ARN of another partition."""
    for trail in texts_of(kind):
        field = trail[-1]
        if field.shape in IMAGES:
            at, rules = findings_with(kind, trail, ELSEWHERE)
            assert "SM210" in rules, at
        if field.shape in INSTANCE_SHAPES:
            at, rules = findings_with(kind, trail, "ml.m5.xlrge")
            assert "SM240" in rules, at
        if not field.operator and "enum" not in field.constraints:
            at, rules = findings_with(kind, trail, "arn:aws-cn:iam::123456789012:role/x")
            assert "SM220" in rules, at


def test_no_shape_of_an_image_or_instance_type_is_missed() -> None:
    """By their names and their enumerations: a new one would have to be added."""
    images, types = set(), set()
    for kind in KINDS:
        for field in kind.spec.walk():
            if field.form == "scalar" and "Image" in field.shape:
                images.add(field.shape)
            values = field.constraints.get("enum", ())
            if "InstanceType" in field.shape or any(str(v).startswith("ml.") for v in values):
                types.add(field.shape)
    names = {"AppImageConfigName", "ImageArn", "ImageDigest", "ImageName", "ImageVersionAlias",
             "ImageVersionArn", "ImageVersionNumber"}  # fmt: skip
    assert images - names <= set(IMAGES)
    lists = {"TransformInstanceTypes", "RealtimeInferenceInstanceTypes"}
    accelerators = {"NotebookInstanceAcceleratorType", "ProductionVariantAcceleratorType"}
    assert types - lists - accelerators <= set(INSTANCE_SHAPES)


@every
def test_the_region_of_every_kind(kind: Kind) -> None:
    """One that is none, with its nearest."""
    body = wrap(kind, least(kind))
    if kind.is_ack:
        body["metadata"]["annotations"]["services.k8s.aws/region"] = "us-west2"
    else:
        body["spec"]["region"] = "us-west2"
    found = [f.sentence for f in judge(body).everything if f.rule == "SM201"]
    assert len(found) == 1
    assert 'did you mean "us-west-2"' in found[0]
