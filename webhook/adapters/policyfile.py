# SPDX-License-Identifier: Apache-2.0
"""A policy document as a file, for the server and for the check."""

from __future__ import annotations

from pathlib import Path

from webhook.adapters.yamlfile import FileError, read_yaml
from webhook.policy import Policy, parse
from webhook.policyschema import PolicyError
from webhook.review import moded_ids, parameter_types


def load_policy(path: Path) -> Policy:
    """Read a policy document. Raises FileError with file and line."""
    file = read_yaml(path)
    try:
        return parse(file.value, parameter_types(), moded_ids())
    except PolicyError as error:
        where = ".".join(str(step) for step in error.path)
        text = f"{where or 'document'}: {error.message}"
        raise FileError(str(path), file.line(error.path), None, text) from None
