# SPDX-License-Identifier: Apache-2.0
"""`kube-sagemaker certs --install` on a real API server, up to a gate that is then asked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from certs.authority import Pair, is_issued_by, issue, read_certificate
from certs.errors import CertificateError
from tests.controlplane.installcase import BOTH, CA, SERVICE, TLS, InstallCase
from tests.controlplane.jobs import nine_faults
from tests.controlplane.plane import ControlPlane
from tests.gateprocess import GateProcess
from webhook.adapters.certsecrets import install
from webhook.adapters.kubeconfig import ClusterError
from webhook.cli.main import main

NOW = datetime.now(UTC)


@pytest.fixture
def case(plane: ControlPlane, namespace: str) -> Iterator[InstallCase]:
    """A namespace of the test's own; the configurations are taken out at the end."""
    yield InstallCase(plane, namespace)
    plane.kubectl("delete", BOTH, "kube-sagemaker", "--ignore-not-found", check=True)


@pytest.fixture
def complete(case: InstallCase) -> InstallCase:
    """Certificate and configurations are there, and belong together."""
    assert case.run().exit_code == 0
    case.plane.kubectl("apply", "-f", "-", stdin=case.webhooks(), check=True)
    assert case.run().exit_code == 0
    return case


def test_the_order_is_told_and_leads_to_the_end(case: InstallCase) -> None:
    """Secrets first; the configurations are said to be missing; run again, it sets both."""
    first = case.run()
    assert first.exit_code == 0, first.output
    assert f"Secret {case.namespace}/kube-sagemaker-tls: certificate made" in first.output
    assert first.output.count("not there yet") == 2
    assert "next: kubectl apply -f manifests/webhooks.yaml" in first.output
    case.plane.kubectl("apply", "-f", "-", stdin=case.webhooks(), check=True)
    assert case.bundles() == {b""}
    second = case.run()
    assert second.output.count("caBundle set") == 2
    assert "certificate kept" in second.output
    assert "next:" not in second.output
    assert case.bundles() == {case.value(CA, "ca.crt")} == {case.value(TLS, "ca.crt")}
    assert "PRIVATE" not in first.output + second.output


def test_the_gates_secret_does_not_hold_the_cas_key(complete: InstallCase) -> None:
    """It is of the type that pods mount for TLS; the CA's is another, which nothing mounts."""
    serving, authority = complete.get(TLS), complete.get(CA)
    assert (serving["type"], set(serving["data"])) == (
        "kubernetes.io/tls", {"ca.crt", "tls.crt", "tls.key"},
    )  # fmt: skip
    assert set(authority["data"]) == {"ca.crt", "ca.key"}
    assert is_issued_by(
        read_certificate(complete.value(TLS, "tls.crt"), "leaf"),
        read_certificate(complete.value(CA, "ca.crt"), "ca"),
    )


def test_installing_again_writes_nothing(complete: InstallCase) -> None:
    """Not one of the four objects gets a new version."""
    before = complete.versions()
    again = complete.run()
    assert again.output.count("kept") == 3
    assert complete.versions() == before


@pytest.mark.parametrize("flags", [[], ["--server-side"]])
def test_applying_the_configurations_again_keeps_the_bundle(
    case: InstallCase, flags: list[str]
) -> None:
    """An upgrade applies webhooks.yaml, which has none; the gate is reached before and after."""
    apply = ["apply", *flags, "-f", "-"]
    case.plane.kubectl(*apply, stdin=case.webhooks(), check=True)
    assert case.run().exit_code == 0
    changed = case.webhooks().replace("timeoutSeconds: 5", "timeoutSeconds: 6")
    case.plane.kubectl(*apply, stdin=changed, check=True)
    assert case.bundles() == {case.value(CA, "ca.crt")}
    found = case.get("mutatingwebhookconfiguration/kube-sagemaker")
    assert found["webhooks"][0]["timeoutSeconds"] == 6


def test_the_gate_is_reached_with_what_was_installed(
    complete: InstallCase, policy: Path, tmp_path: Path
) -> None:
    """The API server asks a gate that serves the Secret's certificate, by the Service's name.

    No pod runs here: the Service leads to this machine, the rest is as in a cluster.
    """
    case = complete
    for key in ("ca.crt", "tls.crt", "tls.key"):
        (tmp_path / key).write_bytes(case.value(TLS, key))
    with GateProcess(policy=policy, tls=tmp_path) as gate:
        case.plane.kubectl(
            "create", "service", "externalname", SERVICE, "-n", case.namespace,
            "--external-name=localhost", f"--tcp={gate.port}", check=True,
        )  # fmt: skip
        case.plane.kubectl("apply", "-f", "-", stdin=case.webhooks(gate.port), check=True)
        job = yaml.safe_dump(nine_faults("legacy"))

        def answer() -> str:
            return case.plane.kubectl("create", "-n", case.namespace, "-f", "-", stdin=job).stderr

        case.plane.wait_for(lambda: "(SM210)" in answer(), 20, "the gate refuses")
        # with another CA's bundle it is not reached, so it was the bundle that let it be
        case.plane.kubectl("delete", CA, TLS, "-n", case.namespace, check=True)
        assert "CA made" in case.run().output
        case.plane.wait_for(lambda: "x509" in answer(), 20, "the other CA is not trusted")


