# SPDX-License-Identifier: Apache-2.0
"""`python -m tools.manifests [--check]`: webhook configurations and installers."""

from __future__ import annotations

import sys

from tools.generate import write
from tools.installers import render_crds, render_installer, render_namespaced
from tools.webhooks import render_webhooks


def main(arguments: list[str]) -> int:
    """Write or check; return the exit code."""
    files = {
        "manifests/webhooks.yaml": render_webhooks(),
        "manifests/installer.yaml": render_installer(),
        "manifests/namespaced/crd.yaml": render_crds(),
        "manifests/namespaced/operator.yaml": render_namespaced(),
    }
    return write(files, check="--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
