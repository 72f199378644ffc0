# SPDX-License-Identifier: Apache-2.0
"""A value in AWS names, put down in a kind's spelling, and back."""

from __future__ import annotations

from typing import Any

from schemas import Field


def spell(field: Field, value: Any) -> Any:
    """Return `value`, written as the API takes it, as the CRD's field takes it.

    Structures get the CRD's keys, a map becomes a list of pairs where the CRD has one. What is of
    another type than the field's is returned as it is: the schema will speak of it.
    """
    if field.form == "structure" and isinstance(value, dict):
        known = {child.member: child for child in field.fields.values()}
        only_api = {member: key for key, member in field.absent.items()}
        return {
            known[member].key if member in known else only_api.get(member, member): (
                spell(known[member], item) if member in known else item
            )
            for member, item in value.items()
        }
    if field.form == "list" and isinstance(value, list) and field.item is not None:
        return [spell(field.item, item) for item in value]
    if field.form == "pairs" and isinstance(value, dict):
        return [{"name": name, "value": item} for name, item in value.items()]
    return value


def unspell(field: Field, value: Any) -> Any:
    """Return `value`, written as the CRD's field takes it, as the API takes it.

    Fields that are the controller's own are left out, and keys that the CRD does not have. Of two
    pairs with one name the later wins, as in the original.
    """
    if field.form == "structure" and isinstance(value, dict):
        return {
            child.member: unspell(child, value[key])
            for key, child in field.fields.items()
            if key in value and not child.operator
        }
    if field.form == "list" and isinstance(value, list) and field.item is not None:
        return [unspell(field.item, item) for item in value]
    if field.form == "pairs" and isinstance(value, list):
        pairs = [item for item in value if isinstance(item, dict)]
        whole = [pair for pair in pairs if {"name", "value"} <= pair.keys()]
        return {p["name"]: p["value"] for p in whole if not isinstance(p["name"], dict | list)}
    return value