def test_the_certificate_is_renewed_when_it_is_due(complete: InstallCase) -> None:
    """At two thirds of its year and not before; CA and caBundle stay."""
    kubeconfig, place = complete.plane.kubeconfig, complete.place
    authority, leaf = complete.value(CA, "ca.crt"), complete.value(TLS, "tls.crt")
    assert install(kubeconfig, place, NOW + timedelta(days=200)).certificate == "kept"
    assert complete.value(TLS, "tls.crt") == leaf
    done = install(kubeconfig, place, NOW + timedelta(days=250))
    assert (done.new_authority, done.certificate) == (False, "renewed")
    assert set(done.bundled.values()) == {"kept"}
    assert complete.value(TLS, "tls.crt") != leaf
    assert complete.value(CA, "ca.crt") == authority
    assert complete.bundles() == {authority}


def test_a_certificate_of_another_service_is_made_anew(complete: InstallCase) -> None:
    """And it is said when the gate will serve with it."""
    done = complete.run("--service", "other")
    assert "certificate renewed" in done.output
    assert "in a minute or two" in done.output


def test_an_expired_or_broken_ca_is_named(complete: InstallCase) -> None:
    """It is never replaced by itself; the Secret and the remedy are in the line."""
    with pytest.raises(CertificateError, match=r"tls-ca: ca\.crt has expired.*delete the Secret"):
        install(complete.plane.kubeconfig, complete.place, NOW + timedelta(days=4000))
    complete.plane.kubectl(
        "patch", CA, "-n", complete.namespace, "--type=json",
        '-p=[{"op": "remove", "path": "/data/ca.key"}]', check=True,
    )  # fmt: skip
    done = complete.run()
    assert done.exit_code == 2
    assert "kube-sagemaker-tls-ca lacks ca.crt or ca.key; remove the Secret" in done.output


def test_what_was_made_with_out_is_kept_while_it_is_good(case: InstallCase, tmp_path: Path) -> None:
    """Its CA's key is in a folder: the caBundle is set, and when it is due, the folder is named."""
    command = ["certs", "--out", str(tmp_path), "--namespace", case.namespace]
    assert CliRunner().invoke(main, command).exit_code == 0
    case.plane.kubectl("apply", "-f", str(tmp_path / "secret.yaml"), check=True)
    case.plane.kubectl("apply", "-f", "-", stdin=case.webhooks(), check=True)
    assert case.run().exit_code == 0
    assert case.bundles() == {(tmp_path / "ca.crt").read_bytes()}
    with pytest.raises(CertificateError, match="renew it where you made it, with --out DIR"):
        install(case.plane.kubeconfig, case.place, NOW + timedelta(days=300))


def test_those_who_install_at_once_end_with_one_ca(case: InstallCase) -> None:
    """Four processes, none of which fails: one CA, a leaf of it, and it is in both bundles."""
    case.plane.kubectl("apply", "-f", "-", stdin=case.webhooks(), check=True)
    command = [sys.executable, "-m", "webhook", "certs", "--install"]
    command += ["--kubeconfig", str(case.plane.kubeconfig), "--namespace", case.namespace]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603
        for _ in range(4)
    ]
    outputs = [process.communicate(timeout=120)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 4, outputs
    # none says so where another made the certificate of it first, and all was read again
    assert sum("CA made" in output for output in outputs) <= 1
    assert case.bundles() == {case.value(CA, "ca.crt")}
    leaf = read_certificate(case.value(TLS, "tls.crt"), "leaf")
    assert is_issued_by(leaf, read_certificate(case.value(CA, "ca.crt"), "ca"))


def test_a_change_between_reading_and_writing_is_not_overwritten(
    complete: InstallCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The write is refused by the version, all is read again; for ever changed, it gives up."""
    calls: list[int] = []
    contests = 1

    def contested(*arguments: Any) -> Pair:
        calls.append(len(calls))
        if len(calls) <= contests:
            complete.plane.kubectl(
                "annotate", TLS, "-n", complete.namespace, "--overwrite",
                f"by={len(calls)}", check=True,
            )  # fmt: skip
        return issue(*arguments)

    monkeypatch.setattr("webhook.adapters.certsecrets.issue", contested)
    due = NOW + timedelta(days=300)
    assert install(complete.plane.kubeconfig, complete.place, due).certificate == "renewed"
    assert len(calls) == 2
    assert complete.get(TLS)["metadata"]["annotations"]["by"] == "1"
    contests = 100
    with pytest.raises(ClusterError, match="changed by others 5 times in a row; try again"):
        install(complete.plane.kubeconfig, complete.place, due + timedelta(days=300))
