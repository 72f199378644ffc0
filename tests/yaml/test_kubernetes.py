# SPDX-License-Identifier: Apache-2.0
"""The reader against a frozen table of what Kubernetes' own library makes of the same texts."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.yaml.texts import DOCUMENTS, SCALARS
from webhook.adapters.yamlfile import FileError, read_documents

TABLE = [
    json.loads(line)
    for line in Path(__file__).with_name("kubernetes.jsonl").read_text().splitlines()
]

OURS_REFUSES: dict[str, str] = {}
"""Text -> why we refuse what Kubernetes takes."""


def same(left: Any, right: Any) -> bool:
    """Whether two values are one in JSON; 1 and true are not."""
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-15)
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def read(text: str) -> Any:
    """Return what our reader makes of one document; None where it is empty."""
    found = list(read_documents(text.encode(), "x"))
    return found[0].root.plain if found else None


def test_the_table_is_of_these_texts() -> None:
    """At least 500 scalars and 50 documents; it was made from the texts as they are."""
    assert len(SCALARS) >= 500
    assert len(DOCUMENTS) >= 50
    assert [line["text"] for line in TABLE] == [f"a: {text}" for text in SCALARS] + DOCUMENTS


@pytest.mark.parametrize("line", TABLE, ids=[str(number) for number in range(len(TABLE))])
def test_we_read_what_kubernetes_reads(line: dict[str, Any]) -> None:
    """Value for value; what it refuses, we refuse."""
    if line.get("error") or line["text"] in OURS_REFUSES:
        with pytest.raises(FileError):
            read(line["text"])
    else:
        assert same(read(line["text"]), line["json"]), (read(line["text"]), line["json"])
