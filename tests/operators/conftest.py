# SPDX-License-Identifier: Apache-2.0
"""Fixtures: a control plane, a fake AWS, the operators between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.aws.fake import FakeAWS
from tests.controlplane.conftest import binaries, namespace, plane
from tests.controlplane.plane import ControlPlane
from tests.operators.account import install
from tests.operators.field import Field
from tests.operators.objects import prepare
from tests.operators.process import OperatorsProcess

AWS_TIMEOUT = 5
"""Seconds, of the operators in a field."""

__all__ = ["binaries", "namespace", "plane"]


@pytest.fixture
def aws() -> Iterator[FakeAWS]:
    """A fake AWS in which things take a minute of its clock, unless told otherwise."""
    with FakeAWS() as fake:
        yield fake


@pytest.fixture(scope="module")
def field(plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    """Operators at work in a namespace of the module's own, and the AWS that they see.

    They have the rights that the namespaced installer gives them, and no others.
    """
    space = f"operators-{uuid4().hex[:12]}"
    plane.kubectl("create", "namespace", space, check=True)
    folder = tmp_path_factory.mktemp("operators")
    account, log = install(plane, space, folder), folder / "log"
    with FakeAWS() as aws:
        prepare(aws.client("sagemaker"))
        aws.advance(600)
        with OperatorsProcess(
            account,
            aws.url,
            log,
            "--namespace",
            space,
            "--no-leader-election",
            "--aws-timeout",
            str(AWS_TIMEOUT),
        ) as process:
            yield Field(plane, aws, process, space)
    plane.kubectl("delete", "namespace", space, "--wait=false")


@pytest.fixture
def work(field: Field) -> Iterator[Field]:
    """The same, with its log shown when a test fails, and without faults left over."""
    field.process.log.write_text("")
    yield field
    field.aws.relent()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A file for a process' own words."""
    return tmp_path / "operators.log"
