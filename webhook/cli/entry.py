# SPDX-License-Identifier: Apache-2.0
"""Where the command `kube-sagemaker` starts. Start-up is part of the product."""

from __future__ import annotations

import sys

from webhook.version import VERSION


def start(prog_name: str | None = None) -> None:
    """Run the command. The bare question for the version is answered before click is imported."""
    if sys.argv[1:] == ["--version"]:
        try:
            print(f"kube-sagemaker {VERSION}", flush=True)  # noqa: T201 - click is not there
        except OSError:
            pass  # click knows what to do where nobody reads
        else:
            return
    from webhook.cli.main import main  # noqa: PLC0415 - see above

    main(prog_name=prog_name)
