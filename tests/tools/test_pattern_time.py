# SPDX-License-Identifier: Apache-2.0
"""No pattern of the API takes more than linear time, whatever it is given, in either engine.

Times are compared with each other only. What is done as fast as some plain scans of 64 KB says
nothing; what is slower must not more than triple when the text doubles.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import product
from math import log2
from multiprocessing import get_context
from typing import Any

import jsonschema_rs
import pytest

from schemas import kinds, load_table
from tests.specimens.text import CANDIDATES
from tests.tools.test_generator import nodes
from tools.dialect import load_facts
from tools.model import load_model
from webhook.schema import PythonEngine, RustEngine, matches

SIZES = (16, 20, 24, 28, 32, 256, 2048, 8192, 32768, 65536)
"""Characters; the first steps are small, so that exponential time is met while it is short."""

PUMPS = ("a", "0", "-", "/", ".", "_", " ", "a-", "a/", "A0.", "=", "\n", "-a", ":")
TAILS = ("!", "\n", "", "-\u00e9", "/a\n", ":a\n", ".!", "-!")
PLAIN_SCANS = 30
TRIES = 20


def patterns() -> list[str]:
    """Return every pattern of every kind."""
    found = {
        node["pattern"]
        for _, file in kinds().values()
        for node in nodes(load_table(file))
        if isinstance(node.get("pattern"), str)
    }
    return sorted(found)


def took(match: Callable[[str], Any], text: str) -> float:
    """Return the seconds of processor time of one run: neighbours on the machine do not count."""
    start = time.thread_time()
    match(text)
    return time.thread_time() - start


@cache
def scan(engine: str) -> float:
    """Return the time of a plain scan of 64 KB, the least of some."""
    match, text = matcher(engine, "^(?:[a-z]*)$"), "a" * SIZES[-1]
    return min(took(match, text) for _ in range(5))


def matcher(engine: str, pattern: str) -> Callable[[str], Any]:
    """Return what matches a pattern, as the engine does."""
    if engine == "jsonschema":
        return re.compile(pattern.removeprefix("^").removesuffix("$"), re.ASCII).fullmatch
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid


def stems(pattern: str) -> Iterator[str]:
    """Yield beginnings that lead into the pattern: nothing, and what it takes."""
    yield ""
    fitting = [text for text in CANDIDATES if matches(pattern, text)]
    yield from fitting[:3]
    yield from (text[: len(text) // 2] for text in fitting[:1])


def first_steep(engine: str, pattern: str, stem: str, pump: str, tail: str) -> int | None:
    """Return the first size at which the time has more than tripled for twice the text."""
    match, enough = matcher(engine, pattern), PLAIN_SCANS * scan(engine)
    before, last = enough, SIZES[0]
    for size in SIZES:
        text = stem + (pump * size)[:size] + tail
        most = max(before * 3 ** log2(size / last), enough)
        # a run that the machine interrupted is tried again
        times = (took(match, text) for _ in range(TRIES))
        now = next((now for now in times if now <= most), None)
        if now is None:
            return size
        before, last = now, size
    return None


@pytest.mark.parametrize("pattern", patterns())
@pytest.mark.parametrize("engine", ["jsonschema", "jsonschema-rs"])
def test_a_pattern_is_linear(engine: str, pattern: str) -> None:
    """Beginnings that fit, then what may be repeated, then what cannot fit.

    What looks steep is looked at again in a process of its own: after an hour of tests the heap of
    this one may cost more than the pattern.
    """
    for stem, pump, tail in product(stems(pattern), PUMPS, TAILS):
        if first_steep(engine, pattern, stem, pump, tail) is not None:
            with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
                asked = fresh.submit(first_steep, engine, pattern, stem, pump, tail)
                assert asked.result() is None, (stem, pump, tail)


@pytest.mark.parametrize("engine", [RustEngine, PythonEngine])
def test_the_length_acts_before_the_pattern(engine: Any) -> None:
    """A text that is too long fails for its length alone: its pattern is never tried."""
    for _, file in kinds().values():
        for name, rules in load_table(file)["$defs"].items():
            if "then" not in rules:
                continue
            compiled = engine({"properties": {"at": rules}})
            text = "\u00e9" * (rules["maxLength"] + 1)
            failed = [keyword for keyword, _ in compiled.failures({"at": text})]
            assert failed == ["maxLength"], name


SAME = (
    ("([^/]+)/?(.*)", "[^/]+(?:/.*)?", "ab/\n"),
    (load_model("newest").shape("RepositoryUrl").pattern,
     load_facts().patterns["RepositoryUrl"], None),
    (load_model("newest").shape("ImageVersionAlias").pattern,
     load_facts().patterns["ImageVersionAlias"], "019.a-+\n"),
)  # fmt: skip


@pytest.mark.parametrize(("original", "repaired", "alphabet"), SAME)
def test_a_faster_pattern_takes_the_same_texts(
    original: str, repaired: str, alphabet: str | None
) -> None:
    """All short texts of the characters that matter."""
    beginning = "" if alphabet else "https://"
    for length in range(7):
        for letters in product(alphabet or "a./-!", repeat=length):
            text = beginning + "".join(letters)
            slow, fast = re.fullmatch(original, text), re.fullmatch(repaired, text)
            assert bool(slow) is bool(fast), text
