# SPDX-License-Identifier: Apache-2.0
"""What the generators take as given: names of kinds, and each exception with its reason."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def load_data(name: str) -> dict[str, Any]:
    """Read a table of this folder, e.g. "legacy.toml"."""
    return tomllib.loads(Path(__file__).with_name(name).read_text())
