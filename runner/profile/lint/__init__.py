"""The linter: traps of Docker's profile format, as rules with stable ids."""

import re
from collections.abc import Callable, Collection, Iterator

from runner.errors import UsageError
from runner.profile.finding import Finding, Severity
from runner.profile.lint import (
    bypass,
    compilation,
    decoding,
    empty,
    endings,
    holding,
    kubernetes,
    listener,
    portability,
    refused,
    replacing,
    start,
    tidy,
    unusable,
    vdso,
)
from runner.profile.lint.conditions import arguments, constant, masks
from runner.profile.lint.fixes import apply_edits
from runner.profile.lint.rule import Hit, LintRule, LintTarget, Subject
from runner.profile.model import Profile, Target
from runner.profile.source.reader import Reading, read_profile
from runner.suggest import nearest

_ALL = (
    *(*empty.RULES, *start.RULES, *refused.RULES, *compilation.RULES, *listener.RULES, *bypass.RULES),
    *(*masks.RULES, *constant.RULES, *arguments.RULES),
    *(*endings.RULES, *portability.RULES, *kubernetes.RULES, *tidy.RULES, *decoding.RULES),
    *(*replacing.RULES, *unusable.RULES, *holding.RULES, *vdso.RULES),
)
RULES = {rule.id: rule for rule in _ALL}
"""Every rule by its id."""

__all__ = ["RULES", "LintTarget", "fixed", "lint", "rule_named", "selection", "start_hazards"]

_ROUNDS = 20
_LIST_WIDTH = 80
_IGNORE = re.compile(r"lint: ignore ([a-z0-9-]+(?:, ?[a-z0-9-]+)*)")
_START_HAZARDS = ("start-hang", "endless-rules")
_WORST_FIRST = {severity: rank for rank, severity in enumerate(Severity)}


def lint(
    reading: Reading, target: LintTarget, wanted: Callable[[str], bool] = lambda _: True
) -> list[Finding]:
    """The findings on a profile, in the order of its text; `wanted` selects rules by id."""
    subject = Subject(reading.profile, target, reading.document, reading.findings)
    findings = [finding for finding in reading.findings if wanted(finding.rule)]
    for rule in RULES.values():
        if wanted(rule.id):
            findings += _findings(rule, subject)
    ignored = _ignored(reading.profile)
    findings = [finding for finding in findings if not ignored(finding)]
    findings.sort(key=lambda finding: (finding.at, _WORST_FIRST[finding.severity], finding.rule))
    return list(dict.fromkeys(findings))


def _ignored(profile: Profile) -> Callable[[Finding], bool]:
    """A predicate: True for findings that the comment of the rule concerned asks to ignore."""
    asked = [
        (rule.at.path, {word.strip() for word in match[1].split(",")})
        for rule in profile.rules
        if (match := _IGNORE.search(rule.comment))
    ]

    def is_ignored(finding: Finding) -> bool:
        return any(
            finding.rule in rules and (finding.at.path == path or finding.at.path.startswith(f"{path}."))
            for path, rules in asked
        )

    return is_ignored


def start_hazards(profile: Profile, target: Target) -> tuple[Finding, ...]:
    """Reasons why starting a container with this profile could hang the engine; empty if none is known."""
    where = LintTarget(arch=target.arch, engine=target.engine, kernel=target.kernel, caps=(target.caps,))
    subject = Subject(profile, where)
    return tuple(finding for name in _START_HAZARDS for finding in _findings(RULES[name], subject))


def selection(select: Collection[str], ignore: Collection[str]) -> Callable[[str], bool]:
    """A predicate for the rules in `select`, or for all if it is empty, without those in `ignore`.

    Raises:
        UsageError: there is no such rule, or it cannot be ignored.
    """
    for identifier in (*select, *ignore):
        rule_named(identifier)
    for identifier in ignore:
        if any(rule.id == identifier for rule in unusable.RULES):
            raise UsageError(
                f"{identifier} cannot be ignored: no engine takes such a file",
                remedy="name files that are profiles, or correct this one",
            )
    return lambda identifier: (not select or identifier in select) and identifier not in ignore


def rule_named(identifier: str) -> LintRule:
    """Return the rule with this id.

    Raises:
        UsageError: there is no such rule.
    """
    if identifier not in RULES:
        near = nearest(identifier, RULES)
        hint = f"; did you mean {near}?" if near else ""
        raise UsageError(f"no lint rule is called '{identifier}'{hint}", remedy=_listed())
    return RULES[identifier]


def _listed() -> str:
    from textwrap import fill  # noqa: PLC0415 - slow to import, and only a mistake needs it

    names = fill(
        ", ".join(sorted(RULES)),
        _LIST_WIDTH,
        initial_indent="    ",
        subsequent_indent="    ",
        break_on_hyphens=False,
    )
    return f"name one of these; `workshop profile lint --explain all` explains them\n{names}"


def fixed(reading: Reading, target: LintTarget, wanted: Callable[[str], bool]) -> str:
    """The profile's text with every certain fix made, and otherwise unchanged."""
    for _ in range(_ROUNDS):
        edits = [edit for finding in lint(reading, target, wanted) for edit in finding.fix]
        if not edits:
            break
        reading = read_profile(apply_edits(reading.document.text, edits))
    return reading.document.text


def _findings(rule: LintRule, subject: Subject) -> Iterator[Finding]:
    return (_finding(rule, hit) for hit in rule.find(subject))


def _finding(rule: LintRule, hit: Hit) -> Finding:
    return Finding(rule.id, hit.severity or rule.severity, hit.message, hit.at, hit.fix)
