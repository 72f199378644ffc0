# SPDX-License-Identifier: Apache-2.0
"""Whose log it is: name, region, group and streams of an object."""

from __future__ import annotations

from typing import Any

import pytest

from controller.logs.kind import KINDS, LogKind, find_log_kind
from controller.logs.source import NoSource, Selection, has_ended, source_of


def kind_of(text: str) -> LogKind:
    """Return a kind."""
    found = find_log_kind(text)
    assert found is not None
    return found


def body_of(kind: LogKind, job: str, **status: str) -> dict[str, Any]:
    """Return an object whose status names a job."""
    return {
        "metadata": {"name": "mnist"},
        "spec": {"region": "us-west-2"},
        "status": {kind.named_by: job, **status},
    }


@pytest.mark.parametrize(
    ("short", "group", "prefix", "header"),
    [
        ("tj", "/aws/sagemaker/TrainingJobs", "j-1/",
         'TrainingJobName "j-1" in region "us-west-2", status "S" and secondary status ""'),
        ("hpo", "/aws/sagemaker/TrainingJobs", "j-1-",
         'HyperParameterTuningJobName "j-1" in region "us-west-2", status "S"'),
        ("btj", "/aws/sagemaker/TransformJobs", "j-1/",
         'TransformJobName "j-1" in region "us-west-2", status "S"'),
        ("pj", "/aws/sagemaker/ProcessingJobs", "j-1/",
         'ProcessingJobName "j-1" in region "us-west-2", status "S"'),
        ("hd", "/aws/sagemaker/Endpoints/j-1", "",
         'EndpointName "j-1" in region "us-west-2", status "S"'),
    ],
)  # fmt: skip
def test_each_kind_has_its_place(short: str, group: str, prefix: str, header: str) -> None:
    """Log group, start of the streams' names, and the line on top."""
    kind = kind_of(short)
    source = source_of(kind, body_of(kind, "j-1", **{kind.status: "S"}), Selection())
    assert (source.group, source.prefix, source.region) == (group, prefix, "us-west-2")
    assert source.header == f'"mnist" has SageMaker {header}'


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.short)
def test_the_status_is_believed_before_the_spec(kind: LogKind) -> None:
    """The name in spec counts until there is one in status."""
    body = body_of(kind, "from-status")
    if kind.asked_by is not None:
        body["spec"][kind.asked_by] = "from-spec"
    assert '"from-status"' in source_of(kind, body, Selection()).header
    del body["status"]
    if kind.asked_by is not None:
        assert '"from-spec"' in source_of(kind, body, Selection()).header
    else:
        with pytest.raises(NoSource, match="has no job in SageMaker yet"):
            source_of(kind, body, Selection())


def test_a_job_without_a_name_says_why() -> None:
    """With the operator's own words where there are some, and whether it is worth waiting."""
    kind = kind_of("tj")
    body: dict[str, Any] = {"metadata": {"name": "mnist"}, "spec": {"region": "us-west-2"}}
    with pytest.raises(NoSource, match="no operator has taken it up") as caught:
        source_of(kind, body, Selection())
    assert caught.value.may_come
    body["status"] = {kind.status: "ReconcilingTrainingJob", "additional": "AccessDenied: no"}
    with pytest.raises(NoSource, match='status "ReconcilingTrainingJob": AccessDenied: no'):
        source_of(kind, body, Selection())
    body["status"] = {kind.status: "Failed"}
    with pytest.raises(NoSource) as caught:
        source_of(kind, body, Selection())
    assert not caught.value.may_come


def test_a_job_without_a_region_says_so() -> None:
    """The CRD demands it, but not of every kind."""
    kind = kind_of("pj")
    body = body_of(kind, "j")
    del body["spec"]["region"]
    with pytest.raises(NoSource, match=r"has no spec\.region: set it"):
        source_of(kind, body, Selection())


def test_the_streams_of_other_jobs_are_kept_out() -> None:
    """Of a job whose name begins with this one's, too; of a tuning job all its training jobs."""
    training = source_of(kind_of("tj"), body_of(kind_of("tj"), "mnist"), Selection())
    assert training.has("mnist/algo-1-1574811673")
    assert not training.has("mnist-2/algo-1-1574811673")
    tuning = source_of(kind_of("hpo"), body_of(kind_of("hpo"), "tune"), Selection("algo-2"))
    assert tuning.has("tune-001-1a2b3c4d/algo-2-157")
    assert tuning.has("tune-1000-1a2b3c4d/algo-2-157")
    assert not tuning.has("tune-001-1a2b3c4d/algo-1-157")
    assert not tuning.has("tune-more-001-1a2b3c4d/algo-2-157")
    assert not tuning.has("tune/algo-2-157")


def test_streams_can_be_chosen() -> None:
    """By how they go on after the job's name, by variant, or one by its name, whole or not."""
    kind = kind_of("tj")
    body = body_of(kind, "j")
    assert source_of(kind, body, Selection(prefix="algo-1")).prefix == "j/algo-1"
    for given in ("j/algo-1-5", "algo-1-5"):
        assert source_of(kind, body, Selection(stream=given)).stream == "j/algo-1-5"
    hosting = kind_of("hd")
    body = body_of(hosting, "e")
    body["spec"]["productionVariants"] = [{"variantName": "Blue"}, {"variantName": "Green"}]
    assert source_of(hosting, body, Selection("i-", "Green")).prefix == "Green/i-"
    assert source_of(hosting, body, Selection(stream="Blue/i-1")).stream == "Blue/i-1"
    with pytest.raises(NoSource, match='has no variant "Red", it has Blue, Green'):
        source_of(hosting, body, Selection(variant="Red"))


def test_an_unknown_word_is_no_end() -> None:
    """Nor is any word of an endpoint's: it serves until it is deleted."""
    kind = kind_of("tj")
    for word, ended in {"Completed": True, "Stopped": True, "Failed": True, "Stopping": False,
                        "InProgress": False, "Deleting": False, "": False}.items():  # fmt: skip
        assert has_ended(kind, body_of(kind, "j", **{kind.status: word})) is ended
    assert not has_ended(kind_of("hd"), body_of(kind_of("hd"), "e", endpointStatus="Failed"))


@pytest.mark.parametrize("part", [None, [], "text", {"region": 5, "trainingJobName": ["j"]}])
def test_an_object_of_any_form_gets_an_answer(part: Any) -> None:
    """Whatever stands where spec and status should: never a traceback."""
    body = {"metadata": {"name": "mnist"}, "spec": part, "status": part}
    with pytest.raises(NoSource):
        source_of(kind_of("tj"), body, Selection())
