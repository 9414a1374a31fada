"""Check results as JUnit XML, which Azure Pipelines publishes beside the unit tests."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

from .result import CheckCase, CheckResult

# XML 1.0 forbids these characters even when they are escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(results: Sequence[CheckResult], path: Path) -> None:
    """Write one test suite for each check; always well-formed XML, whatever was found."""
    root = ET.Element("testsuites", _counts(results))
    for result in results:
        suite = ET.SubElement(root, "testsuite", {"name": _text(f"check {result.name}")})
        suite.attrib.update(_counts([result]))
        for case in result.cases:
            _add_case(suite, result.name, case)
        if result.cannot_run is not None:
            reason = result.cannot_run
            element = _add_element(suite, result.name, f"{result.name} can run")
            error = ET.SubElement(element, "error", {"message": _text(reason.message)})
            error.text = _text(f"{reason.message} {reason.hint}".strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.indent(root)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _counts(results: Sequence[CheckResult]) -> dict[str, str]:
    cases = [case for result in results for case in result.cases]
    errors = sum(result.cannot_run is not None for result in results)
    return {
        "tests": str(len(cases) + errors),
        "failures": str(sum(not case.passed for case in cases)),
        "errors": str(errors),
    }


def _add_element(suite: ET.Element, check: str, name: str) -> ET.Element:
    attributes = {"classname": f"mloccli.check.{check}", "name": _text(name)}
    return ET.SubElement(suite, "testcase", attributes)


def _add_case(suite: ET.Element, check: str, case: CheckCase) -> None:
    element = _add_element(suite, check, case.name)
    if not case.findings:
        return
    text = _text(
        "\n".join(
            f"{finding.location}: {finding.message} {finding.hint}".strip(" :")
            for finding in case.findings
        )
    )
    if case.passed:
        ET.SubElement(element, "system-out").text = text
    else:
        message = _text(case.findings[0].message)
        ET.SubElement(element, "failure", {"message": message}).text = text


def _text(text: str) -> str:
    return _FORBIDDEN.sub(lambda match: repr(match.group())[1:-1], text)
