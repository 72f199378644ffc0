# SPDX-License-Identifier: Apache-2.0
"""Bad input at start: one clear line, exit code 2, no stack trace. And what start-up imports."""

from __future__ import annotations

import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certs.authority import issue, make_authority
from certs.folder import keep_pair
from tests.gateprocess import ROOT
from webhook.version import VERSION


def serve(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `kube-sagemaker serve` to its end."""
    return subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "webhook", "serve", *arguments],
        capture_output=True, text=True, timeout=60, cwd=ROOT, check=False,
    )  # fmt: skip


def complaint(*arguments: str) -> str:
    """Run it, and return the one line that it says."""
    done = serve(*arguments)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert len(lines) == 1, done.stderr
    return lines[0]


HEAD = """\
apiVersion: kube-sagemaker.dev/v1alpha1
kind: SageMakerPolicy
metadata: {name: p}
spec:
  sections:
    - name: one
"""


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (HEAD + "      defaults: {RoleArm: x}\n", 7, "no SageMaker kind has the AWS member path"),
        (HEAD + "      parameters:\n        SM603: {instance: 5}\n", 8, "did you mean 'instances'"),
        (HEAD + "      parameters:\n        SM603: {instances: many}\n", 8, "must be integer"),
        (HEAD + "      modes: {SM999: warn}\n", 7, "unknown key 'SM999'"),
        (HEAD + "      modes: {SM210: loud}\n", 7, "must be deny, warn, audit, off"),
        (HEAD + "      name: again\n", 7, "stands twice"),
        (HEAD + "      defaults: [\n", 8, "expected"),
        ("kind: SageMakerPolicy\n", 1, "lacks the key 'apiVersion'"),
        ("[]\n", 1, "must be object"),
        ("", 1, "must be object"),
    ],
)
def test_a_wrong_policy_is_named_by_file_and_line(
    tmp_path: Path, text: str, line: int, says: str
) -> None:
    """File, line, the key, and what would be right."""
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    found = complaint("--self-signed", str(tmp_path / "tls"), "--policy", str(path))
    assert f"{path}:{line}:" in found
    assert says in found


def test_a_policy_that_cannot_be_read(tmp_path: Path) -> None:
    """The file is named."""
    assert "none.yaml: No such file" in complaint("--policy", str(tmp_path / "none.yaml"))


def test_a_label_selector_needs_a_cluster(tmp_path: Path) -> None:
    """Without a cluster no namespace has labels: an error, never "no match"."""
    path = tmp_path / "policy.yaml"
    path.write_text(HEAD + "      match: {namespaces: {selector: {matchLabels: {tier: gpu}}}}\n")
    assert "needs --kubeconfig F or --in-cluster" in complaint("--policy", str(path))


def test_no_certificate() -> None:
    """It is said which options there are."""
    assert "--self-signed DIR" in complaint()


def test_bad_certificates(tmp_path: Path) -> None:
    """Missing, garbage, and a key of another pair: each is named."""
    kept = keep_pair(tmp_path, ["localhost"])
    now = datetime.now(UTC)
    other = issue(make_authority("other", now), ["localhost"], [], now)
    (tmp_path / "other.key").write_bytes(other.key)
    (tmp_path / "garbage").write_text("nothing")
    missing = complaint("--tls-cert", str(tmp_path / "none"), "--tls-key", str(kept.key))
    assert "cannot read" in missing
    assert "none" in missing
    for certificate, key in (
        (tmp_path / "garbage", kept.key),
        (kept.certificate, tmp_path / "other.key"),
        (kept.certificate, tmp_path / "garbage"),
    ):
        found = complaint("--tls-cert", str(certificate), "--tls-key", str(key))
        assert "no certificate and its own unencrypted key" in found


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """The address is named, and the option to change it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = complaint("--bind", f"127.0.0.1:{port}", "--self-signed", str(tmp_path))
    assert f"cannot listen on 127.0.0.1:{port}" in found
    assert "--bind" in found


@pytest.mark.parametrize(
    "bind", ["nonsense", "127.0.0.1", "127.0.0.1:x", "localhost:1", "::1:99999"]
)
def test_a_bind_that_is_none(bind: str) -> None:
    """The value is repeated, with a good one."""
    assert bind in complaint("--bind", bind)


def test_a_kubeconfig_that_is_none(tmp_path: Path) -> None:
    """The file is named."""
    path = tmp_path / "config"
    path.write_text("nonsense")
    assert f"--kubeconfig {path}" in complaint("--kubeconfig", str(path))
    assert "--kubeconfig" in complaint("--kubeconfig", str(tmp_path / "none"))


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["serve", "--help"]])
def test_start_up_imports_neither_fastapi_nor_boto3(words: list[str]) -> None:
    """Start-up is part of the product."""
    code = (
        "import sys\n"
        "from webhook.cli.main import main\n"
        f"main({words!r}, standalone_mode=False)\n"
        "heavy = {'fastapi', 'boto3', 'botocore', 'pydantic', 'lightkube'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)\n"
    )
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr


def test_the_version_is_answered_before_click_is_imported() -> None:
    """In the words of click, which answers where there is more to parse."""
    code = (
        "import sys\n"
        "sys.argv[1:] = ['--version']\n"
        "from webhook.cli.entry import start\n"
        "start()\n"
        "sys.exit('click' in sys.modules)\n"
    )
    for words in (["-c", code], ["-m", "webhook", "--version", "--version"]):
        done = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, *words], capture_output=True, text=True, check=False, cwd=ROOT
        )
        assert (done.returncode, done.stdout) == (0, f"kube-sagemaker {VERSION}\n"), done.stderr
