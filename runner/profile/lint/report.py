"""Findings as JSON and as SARIF 2.1.0."""

from collections.abc import Collection, Sequence
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

Found = Sequence[tuple[str, Sequence[Finding]]]
"""The findings of each profile; a profile within another file is named `FILE#NAME`."""


def report_json(found: Found) -> Json:
    """The findings of each profile as JSON."""
    return {
        "profiles": [
            {"profile": name, "findings": [_finding_json(finding) for finding in findings]}
            for name, findings in found
        ]
    }


def report_sarif(found: Found, within: Collection[str] = ()) -> Json:
    """A SARIF log, for forges and editors; `within` are the names of the form `FILE#NAME`."""
    pages = _rule_pages()
    used = sorted({finding.rule for _, findings in found for finding in findings})
    rules = [
        {
            "id": identifier,
            "helpUri": f"{pages}/{identifier}.html",
            "fullDescription": {"text": RULES[identifier].explanation},
            "defaultConfiguration": {"level": _LEVELS[RULES[identifier].severity]},
        }
        for identifier in used
    ]
    within = frozenset(within)
    results = [
        _result(name.rpartition("#")[0] if name in within else name, finding, used)
        for name, findings in found
        for finding in findings
    ]
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


def _result(name: str, finding: Finding, used: list[str]) -> Json:
    region = {"startLine": finding.at.line, "startColumn": finding.at.column}
    return {
        "ruleId": finding.rule,
        "ruleIndex": used.index(finding.rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": quote(name)}, "region": region},
                "logicalLocations": [{"fullyQualifiedName": finding.at.path or "$"}],
            }
        ],
    }
