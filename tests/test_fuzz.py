# SPDX-License-Identifier: Apache-2.0
"""Two fuzz targets: bytes to the decoder, objects to the review. `make fuzz` runs them longer.

`FUZZ_EXAMPLES` says how many of each are tried; what fails is kept and tried first next time.
"""

from __future__ import annotations

import json
import os
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas import Kind
from tests.samples import context
from tests.server.reviews import SAMPLE
from tests.server.reviews import review as admission_review
from tests.specimens.anything import json_values
from tests.specimens.mutant import mutant
from tests.test_hostile import never_stumbles
from tests.test_kinds import KINDS
from webhook.context import Verb
from webhook.defaulting import default
from webhook.protocol import Undecodable, decode, recover_uid
from webhook.reserved import CRASHED
from webhook.resource import read_resource
from webhook.review import review

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))

fuzz = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

WHOLE = json.dumps(admission_review(object=SAMPLE)).encode()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A review with bytes cut out, put in, or doubled, at a few places."""
    body = bytearray(WHOLE)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = start + draw(st.integers(0, 40))
        put = draw(st.binary(max_size=20) | st.sampled_from([bytes(body[start:end]) * 2, b"\\u"]))
        body[start:end] = put
    return bytes(body)


@fuzz
@given(body=st.binary(max_size=200) | damaged())
def test_the_decoder_takes_any_bytes(body: bytes) -> None:
    """It decodes, or says that it cannot; a uid that it finds is one that stands there."""
    try:
        found = decode(body).request.uid
    except Undecodable as error:
        found = error.uid
    assert not found or json.dumps(found)[1:-1].encode() in body or found.encode() in body
    assert recover_uid(body).encode() in body


@fuzz
@given(kind=st.sampled_from(KINDS), chance=st.randoms(use_true_random=False), value=json_values)
def test_the_review_takes_any_object(kind: Kind, chance: random.Random, value: Any) -> None:
    """A mutant of any kind, with arbitrary JSON at an arbitrary place of it."""
    body = mutant(kind, chance)
    spec = body["spec"]
    if isinstance(spec, dict) and spec:
        spec[chance.choice(sorted(spec))] = value
    else:
        body["spec"] = value
    never_stumbles(body)
    old = read_resource(mutant(kind, chance), "default")
    new = read_resource(body, "default")
    assert new is not None
    update = replace(context(), verb=Verb.UPDATE, old=old)
    done = default(new, update)
    assert default(done.resource, update).patch == (), "a second time fills nothing"
    assert not [f for f in review(done.resource, update).everything if f.rule == CRASHED]
