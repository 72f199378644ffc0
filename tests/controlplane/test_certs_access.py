# SPDX-License-Identifier: Apache-2.0
"""`certs --install` where it may not, cannot, or need not be an administrator."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from tests.controlplane.installcase import BOTH, CA, InstallCase
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import ROOT
from webhook.cli.main import main
from webhook.controllers import OWN_NAMESPACE

PAGE = ROOT / "docs" / "install.md"

BINDINGS = """\
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: certs, namespace: NS}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: certs}
subjects: [{kind: ServiceAccount, name: certs, namespace: NS}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: certs}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: certs}
subjects: [{kind: ServiceAccount, name: certs, namespace: NS}]
"""


def rights(namespace: str) -> str:
    """Return the roles of docs/install.md in a namespace, bound to an account there."""
    (roles,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    text: str = roles + BINDINGS
    return text.replace(OWN_NAMESPACE, namespace).replace("NS", namespace)


def account(plane: ControlPlane, namespace: str, folder: Path) -> Path:
    """Make a service account; return a kubeconfig with its token."""
    plane.kubectl("create", "serviceaccount", "certs", "-n", namespace, check=True)
    token = plane.kubectl("create", "token", "certs", "-n", namespace, check=True).stdout.strip()
    config = json.loads(plane.kubeconfig.read_text())
    config["users"][0]["user"] = {"token": token}
    path = folder / "kubeconfig"
    path.write_text(json.dumps(config))
    return path


def run(namespace: str, kubeconfig: Path) -> tuple[int, str]:
    """Run the command with a kubeconfig; return exit code and output."""
    command = ["certs", "--install", "--namespace", namespace, "--kubeconfig", str(kubeconfig)]
    done = CliRunner().invoke(main, command)
    return done.exit_code, done.output


def test_an_account_without_rights_is_told_which(
    plane: ControlPlane, namespace: str, tmp_path: Path
) -> None:
    """In the API server's own words, who and what; exit code 2 and nothing was made."""
    code, output = run(namespace, account(plane, namespace, tmp_path))
    assert code == 2
    assert "refused (403)" in output
    assert f"serviceaccount:{namespace}:certs" in output
    assert "secrets" in output
    assert plane.kubectl("get", CA, "-n", namespace).returncode == 1


def test_the_rights_that_the_page_lists_are_enough(
    plane: ControlPlane, namespace: str, tmp_path: Path
) -> None:
    """A Role for two Secrets and a ClusterRole for two configurations."""
    case = InstallCase(plane, namespace)
    kubeconfig = account(plane, namespace, tmp_path)
    plane.kubectl("apply", "-f", "-", stdin=rights(namespace), check=True)
    try:
        assert run(namespace, kubeconfig)[0] == 0
        plane.kubectl("apply", "-f", "-", stdin=case.webhooks(), check=True)
        code, output = run(namespace, kubeconfig)
        assert (code, output.count("caBundle set")) == (0, 2)
        assert case.bundles() == {case.value(CA, "ca.crt")}
        # a certificate that is not for this Service is renewed: the Secret is patched
        done = CliRunner().invoke(main, [
            "certs", "--install", "--namespace", namespace, "--service", "other",
            "--kubeconfig", str(kubeconfig),
        ])  # fmt: skip
        assert "certificate renewed" in done.output
    finally:
        plane.kubectl("delete", "-f", "-", stdin=rights(namespace))
        plane.kubectl("delete", BOTH, "kube-sagemaker", "--ignore-not-found", check=True)


def test_a_namespace_that_is_not_there(plane: ControlPlane) -> None:
    """What to do first is said."""
    code, output = run("nowhere", plane.kubeconfig)
    assert code == 2
    assert "namespace 'nowhere' does not exist: apply manifests/installer.yaml first" in output


def test_a_token_that_is_not_known(plane: ControlPlane, namespace: str, tmp_path: Path) -> None:
    """401, in one line."""
    config = json.loads(plane.kubeconfig.read_text())
    config["users"][0]["user"] = {"token": "unknown"}
    (tmp_path / "kubeconfig").write_text(json.dumps(config))
    code, output = run(namespace, tmp_path / "kubeconfig")
    assert (code, output.count("\n")) == (2, 1)
    assert "refused (401): Unauthorized" in output


def test_kubectls_own_kubeconfig_is_the_default(
    plane: ControlPlane, namespace: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """$KUBECONFIG, else ~/.kube/config; several files are not merged, and the line says so."""
    command = ["certs", "--install", "--namespace", namespace]
    monkeypatch.setenv("KUBECONFIG", str(plane.kubeconfig))
    assert CliRunner().invoke(main, command).exit_code == 0
    monkeypatch.delenv("KUBECONFIG")
    monkeypatch.setenv("HOME", str(tmp_path))
    missing = CliRunner().invoke(main, command)
    assert f"{tmp_path}/.kube/config does not exist; give --kubeconfig F" in missing.output
    (tmp_path / ".kube").mkdir()
    (tmp_path / ".kube" / "config").write_text(plane.kubeconfig.read_text())
    assert CliRunner().invoke(main, command).exit_code == 0
    monkeypatch.setenv("KUBECONFIG", "/a:/b")
    assert "KUBECONFIG=/a:/b names several files" in CliRunner().invoke(main, command).output


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}]},
         "https://127.0.0.1:1 cannot be reached"),
        ({"clusters": [{"name": "c", "cluster": {"server": "nonsense"}}]}, "nonsense"),
        ({"current-context": "gone"}, "Context 'gone' not found"),
        ({"users": []}, "--kubeconfig"),
        ({"contexts": [{"name": "test", "context": {"cluster": "c"}}]}, "names no user"),
        ({"users": [{"name": "u", "user": {"exec": {
            "apiVersion": "client.authentication.k8s.io/v1beta1", "command": "no-such-login"}}}]},
         "no-such-login"),
    ],
    ids=["closed port", "no URL", "no context", "no such user", "no user", "login is missing"],
)  # fmt: skip
def test_a_kubeconfig_that_leads_nowhere(
    tmp_path: Path, change: dict[str, object], says: str
) -> None:
    """One line that names it, exit code 2, no traceback."""
    config = {
        "apiVersion": "v1", "kind": "Config", "current-context": "test",
        "clusters": [{"name": "c", "cluster": {"server": "https://127.0.0.1:1"}}],
        "users": [{"name": "u", "user": {"token": "t"}}],
        "contexts": [{"name": "test", "context": {"cluster": "c", "user": "u"}}],
    }  # fmt: skip
    path = tmp_path / "kubeconfig"
    path.write_text(yaml.safe_dump({**config, **change}))
    code, output = run("default", path)
    assert (code, output.count("\n")) == (2, 1), output
    assert says in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "give one of --install and --out DIR"),
        (["--install", "--out", "x"], "give one of --install and --out DIR"),
        (["--out", "x", "--in-cluster"], "go with --install"),
        (["--install", "--in-cluster", "--kubeconfig", "x"], "give one of --kubeconfig F and"),
        (["--install", "--in-cluster"], "--in-cluster: "),
        (["--install", "--kubeconfig", "no-such-file"], "no-such-file"),
        (["--install", "--kubeconfig", "x", "--service", "Gate"], "--service 'Gate' is no DNS"),
    ],
)
def test_options_that_do_not_go_together(arguments: list[str], says: str) -> None:
    """Exit code 2, and what to give."""
    done = CliRunner().invoke(main, ["certs", *arguments])
    assert done.exit_code == 2
    assert says in done.output
