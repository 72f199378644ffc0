# SPDX-License-Identifier: Apache-2.0
"""What stands in the server's log."""

from __future__ import annotations

import json

import pytest

from webhook.server.log import configure_logs, log


def test_a_crash_is_logged_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    """On one line of JSON: the answer says that the log says why."""
    configure_logs()
    try:
        _ = {"a": 1}["a bad table"]
    except KeyError:
        log.exception("review crashed", uid="u")
    (line,) = capsys.readouterr().err.splitlines()
    entry = json.loads(line)
    assert (entry["event"], entry["uid"]) == ("review crashed", "u")
    assert "Traceback" in entry["exception"]
    assert "a bad table" in entry["exception"]
