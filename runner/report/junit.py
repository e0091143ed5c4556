"""A verification's results as JUnit XML: a suite for each lab, a case for its transcripts and for each check."""

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from xml.etree import ElementTree as ET

from runner.report.text import check_lines, outcome_lines
from runner.verify.result import LabResult, OutcomeKind, WorkshopResult, kind_of, worst

_ELEMENTS = {
    OutcomeKind.FAILED: "failure",
    OutcomeKind.ERROR: "error",
    OutcomeKind.BROKEN: "error",
    OutcomeKind.SKIPPED: "skipped",
}
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(workshops: Sequence[WorkshopResult]) -> str:
    """The XML text."""
    root = ET.Element("testsuites", name="workshop verify")
    for workshop in workshops:
        for lab in workshop.labs:
            name = ".".join(filter(None, (workshop.engine, workshop.id, lab.id)))
            _suite(root, name, lab, workshop.tracks.get(lab.id, ""))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def cases(
    name: str,
    failures: Mapping[str, str],
    seconds: float,
    *,
    skipped: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """One suite as XML, with a case for each of `failures` by name, where an empty text is a pass, and of `skipped`."""
    root = ET.Element("testsuites", name=_writable(name))
    suite = ET.SubElement(root, "testsuite", name=_writable(name), time=f"{seconds:.3f}")
    for case, failure in failures.items():
        _case(suite, case, 0.0, OutcomeKind.FAILED if failure else OutcomeKind.PASSED, failure.splitlines())
    for case, reason in skipped.items():
        _case(suite, case, 0.0, OutcomeKind.SKIPPED, [reason])
    suite.set("tests", str(len(failures) + len(skipped)))
    suite.set("failures", str(sum(map(bool, failures.values()))))
    suite.set("skipped", str(len(skipped)))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: ET.Element, name: str, lab: LabResult, track: str) -> None:
    suite = ET.SubElement(root, "testsuite", name=_writable(name), time=f"{lab.seconds:.3f}")
    if track:
        ET.SubElement(ET.SubElement(suite, "properties"), "property", name="track", value=_writable(track))
    whole = worst(kind_of(problem) for problem in lab.problems)
    elsewhere = lab.seconds - sum(check.seconds for check in lab.checks)
    found = (line for problem in lab.problems for line in outcome_lines(problem))
    _case(suite, "transcripts", elsewhere, whole, found)
    for check in lab.checks:
        _case(suite, check.id, check.seconds, check.kind, check_lines(check))
    cases = suite.findall("testcase")
    kinds = [element.tag for case in cases for element in case]
    suite.set("tests", str(len(cases)))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(kinds.count(tag)))


def _case(suite: ET.Element, name: str, seconds: float, came_to: OutcomeKind, lines: Iterable[str]) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=suite.get("name", ""),
        name=_writable(name),
        time=f"{max(0.0, seconds):.3f}",
    )
    if came_to in _ELEMENTS:
        element = ET.SubElement(case, _ELEMENTS[came_to], message=str(came_to))
        element.text = _writable("\n".join(lines))


def _writable(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _NOT_XML.sub("�", text)
