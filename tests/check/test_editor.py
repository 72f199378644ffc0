# SPDX-License-Identifier: Apache-2.0
"""What an editor shows: the schemas in yaml-language-server, which VS Code and others run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from schemas import kinds
from tests.check.editor.installed import NotHere, command
from tests.check.editor.languageserver import SETTINGS, Diagnostic, LanguageServer
from tests.check.test_check import JOB
from tests.check.test_schema import POLICY, SAMPLES
from tests.gateprocess import ROOT

BROKEN = JOB.replace("trainingInputMode: File", "trainingInputMode: Fil")
SAID = [
    Diagnostic(10, 'Value is not accepted. Valid values: "FastFile", "File", "Pipe".'),
    Diagnostic(12, 'Incorrect type. Expected "string".'),
    Diagnostic(13, 'Missing property "s3OutputPath".'),
    Diagnostic(14, "Property volumeSizeInGb is not allowed."),
    Diagnostic(15, "Value is below the minimum of 1."),
]
OTHER = "apiVersion: v1\nkind: ConfigMap\ndata: {spec: x}\n---\n"


@pytest.fixture(scope="module")
def server_command() -> list[str]:
    """How the server is started."""
    try:
        return command()
    except NotHere as error:
        pytest.skip(f"NOT RUN, no yaml-language-server: {error}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The schemas of all kinds, for a policy that gives region and role."""
    place = tmp_path_factory.mktemp("schemas")
    run = [sys.executable, "-m", "webhook", "schema", "--dir", str(place), "--policy", str(POLICY)]
    subprocess.run(run, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own words
    return place


def test_a_broken_job_is_underlined(server_command: list[str], tmp_path: Path) -> None:
    """By the very file that the gate judges by: values, types, what lacks, what there is not."""
    ours = ROOT / "schemas/kinds/sagemaker.aws.amazon.com/v1/TrainingJob.json"
    job = tmp_path / "job.yaml"
    job.write_text(f"# yaml-language-server: $schema={ours}\n{BROKEN}")
    with LanguageServer(server_command) as server:
        found = server.open(job)
        shown, offered = server.hover(job, 11, 8), server.complete(job, 11, 24)
    assert [Diagnostic(each.line - 1, each.message) for each in found] == SAID
    assert "Allowed Values:\\n\\n* `Pipe`\\n* `FastFile`\\n* `File`" in shown
    assert offered == ["FastFile", "File", "Pipe"]


def test_one_schema_serves_every_file(
    server_command: list[str], folder: Path, tmp_path: Path
) -> None:
    """As an editor's `yaml.schemas` names it: each document by its kind, others passed over.

    No sample of the 34 kinds is underlined; a status, too, is no unknown field.
    """
    paths = [ROOT / "manifests/samples" / f"{name}.yaml" for name in SAMPLES]
    assert len(paths) == len(kinds()) == 34
    above = OTHER + "".join(f"{path.read_text()}status: {{x: 1}}\n---\n" for path in paths)
    job = tmp_path / "job.yaml"
    job.write_text(above + BROKEN)
    settings = {**SETTINGS, "schemas": {str(folder / "all.json"): "*.yaml"}}
    with LanguageServer(server_command, settings) as server:
        found = server.open(job)
    lines = above.count("\n")
    assert [Diagnostic(each.line - lines, each.message) for each in found] == SAID
