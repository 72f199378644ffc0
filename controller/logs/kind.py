# SPDX-License-Identifier: Apache-2.0
"""The kinds that have a log: where AWS keeps it, and where the object says whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ENDED: Final = frozenset({"Completed", "Failed", "Stopped", "DeleteFailed"})
"""Words of a status after which a job writes no more; a word that is new to us is none of them."""


@dataclass(frozen=True, slots=True)
class LogKind:
    """One kind.

    `title` is what AWS calls the job's name; `named_by` and `asked_by` are the fields of status and
    of spec that hold it, None where there is none.
    """

    name: str
    short: str
    title: str
    group: str
    named_by: str
    asked_by: str | None
    status: str
    secondary: str | None = None
    has_children: bool = False
    """Whether it is other jobs that write, under names that begin with this one's."""

    is_endpoint: bool = False
    """Whether it has a log group of its own, and serves until it is deleted."""

    @property
    def plural(self) -> str:
        """The resource, as in a URL of the API server."""
        return self.name.lower() + "s"


KINDS: Final = (
    LogKind(
        name="TrainingJob",
        short="tj",
        title="TrainingJobName",
        group="/aws/sagemaker/TrainingJobs",
        named_by="sageMakerTrainingJobName",
        asked_by="trainingJobName",
        status="trainingJobStatus",
        secondary="secondaryStatus",
    ),
    LogKind(
        name="HyperparameterTuningJob",
        short="hpo",
        title="HyperParameterTuningJobName",
        group="/aws/sagemaker/TrainingJobs",
        named_by="sageMakerHyperParameterTuningJobName",
        asked_by="hyperParameterTuningJobName",
        status="hyperParameterTuningJobStatus",
        has_children=True,
    ),
    LogKind(
        name="BatchTransformJob",
        short="btj",
        title="TransformJobName",
        group="/aws/sagemaker/TransformJobs",
        named_by="sageMakerTransformJobName",
        asked_by="transformJobName",
        status="transformJobStatus",
    ),
    LogKind(
        name="ProcessingJob",
        short="pj",
        title="ProcessingJobName",
        group="/aws/sagemaker/ProcessingJobs",
        named_by="sageMakerProcessingJobName",
        asked_by=None,
        status="processingJobStatus",
    ),
    LogKind(
        name="HostingDeployment",
        short="hd",
        title="EndpointName",
        group="/aws/sagemaker/Endpoints",
        named_by="endpointName",
        asked_by="endpointName",
        status="endpointStatus",
        is_endpoint=True,
    ),
)


def _spellings() -> Mapping[str, LogKind]:
    return {
        spelling: kind
        for kind in KINDS
        for spelling in (kind.name.lower(), kind.plural, kind.short)
    }


SPELLINGS: Final = _spellings()
"""Name, plural and short form, in lower case -> the kind."""


def find_log_kind(text: str) -> LogKind | None:
    """Return the kind that is meant, in whatever case, with or without the group."""
    return SPELLINGS.get(text.lower().removesuffix(".sagemaker.aws.amazon.com"))
