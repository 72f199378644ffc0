# SPDX-License-Identifier: Apache-2.0
"""A baseline as a file: JSON, one entry a line, so that a change of it reads well in a review."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import msgspec

from webhook.adapters.yamlfile import LARGEST, FileError, read_file
from webhook.baseline import Baseline, Entry

VERSION = 1


class _File(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    findings: list[Entry]


def load_baseline(path: Path) -> Baseline:
    """Read a baseline. Raises FileError."""
    try:
        file = msgspec.json.decode(read_file(str(path), LARGEST), type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        text = f"no baseline: {error}; write it with --write-baseline"
        raise FileError(str(path), None, None, text) from None
    if file.version != VERSION:
        text = f"a baseline of version {file.version}, this program reads {VERSION}"
        raise FileError(str(path), None, None, text)
    return Baseline(tuple(file.findings))


def write_baseline(path: Path, entries: Iterable[Entry]) -> int:
    """Write a baseline; return how many entries it has. Raises FileError."""
    lines = [f"    {json.dumps(list(each), ensure_ascii=False)}" for each in sorted(entries)]
    body = ",\n".join(lines)
    text = f'{{\n  "version": {VERSION},\n  "findings": [\n{body}\n  ]\n}}\n'
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileError(str(path), None, None, error.strerror or str(error)) from None
    return len(lines)
