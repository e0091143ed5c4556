"""A verification's results as JUnit XML: a suite for each lab, a case for each check and for each of the lab's other problems."""

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from runner.check.outcome import Outcome, Skipped
from runner.report.text import lab_details
from runner.session.result import CheckResult, LabResult, Verdict, WorkshopResult, verdict

_ELEMENTS = {Verdict.FAILED: "failure", Verdict.ERROR: "error", Verdict.BROKEN: "error", Verdict.SKIPPED: "skipped"}


def as_junit(workshops: Sequence[WorkshopResult]) -> str:
    """The XML text."""
    root = ET.Element("testsuites", name="workshop verify")
    for workshop in workshops:
        for lab in workshop.labs:
            _suite(root, f"{workshop.id}.{lab.id}", lab)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"
