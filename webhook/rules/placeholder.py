# SPDX-License-Identifier: Apache-2.0
"""A placeholder that nobody filled in.

A sample's `<role arn>`, a template's `${ROLE}` or a tutorial's `BUCKET_NAME` came through to the
cluster. SageMaker would refuse it, or worse, take it for a name.

Fix: put the real value there, or run the template through its tool before applying.
"""

import re

from webhook.call import Call
from webhook.catalog import Catalog
from webhook.finding import Rank, Severity
from webhook.node import Node
from webhook.rule import Faults, Text, rule

LONGEST = 512
"""Characters of a value that are looked at: a placeholder stands for a short one."""

_FREE_TEXT = frozenset((
    "ApprovalDescription", "AthenaQueryString", "CfnStackParameterValue",
    "ClarifyContentTemplate", "ClarifyEnableExplanations", "ClarifyShapBaseline",
    "ContainerArgument", "ContainerEntrypointString", "DataInputConfig", "Description",
    "EntityDescription", "Expression", "JsonPath", "MetricRegex",
    "NotebookInstanceLifecycleConfigContent", "PipelineDefinition", "PipelineDescription",
    "PipelineExecutionDescription", "ProvisioningParameterValue", "RedshiftQueryString",
    "String1024", "TaskDescription", "TaskTitle", "TrainingContainerArgument",
    "TrainingContainerEntrypointString",
))  # fmt: skip
"""Shapes whose values may well hold such marks: expressions, queries, command lines, prose."""

_MARKS = re.compile(
    r"(?P<angle><[A-Za-z][^<>\n]{0,80}>)"
    r"|(?P<brace>\$?\{\{?[^{}\n]{0,80}\}?\})"
    r"|(?P<variable>^\$[A-Za-z_][A-Za-z0-9_]*$)"
    r"|(?P<word>(?<![A-Za-z0-9])(?:DELETE|CHANGE|REPLACE|FILL|UPDATE)_(?:ME|THIS)(?![A-Za-z0-9]))"
    r"|(?P<your>(?<![A-Za-z0-9])(?:YOUR|MY)_[A-Z0-9_]+)"
    r"|(?P<bucket>(?<=^s3://)[A-Z0-9]+(?:_[A-Z0-9]+)+)"
    r"|(?P<name>^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:ARN|BUCKET|ID|IMAGE|KEY|NAME|REGION|ROLE|TYPE|URI|URL)$)",
)


@rule(
    "SM120",
    on=Text("<", "{", "$", "_"),
    severity=Severity.ERROR,
    since="0.1",
    source="https://sagemaker.readthedocs.io/en/stable/workflows/kubernetes/index.html",
    rank=Rank.PLACEHOLDER,
)
def placeholder(node: Node, _call: Call, _facts: Catalog) -> Faults:
    """Yield a fault for a value with a placeholder in it."""
    text = node.text
    if text is None or node.field.shape in _FREE_TEXT:
        return
    found = _MARKS.search(text, 0, LONGEST)
    if found is not None:
        yield node.invalid(f"holds the placeholder {found[0]!r}".replace("'", '"'))
