# SPDX-License-Identifier: Apache-2.0
"""What follows an error on the way out."""

from __future__ import annotations

import pytest

from controller.deletion import GRACE
from controller.failure import AwsError
from controller.observed import Observed
from tests.controller.row import DELETED, LONG_DELETED, after, failed, held
from tests.controller.world import KINDS, Body

RECORDED = {
    "sageMakerTrainingJobName": "n", "sageMakerHyperParameterTuningJobName": "n",
    "sageMakerTransformJobName": "n", "sageMakerProcessingJobName": "n",
    "modelArn": "a:a:a:us-west-2:", "endpointConfigArn": "a:a:a:us-west-2:",
    "endpointArn": "a:a:a:us-west-2:", "endpointName": "n",
    "resourceIDList": ["endpoint/e/variant/v"], "observedGeneration": 1,
}  # fmt: skip
"""The status of something that was made, of any kind."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("code", "since", "failures", "releases", "shown"),
    [
        ("AccessDeniedException", DELETED, 1, False, True),
        ("AccessDeniedException", LONG_DELETED, 1, True, False),
        ("CredentialsError", DELETED, 1, False, True),
        ("CredentialsError", LONG_DELETED, 9, True, False),
        ("ValidationException", DELETED, 1, False, False),
        ("ValidationException", DELETED, 3, False, True),
        ("ValidationException", LONG_DELETED, 1, True, False),
        ("ThrottlingException", LONG_DELETED, 1, False, False),
        ("ThrottlingException", LONG_DELETED, 3, False, True),
        ("", LONG_DELETED, 50, False, True),
    ],
)
def test_errors_on_the_way_out(
    kind: str, code: str, since: str, failures: int, releases: bool, shown: bool
) -> None:
    """Ten minutes for what a person can mend; throttling and silence only wait, and say how out."""
    body = held(kind, dict(RECORDED), deletionTimestamp=since)
    step = after(body, failed("StopOrDelete", code, "AWS says", failures))
    assert (step.releases, step.call) == (releases, None)
    if releases:
        (happening,) = step.happenings
        assert (happening.reason, "AWS says" in happening.text) == ("Abandoned", True)
    elif shown:
        text = (step.status or {})["additional"]
        assert "AWS says" in text
        assert "kube-sagemaker.dev/on-delete=abandon" in text
    else:
        assert step.status is None
    assert releases or (step.again or 0) > 0


@pytest.mark.parametrize("kind", [each for each in KINDS if each != "HostingAutoscalingPolicy"])
def test_what_can_never_have_been_is_let_go(kind: str) -> None:
    """AWS refuses to describe the name, and the status knows of nothing that was made."""
    body = held(kind, {"additional": "x"}, deletionTimestamp=DELETED)
    assert after(body, failed("DescribeIt", "ValidationException")).releases


@pytest.mark.parametrize("kind", [each for each in KINDS if each != "HostingAutoscalingPolicy"])
@pytest.mark.parametrize(
    ("status", "since", "code", "releases"),
    [
        ({"additional": "x"}, LONG_DELETED, "", True),
        ({"additional": "x"}, DELETED, "", False),
        ({"observedGeneration": 1}, LONG_DELETED, "", False),
        ({"additional": "x"}, LONG_DELETED, "ThrottlingException", False),
    ],
)
def test_silence(kind: str, status: Body, since: str, code: str, releases: bool) -> None:
    """An address that never answers holds nothing for which no Create was ever sent."""
    body = held(kind, status, deletionTimestamp=since)
    step = after(body, failed("DescribeIt", code, "no route", 50))
    assert (step.releases, step.call) == (releases, None)
    if releases:
        assert "no route" in step.happenings[0].text


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_region_there_is_nothing_to_ask(kind: str) -> None:
    """Nor anything that could have been made."""
    body = held(kind, deletionTimestamp=DELETED)
    del body["spec"]["region"]
    assert after(body).releases


@pytest.mark.parametrize("kind", KINDS)
def test_what_we_do_not_hold_is_not_ours_to_release(kind: str) -> None:
    """Another's finalizer is none of our business."""
    body = held(kind, deletionTimestamp=DELETED, finalizers=["other"])
    assert (after(body).releases, after(body).call) == (False, None)


def test_the_grace_is_counted_from_the_deletion() -> None:
    """A timestamp that is none is long ago; it hinders nothing."""
    body = held("Model", dict(RECORDED), deletionTimestamp="yesterday")
    observed = Observed(error=AwsError("DeleteModel", "AccessDenied", "x", 403), failures=1)
    assert after(body, observed).releases
    assert GRACE.total_seconds() == 600
