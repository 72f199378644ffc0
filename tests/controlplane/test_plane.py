# SPDX-License-Identifier: Apache-2.0
"""The control plane of the tests is real, and leaves nothing behind."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tests.controlplane.binaries import VERSION, Binaries
from tests.controlplane.plane import ControlPlane, PlaneError


def test_the_api_server_is_kubernetes(plane: ControlPlane) -> None:
    """Kubectl can parse its version."""
    if "controlplane" not in str(plane.binaries.apiserver):
        pytest.skip("NOT RUN: KUBEBUILDER_ASSETS brings a version of its own")
    assert VERSION in plane.kubectl("version", check=True).stdout


def test_namespaces_are_deleted_to_the_end(plane: ControlPlane) -> None:
    """That is the controller manager's work."""
    if plane.binaries.controller_manager is None:
        pytest.skip("NOT RUN: KUBEBUILDER_ASSETS has no kube-controller-manager")
    plane.kubectl("create", "namespace", "short-lived", check=True)
    plane.kubectl("create", "configmap", "-n", "short-lived", "inside", check=True)
    done = plane.kubectl("delete", "namespace", "short-lived", "--timeout=40s")
    assert done.returncode == 0, done.stderr


def test_nothing_outlives_it(binaries: Binaries) -> None:
    """Every process that it started has ended, and the folder is gone."""
    with ControlPlane(binaries) as other:
        processes, folder = list(other.processes), other.folder
        assert all(process.poll() is None for _, process in processes)
    assert all(process.poll() is not None for _, process in processes)
    assert not folder.exists()


def test_a_start_that_fails_says_why_and_leaves_nothing(binaries: Binaries, tmp_path: Path) -> None:
    """A broken etcd: its name is in the error, and nothing runs on."""
    broken = tmp_path / "etcd"
    broken.write_text("#!/bin/sh\necho it broke\nexit 1\n")
    broken.chmod(0o755)
    other = ControlPlane(dataclasses.replace(binaries, etcd=broken))
    with pytest.raises(PlaneError, match="etcd ended"), other:
        pass
    assert all(process.poll() is not None for _, process in other.processes)


def test_a_program_that_cannot_run_is_named(binaries: Binaries, tmp_path: Path) -> None:
    """A file that is not executable: the error names the program, and etcd has ended."""
    other = ControlPlane(dataclasses.replace(binaries, apiserver=tmp_path))
    with pytest.raises(PlaneError, match="kube-apiserver cannot be started"), other:
        pass
    assert all(process.poll() is not None for _, process in other.processes)
