"""Findings as JSON and as SARIF 2.1.0."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from runner.profile.finding import Finding, Severity
from runner.profile.lint import RULES
from runner.profile.model import Json

_LEVELS = {
    Severity.ERROR: "error",
    Severity.HIGH: "warning",
    Severity.MEDIUM: "warning",
    Severity.INFO: "note",
}


class Linted(NamedTuple):
    """The findings on the profile of a file, or on the one of that `name` where the file holds it in its text."""

    file: str
    findings: Sequence[Finding]
    name: str = ""

    @property
    def called(self) -> str:
        """The profile as a command line names it: `FILE`, or `FILE#NAME`."""
        return f"{self.file}#{self.name}" if self.name else self.file


def report_json(found: Sequence[Linted]) -> Json:
    """The findings on each profile as JSON."""
    return {
        "profiles": [
            {"profile": linted.called, "findings": [_finding_json(finding) for finding in linted.findings]}
            for linted in found
        ]
    }


def report_sarif(found: Sequence[Linted]) -> Json:
    """A SARIF log, for forges and editors."""
    pages = _rule_pages()
    used = sorted({finding.rule for linted in found for finding in linted.findings})
    rules = [
        {
            "id": identifier,
            "helpUri": f"{pages}/{identifier}.html",
            "fullDescription": {"text": RULES[identifier].explanation},
            "defaultConfiguration": {"level": _LEVELS[RULES[identifier].severity]},
        }
        for identifier in used
    ]
    results = [_result(linted.file, finding, used) for linted in found for finding in linted.findings]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": "workshop profile lint", "rules": rules}}, "results": results}],
    }


def _rule_pages() -> str:
    """The base address of the documentation's pages on rules, from the distribution's metadata."""
    from importlib.metadata import metadata  # noqa: PLC0415 (slow to import, and other reports do not need it)

    named = (entry.partition(", ") for entry in metadata("seccomp-workshop").get_all("Project-URL") or ())
    site = next(address for label, _, address in named if label == "Documentation")
    return f"{site.rstrip('/')}/generated/rules"


def _finding_json(finding: Finding) -> Json:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "line": finding.at.line,
        "column": finding.at.column,
        "path": finding.at.path,
        "fixable": bool(finding.fix),
    }


def _result(file: str, finding: Finding, used: list[str]) -> Json:
    region = {"startLine": finding.at.line, "startColumn": finding.at.column}
    return {
        "ruleId": finding.rule,
        "ruleIndex": used.index(finding.rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": quote(file)}, "region": region},
                "logicalLocations": [{"fullyQualifiedName": finding.at.path or "$"}],
            }
        ],
    }
