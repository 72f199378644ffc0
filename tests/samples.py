# SPDX-License-Identifier: Apache-2.0
"""The samples of manifests/samples, read once."""

from __future__ import annotations

import copy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from schemas import Kind
from tests.gateprocess import ROOT
from webhook.catalog import load_catalog
from webhook.context import Context, Verb
from webhook.defaulting import Defaulted, default
from webhook.policy import parse
from webhook.resource import read_resource
from webhook.review import moded_ids, parameter_types
from webhook.schema import RustEngine

FOLDER = ROOT / "manifests" / "samples"


@cache
def _read() -> tuple[tuple[Path, dict[str, Any]], ...]:
    return tuple((path, yaml.safe_load(path.read_text())) for path in sorted(FOLDER.glob("*.yaml")))


def sample_files() -> list[Path]:
    """Return the files, without the policy's."""
    return [path for path, body in _read() if body["kind"] != "SageMakerPolicy"]


def samples(kind: Kind) -> list[dict[str, Any]]:
    """Return the samples of a kind; they may be changed."""
    wanted = (kind.api_version, kind.name)
    found = [body for _, body in _read() if (body["apiVersion"], body["kind"]) == wanted]
    return copy.deepcopy(found)


@cache
def context() -> Context:
    """Return the surroundings of a CREATE under the sample policy."""
    document = yaml.safe_load((FOLDER / "policy.yaml").read_text())
    policy = parse(document, parameter_types(), moded_ids())
    return Context(Verb.CREATE, load_catalog(), RustEngine, date(2026, 1, 1), policy)


def completed(kind: Kind) -> list[Defaulted]:
    """Return the samples of a kind as the gate completes them."""
    found = [read_resource(body, "default") for body in samples(kind)]
    return [default(resource, context()) for resource in found if resource is not None]
