# SPDX-License-Identifier: Apache-2.0
"""What is admitted becomes requests that AWS's own client takes, and nothing is lost on the way."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import botocore.loaders
import botocore.model
import botocore.validate
import pytest

from schemas import Field, Kind
from tests.samples import completed, samples
from tests.specimens.mutant import valid
from tests.specimens.specimen import wrap
from tests.test_kinds import IDS, KINDS
from webhook.call import Call
from webhook.extract import extract
from webhook.naming import NAME_OF
from webhook.node import View
from webhook.request import name_of, request_of
from webhook.resource import read_resource
from webhook.schema import RustEngine, engine_of
from webhook.spelling import spell, unspell

OBJECTS = 60
"""Random objects of each kind."""

every = pytest.mark.parametrize("kind", KINDS, ids=IDS)


@cache
def service(name: str) -> botocore.model.ServiceModel:
    """Return botocore's model of a service."""
    description = botocore.loaders.Loader().load_service_model(name, "service-2")
    return botocore.model.ServiceModel(description, name)


def complaints(call: Call) -> str:
    """Return what botocore's own validator says of a call's request, nothing if it is good."""
    scaling = call.operation in {"RegisterScalableTarget", "PutScalingPolicy"}
    model = service("application-autoscaling" if scaling else "sagemaker")
    shape = model.operation_model(call.operation).input_shape
    report = botocore.validate.ParamValidator().validate(request_of(call), shape)
    said: str = report.generate_report()
    return said


def calls_of(body: Mapping[str, Any]) -> tuple[Call, ...]:
    """Return the calls that an object becomes."""
    resource = read_resource(body, "default")
    assert resource is not None
    return extract(resource, View(resource.kind, resource.spec), None, {}, None)


def specimens(kind: Kind) -> Iterator[Any]:
    """Yield random specs that the schema takes."""
    chance = random.Random(kind.name)  # noqa: S311 - the same objects in every run
    for _ in range(OBJECTS):
        spec = valid(kind, chance)
        assert engine_of(kind, RustEngine).is_valid(wrap(kind, spec))
        yield spec


@every
def test_requests_are_what_botocore_takes(kind: Kind) -> None:
    """Each call that is sent, of samples and of random objects."""
    made = [wrap(kind, spec) for spec in specimens(kind)]
    for body in [*made, *(each.resource.body for each in completed(kind))]:
        sent = [call for call in calls_of(body) if not call.part_of]
        assert {call.operation for call in sent} <= set(kind.operations)
        for call in sent:
            assert not complaints(call), (call.operation, request_of(call))


def without_own(field: Field, value: Any) -> Any:
    """Return a value without the fields that are the controller's own."""
    if field.form == "structure" and isinstance(value, dict):
        return {
            key: without_own(child, value[key])
            for key, child in field.fields.items()
            if key in value and not child.operator
        }
    if field.form == "list" and isinstance(value, list) and field.item is not None:
        return [without_own(field.item, item) for item in value]
    return value


@every
def test_nothing_is_lost_on_the_way(kind: Kind) -> None:
    """A spec in AWS names, put down in the kind's spelling again, is the spec."""
    for spec in [*specimens(kind), *(body["spec"] for body in samples(kind))]:
        there = unspell(kind.spec, spec)
        assert spell(kind.spec, there) == without_own(kind.spec, spec)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if len(kind.operations) == 1])
def test_a_direct_kinds_request_is_its_spec(kind: Kind) -> None:
    """And what the controller makes: a name or a token, where the user gives none."""
    for spec in specimens(kind):
        call = calls_of(wrap(kind, spec))[0]
        mine, request = unspell(kind.spec, spec), request_of(call)
        made = {key: value for key, value in request.items() if key not in mine}
        assert {key: request[key] for key in mine} == mine
        assert set(made) <= {NAME_OF[call.operation], "ClientRequestToken"}
        assert name_of(call) == request.get(NAME_OF[call.operation])
