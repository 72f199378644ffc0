# SPDX-License-Identifier: Apache-2.0
"""All of a run as JUnit XML: a suite per file, a test case per object, a failure per error.

JUnit has no standard; this is the part that Jenkins' schema and GitLab's reader share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final
from xml.etree import ElementTree as ET

from webhook.adapters.yamlfile import FileError
from webhook.check import Checked
from webhook.reports.run import LEVEL_OF, Run
from webhook.reports.text import said

_NO_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(run: Run) -> Iterator[str]:
    """Yield the document. Findings that are no errors are the case's output."""
    root = ET.Element("testsuites", name="kube-sagemaker")
    for source, group in groupby(run.checked, key=lambda checked: checked.document.source):
        suite = ET.SubElement(root, "testsuite", name=_xml(source))
        for checked in group:
            _add_case(suite, checked)
        _count(suite)
    for error in run.errors:
        _add_error(root, error)
    _count(root)
    ET.indent(root)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield ET.tostring(root, encoding="unicode")


def _add_case(suite: ET.Element, checked: Checked) -> None:
    kind, resource = checked.resource.kind, checked.resource
    name = _xml(f"{resource.namespace}/{resource.name}")
    group = f"{kind.group}.{kind.name}"
    case = ET.SubElement(suite, "testcase", name=name, classname=group)
    output: list[str] = []
    for finding, place in checked.findings:
        where = f"{place.source}:{place.line}:{place.column}"
        text = _xml(f"{where}: {finding.rule} {said(finding)}")
        if LEVEL_OF[finding.mode] == "error":
            message = _xml(said(finding))
            ET.SubElement(case, "failure", type=finding.rule, message=message).text = text
        else:
            output.append(text)
    output += [
        _xml(f"waived: {each.finding.rule} {said(each.finding)}: {each.reason}")
        for each in checked.verdict.waived
    ]
    if output:
        ET.SubElement(case, "system-out").text = "\n".join(output)


def _add_error(root: ET.Element, error: FileError) -> None:
    suite = ET.SubElement(root, "testsuite", name=_xml(error.source))
    case = ET.SubElement(suite, "testcase", name="readable", classname="input")
    message = _xml(error.text)
    ET.SubElement(case, "error", type="input", message=message).text = _xml(str(error))
    _count(suite)


def _count(holder: ET.Element) -> None:
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        cases = [case for case in holder.iter("testcase") if tag in {"testcase", *_tags(case)}]
        holder.set(name, str(len(cases)))


def _tags(case: ET.Element) -> set[str]:
    return {child.tag for child in case}


def _xml(text: str) -> str:
    """Replace what XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)
