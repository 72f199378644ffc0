# SPDX-License-Identifier: Apache-2.0
"""The texts of the frozen table: `python -m tests.yaml.texts | (cd tests/yaml/oracle; go run .)`.

What comes out is tests/yaml/kubernetes.jsonl; go.mod says by which version of the library.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

WORDS = Path(__file__).with_name("words.txt").read_text().split()

NUMBERS = [
    f"{sign}{whole}{rest}"
    for sign, whole, rest in product(
        ("", "-", "+"),
        ("0", "1", "7", "08", "017", "12", "1_2", "999999999999999999999"),
        ("", ".", ".0", ".50", "e0", "e2", "e-2", "E+2", ".5e1", "_", "x", "e", ".5.5"),
    )
]

QUOTED = [
    "'yes'", '"1e3"', "'0o14'", '"null"', "''", '""', "'<<'", '"\\u00e9\\n"', "'it''s'", '"a\\tb"',
    "!!str 5", "!!str yes", "!!int '5'", "!!float 5", "!!bool 'yes'", "!!null ''", "! 5",
    "!foo bar", "!!str", "&a 5", "|\n  text\n", ">\n  folded\n  text\n", "|-\n  5\n", ">-\n  yes\n",
    "[y, n, 1e3]", "{a: on, b: 0o7}", "[]", "{}", "5 # five", "a b", "a: b", "- 1", "? a", "a #b",
]  # fmt: skip

SCALARS = [*WORDS, *NUMBERS, *QUOTED]

DOCUMENTS = [
    "a: 1\nb: 2\n",
    "a:\n  b:\n    c: 5\n",
    "a:\n- 1\n- 2\n",
    "a:\n  - x: 1\n    y: 2\n  - z\n",
    "y: 1\n",
    "on: 1\noff: 2\n",
    "1: a\n",
    "true: a\n",
    "0x10: a\n",
    "null: a\n",
    "~: a\n",
    "? a\n: b\n",
    "a: &x 5\nb: *x\n",
    "a: &x {p: 1}\nb: *x\n",
    "a: &x [1, 2]\nb: [*x, *x]\n",
    "b: *x\n",
    "a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}\n",
    "a: &x {p: 1}\nb:\n  <<: *x\n  r: 4\n",
    "a: &x {p: 1}\nc: &y {p: 2, s: 3}\nb:\n  <<: [*x, *y]\n",
    "b: {<<: 5}\n",
    "b: {<<: [1]}\n",
    "a: {<<: {p: 1}, p: 2}\n",
    "'<<': 5\n",
    "a: <<\n",
    "a: |\n  one\n  two\nb: 1\n",
    "a: >\n  one\n  two\n\n  three\n",
    "a: |+\n  one\n\nb: 1\n",
    "a: |2\n   one\n",
    "a: ''\n",
    "a:\nb: 1\n",
    "a: ~\n",
    "a: \n  - \n  - 1\n",
    "[1, 2, {a: b}]\n",
    "5\n",
    "text\n",
    "",
    "# only\n",
    "---\na: 1\n",
    "%YAML 1.1\n---\na: 1\n",
    "%YAML 1.2\n---\na: 1\n",
    "a: [1, 2\n",
    "a: b: c\n",
    "a: 'x\n",
    "\ta: 1\n",
    "a:\t1\n",
    "a: 1 # c\n",
    'a: "x\\qy"\n',
    "a: @x\n",
    "a: `x`\n",
    "a: %x\n",
    "{a: 1, b: [x, y]}\n",
    '{"a": 1, "b": "yes"}\n',
    "a: !!binary aGVsbG8=\n",
    "a: !!set {x, y}\n",
    "a: &a [*a]\n",
    "a: 1\r\nb: 2\r\n",
    "\ufeffa: 1\n",
    "a: \u00e9\n",
    'a: "\\ud83d\\ude00"\n',
    "a: - 1\n",
    "- a\n- b: 1\n  c: 2\n",
    "a: !x {b: 1}\n",
    "a: !!map {b: 1}\n",
    "a:   spaced   \n",
    "a: one\n  two\n",
    "a: {b: , c: 1}\n",
    "a: [,]\n",
    "a: [1,]\n",
    "a: {b}\n",
    "'a b': c\n",
    "1.5: a\n",
    "- - 1\n  - 2\n",
    "a: 2001-01-01\nb: 12:30:45\n",
    "a: 0xFF\nb: 1_000\n",
]

if __name__ == "__main__":
    sys.stdout.write("\n=====\n".join([f"a: {text}" for text in SCALARS] + DOCUMENTS))
