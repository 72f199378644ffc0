# SPDX-License-Identifier: Apache-2.0
"""What stands in the server's log."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.gateprocess import ROOT
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


def test_a_library_s_warning_is_a_line_of_json_too() -> None:
    """With its level and, where there is one, its traceback."""
    code = (
        "import logging\n"
        "from webhook.server.log import configure_logs\n"
        "configure_logs()\n"
        "logging.getLogger('kopf').warning('again: %s', 'x')\n"
        "try: 1 / 0\n"
        "except ZeroDivisionError: logging.getLogger('asyncio').exception('failed')\n"
    )
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    first, second = (json.loads(line) for line in done.stderr.splitlines())
    assert (first["event"], first["level"]) == ("again: x", "warning")
    assert "ZeroDivisionError" in second["exception"]
