# SPDX-License-Identifier: Apache-2.0
"""A sample of every kind, completed and clean under the sample policy."""

from __future__ import annotations

import pytest

from schemas import Kind
from tests.samples import FOLDER, completed, context, sample_files, samples
from tests.test_kinds import IDS, KINDS
from webhook.review import review

every = pytest.mark.parametrize("kind", KINDS, ids=IDS)


@every
def test_every_kind_has_a_sample_that_is_clean(kind: Kind) -> None:
    """Once role and region are filled in, the gate has nothing to say, not even a warning."""
    found = completed(kind)
    assert found, f"{FOLDER} has no {kind.name} of {kind.api_version}"
    for done in found:
        verdict = review(done.resource, context())
        assert [finding.sentence for finding in verdict.everything] == []


def test_every_file_is_a_sample_of_a_kind() -> None:
    """None lies about that nothing reads."""
    assert len(sample_files()) == sum(len(samples(kind)) for kind in KINDS)
