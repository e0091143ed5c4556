"""Findings, and what rules are about, as `workshop profile lint` prints them."""

import sys

from runner.errors import UsageError

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from runner.profile.finding import Finding
    from runner.profile.lint.report import Linted

_WIDTH = 80


def print_findings(found: "Sequence[Linted]", form: str) -> None:
    """Print the findings in a form: text, json or sarif."""
    if form == "text":
        for linted in found:
            for finding in linted.findings:
                at = finding.at
                print(f"{linted.called}:{at.line}:{at.column}: {finding.severity.value}: {finding}")
        print(_closing(finding for linted in found for finding in linted.findings), file=sys.stderr)
        return
    import json

    from runner.profile.lint.report import report_json, report_sarif

    print(json.dumps(report_json(found) if form == "json" else report_sarif(found), indent=2))


def _closing(findings: "Iterable[Finding]") -> str:
    """The number of findings by severity, the worst first."""
    from collections import Counter

    from runner.profile.finding import Severity

    counts = Counter(finding.severity for finding in findings)
    errors = "error" if counts[Severity.ERROR] == 1 else "errors"
    named = {Severity.ERROR: errors, Severity.HIGH: "high", Severity.MEDIUM: "medium", Severity.INFO: "info"}
    each = [f"{counts[severity]} {named[severity]}" for severity in Severity if counts[severity]]
    return f"found: {', '.join(each)}" if each else "nothing found"


def explain_rule(identifier: str, form: str) -> None:
    """Print what a rule is about, or for `all` every rule.

    Raises:
        UsageError: there is no such rule, or the form has none for it.
    """
    from runner.profile.lint import RULES, rule_named

    if form == "sarif":
        raise UsageError("--explain has no form in SARIF", remedy="write --format text or json")
    rules = list(RULES.values()) if identifier == "all" else [rule_named(identifier)]
    if form == "json":
        import json

        listed = [
            {"rule": rule.id, "severity": rule.severity.value, "explanation": rule.explanation}
            for rule in rules
        ]
        print(json.dumps(listed, indent=2))
        return
    from textwrap import fill

    print(
        "\n\n".join(f"{rule.id} ({rule.severity.value})\n{fill(rule.explanation, _WIDTH)}" for rule in rules)
    )
