# SPDX-License-Identifier: Apache-2.0
"""YAML that means harm, or is odd: refused with its place, in bounded time; places are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from webhook.adapters.yamlfile import FileError, read_documents, read_yaml

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGE_BOMB = "a: &a {k: v}\n" + "".join(
    f"{new}: &{new} {{<<: [{', '.join([f'*{old}'] * 10)}]}}\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        (BOMB, "x:6", "aliases counted each time"),
        (MERGE_BOMB, "x:7", "aliases counted each time"),
        ("a: " + "[" * 100_000, "x:1:203", "nested deeper"),
        ("a: &a [*a]", "x:1:8", "contains itself"),
        ("a: *b", "x:1:4", "is not known"),
        ("a: 1\nb: 2\na: 3\n", "x:3:1", "stands twice, first in line 1"),
        ("a: 1\ntrue: 2\ny: 3\n", "x:3:1", "stands twice, first in line 2"),
        ("a: !!python/object:os.system ls", "x:1:4", "!!python/object:os.system"),
        ("a: !!int five", "x:1:4", "is no !!int"),
        ("a: .nan", "x:1:4", "has no such number"),
        ("? [a]\n: b", "x:1:3", "a key must be text"),
        ("a: [1,\n", "x:2:1", ""),
        ("a: {{ .Values.role }}\n", "x:1:5", ""),
        ("%YAML 1.2\n---\na: 1", "x:1:1", "incompatible YAML document"),
        ("a: \x00", "x", ""),
    ],
    ids=range(15),
)  # fmt: skip
def test_what_is_refused_is_refused_at_its_place(text: str, place: str, says: str) -> None:
    """One line: file, line and column, and what is wrong."""
    with pytest.raises(FileError) as caught:
        list(read_documents(text.encode(), "x"))
    assert str(caught.value).startswith(place)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_aliases_do_not_nest_without_end() -> None:
    """A thousand levels, each one line: refused as those that are written out are."""
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 1300))]
    with pytest.raises(FileError, match="nested deeper than 200 levels, aliases followed"):
        list(read_documents("\n".join(lines).encode(), "x"))


def test_a_setting_of_many_megabytes_is_a_mistake(tmp_path: Path) -> None:
    """A policy or kubeconfig of more than 1 MiB is not read; the bound is named."""
    path = tmp_path / "policy.yaml"
    path.write_text("#" * (1024 * 1024 + 1))
    with pytest.raises(FileError, match="more than the 1048576 bytes of a policy"):
        read_yaml(path)


def test_bytes_that_are_no_text_and_other_encodings() -> None:
    """UTF-16 with its mark is read, as are a byte order mark and line ends of Windows."""
    for data in (b"a: 1\r\nb: 2\r\n", "\ufeffa: 1\nb: 2\n".encode(),
                 "a: 1\nb: 2\n".encode("utf-16")):  # fmt: skip
        assert [d.value for d in read_documents(data, "x")] == [{"a": 1, "b": 2}]
    for data in (b"\xff\xfe\xff", b"a: \x80\n", b"\x7fELF\x02\x01\x01\x00"):
        with pytest.raises(FileError):
            list(read_documents(data, "x"))


def test_empty_documents_are_passed_over() -> None:
    """Separators, comments, and documents of nothing."""
    text = "---\n---\n# only words\n---\na: 1\n---\n~\n...\n---\nb: 2\n"
    assert [d.value for d in read_documents(text.encode(), "x")] == [{"a": 1}, {"b": 2}]


def test_places_of_keys_and_values_also_behind_aliases() -> None:
    """A value behind an alias or a merge stands where it is written."""
    text = "base: &b\n  deep: {x: 1}\nalias: *b\nmerged:\n  <<: *b\n  own: 2\n"
    (document,) = read_documents(text.encode(), "x")
    for path in (("base", "deep", "x"), ("alias", "deep", "x"), ("merged", "deep", "x")):
        key, item, there = document.find(path)
        assert key is not None
        assert (key.line, key.column, item.line, item.column, there) == (2, 10, 2, 13, True)
    key, item, there = document.find(("merged", "missing", "more"))
    assert key is not None
    assert (key.line, there) == (4, False)
