# SPDX-License-Identifier: Apache-2.0
"""How an object is named on the command line: as kubectl's users write it, else one clear line."""

from __future__ import annotations

import pytest

from tests.check.command import run


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["tj"], "'tj' is not one object: give KIND NAME or KIND/NAME"),
        (["tj/a", "b"], "'tj/a b' is not one object: give KIND NAME or KIND/NAME"),
        (["pod/a"], "Invalid value for 'KIND': 'pod' has no log, these have: TrainingJob (tj), "),
        (["tj/a/b"], "Invalid value for 'NAME': 'a/b' cannot be the name of a Kubernetes object"),
        (["tj", ""], "Invalid value for 'NAME': '' cannot be the name of a Kubernetes object"),
        (["tj", "a", "b"], "unexpected extra argument (b)"),
        ([], "Missing argument 'KIND'"),
        (["tj/a", "--variant", "v"], "--variant is for a HostingDeployment, a TrainingJob has no"),
        (["tj/a", "--stream", "s", "-p", "x"], "--stream names one log stream"),
    ],
)
def test_wrong_usage_is_said(words: list[str], text: str) -> None:
    """Exit code 2, nothing on standard output."""
    done = run("smlogs", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert text in done.stderr
