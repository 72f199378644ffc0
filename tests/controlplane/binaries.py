# SPDX-License-Identifier: Apache-2.0
"""The control plane's binaries: found, or built once from the Go module proxy.

They lie in the user's cache, keyed by what they are made from, so that a checkout stays small and
every checkout shares them. `python -m tests.controlplane.binaries` builds them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
VERSION: Final = "v1.36.3"
"""Of Kubernetes; it must be stamped in, since kubectl refuses to parse an unstamped server's."""

TOOLS: Final = {
    "etcd": "go.etcd.io/etcd/server/v3",
    "kubectl": "k8s.io/kubernetes/cmd/kubectl",
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
}

HOW: Final = "install Go and run `make controlplane`, or set KUBEBUILDER_ASSETS"


class NoBinaries(Exception):
    """There are none and they cannot be built here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """Paths of the programs; assets of others have no controller manager."""

    etcd: Path
    apiserver: Path
    kubectl: Path
    controller_manager: Path | None


def cache_folder() -> Path:
    """Return the folder for the binaries of today's go.mod and go.sum."""
    made_from = (HERE / "go.mod").read_bytes() + (HERE / "go.sum").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "kube-sagemaker" / "controlplane" / sha256(made_from).hexdigest()[:16]


def find() -> Binaries | None:
    """Return the binaries that are there: KUBEBUILDER_ASSETS first, then the cache.

    Raises NoBinaries when KUBEBUILDER_ASSETS is set and not complete.
    """
    assets = os.environ.get("KUBEBUILDER_ASSETS")
    if not assets:
        return _in(cache_folder())
    found = _in(Path(assets))
    if found is None:
        raise NoBinaries(f"KUBEBUILDER_ASSETS={assets} lacks etcd, kube-apiserver or kubectl")
    return found


def _in(folder: Path) -> Binaries | None:
    paths = {name: folder / name for name in TOOLS}
    needed = ("etcd", "kube-apiserver", "kubectl")
    if not all(paths[name].exists() for name in needed):
        return None
    manager = paths["kube-controller-manager"]
    return Binaries(
        paths["etcd"],
        paths["kube-apiserver"],
        paths["kubectl"],
        manager if manager.exists() else None,
    )


def build() -> Binaries:
    """Build what is missing, some eight minutes on two cores, and say how far it is.

    Raises NoBinaries where Go is missing or a build fails.
    """
    found = find()
    if found is not None:
        return found
    go = shutil.which("go")
    if go is None:
        raise NoBinaries(f"no control plane, and no Go to build it: {HOW}")
    folder = cache_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".building-") as temporary:
        for place, (name, package) in enumerate(TOOLS.items(), start=1):
            _build(go, name, package, Path(temporary) / name, f"[{place}/{len(TOOLS)}]")
        try:
            Path(temporary).rename(folder)
        except OSError:
            if _in(folder) is None:  # another process was not faster: something is wrong
                raise
        else:
            Path(temporary).mkdir()
    found = _in(folder)
    if found is None:
        raise NoBinaries(f"{folder} is incomplete; remove it and try again")
    return found


def _build(go: str, name: str, package: str, target: Path, step: str) -> None:
    print(f"{step} building {name}, minutes the first time …", file=sys.stderr, flush=True)
    start = time.monotonic()
    stamp = f"-s -w -X k8s.io/component-base/version.gitVersion={VERSION}"
    command = [go, "build", "-mod=readonly", "-trimpath", "-o", str(target), "-ldflags", stamp]
    done = subprocess.run(  # noqa: S603 - our own words
        [*command, package], cwd=HERE, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise NoBinaries(f"go build {package} failed:\n{done.stderr[-2000:]}")
    seconds = time.monotonic() - start
    print(f"{step} {name} in {seconds:.0f} s", file=sys.stderr, flush=True)


def main() -> int:
    """Build, and print the folder."""
    try:
        print(build().apiserver.parent)
    except NoBinaries as error:
        print(f"controlplane: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
