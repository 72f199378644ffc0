# SPDX-License-Identifier: Apache-2.0
"""Sections: which match, and which wins."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import yaml

from schemas import Kind, find_kind, load_table
from tests.gateprocess import ROOT
from webhook.finding import Mode
from webhook.policy import Policy, parse
from webhook.policyschema import PolicyError, policy_schema
from webhook.resource import Namespace
from webhook.review import moded_ids, parameter_types

RULES = moded_ids()


def kind() -> Kind:
    """Return a kind."""
    found = find_kind("sagemaker.aws.amazon.com", "TrainingJob")
    assert found is not None
    return found


def policy(*sections: dict[str, Any]) -> Policy:
    """Parse sections."""
    named = [{"name": f"s{i}", **section} for i, section in enumerate(sections)]
    document = {
        "apiVersion": "kube-sagemaker.dev/v1alpha1",
        "kind": "SageMakerPolicy",
        "metadata": {"name": "p"},
        "spec": {"sections": named},
    }
    return parse(document, parameter_types(), RULES)


def test_the_later_section_wins_key_by_key() -> None:
    """A default, one parameter of a rule, a mode: what the later does not say stays."""
    found = policy(
        {"defaults": {"Region": "a", "RoleArn": "r" * 20},
         "parameters": {"SM603": {"instances": 16, "volume_gb": 500}},
         "modes": {"SM210": "warn", "SM220": "audit"}},
        {"defaults": {"Region": "b"}, "parameters": {"SM603": {"instances": 4}},
         "modes": {"SM210": "off"}},
    ).effective(kind(), "x", None)  # fmt: skip
    assert (found.values["Region"], found.values["RoleArn"]) == ("b", "r" * 20)
    limits = found.parameters["SM603"]
    assert (limits.instances, limits.volume_gb, limits.runtime_hours) == (4, 500, None)
    assert found.modes == {"SM210": Mode.OFF, "SM220": Mode.AUDIT}


@pytest.mark.parametrize(
    ("match", "namespace", "labels", "matches"),
    [
        ({}, "any", {}, True),
        ({"namespaces": {"names": ["research", "lab-*"]}}, "lab-1", {}, True),
        ({"namespaces": {"names": ["research", "lab-*"]}}, "lab", {}, False),
        ({"namespaces": {"names": ["Lab"]}}, "lab", {}, False),
        ({"namespaces": {"selector": {"matchLabels": {"a": "1"}}}}, "x", {"a": "1"}, True),
        ({"namespaces": {"selector": {"matchLabels": {"a": "1"}}}}, "x", {"a": "2"}, False),
        ({"namespaces": {"names": ["x"], "selector": {"matchLabels": {"a": "1"}}}}, "y",
         {"a": "1"}, False),
        ({"kinds": ["TrainingJob"]}, "x", {}, True),
        ({"kinds": ["Model"]}, "x", {}, False),
    ],
)  # fmt: skip
def test_matching(
    match: dict[str, Any], namespace: str, labels: dict[str, str], matches: bool
) -> None:
    """Names as in a shell, labels exactly, kinds; all that is said must hold."""
    found = policy({"match": match, "defaults": {"Region": "here"}})
    effective = found.effective(kind(), namespace, Namespace(namespace, labels, {}))
    assert ("Region" in effective.values) is matches


def test_the_samples_are_good() -> None:
    """The policies that the project ships are parsed by it."""
    for path in (ROOT / "manifests" / "samples" / "policy.yaml",):
        parse(yaml.safe_load(path.read_text()), parameter_types(), RULES)
    shipped = yaml.safe_load((ROOT / "manifests" / "base" / "policy.yaml").read_text())
    parse(yaml.safe_load(shipped["data"]["policy.yaml"]), parameter_types(), RULES)


def test_the_schema_is_made_from_the_rules_parameters() -> None:
    """The committed schema is today's, is a schema, and refuses what `parse` refuses."""
    schema = load_table("policy.json")
    assert schema == policy_schema(parameter_types(), RULES)
    jsonschema.Draft202012Validator.check_schema(schema)
    with pytest.raises(PolicyError, match="volume_gb"):
        policy({"parameters": {"SM603": {"volume": 5}}})


def test_a_default_in_a_list_is_refused() -> None:
    """A default never reaches into a list."""
    with pytest.raises(PolicyError, match="outside of lists"):
        policy({"defaults": {"InputDataConfig.ChannelName": "x"}})
