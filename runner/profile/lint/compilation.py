"""Errors: libseccomp or the kernel refuses the profile, or never finishes with it."""

from collections.abc import Iterator

from runner.profile.calls.syscalls import arch
from runner.profile.errors import ProfileError
from runner.profile.filter import growth
from runner.profile.filter.endless import endless, may_loop
from runner.profile.finding import Severity
from runner.profile.libseccomp import LibseccompMissingError
from runner.profile.lint import refused, start
from runner.profile.lint.rule import Case, Hit, LintRule, Subject


def endless_rules(subject: Subject) -> Iterator[Hit]:
    reported = set()
    for case in subject.cases:
        machine = arch(subject.target.arch)
        if not may_loop(case.oci) and not growth.may_multiply(case.oci, (machine,)):
            continue
        try:
            found = tuple(endless(case.oci, (machine,)))
        except LibseccompMissingError:
            return
        for each in found:
            at = subject.place(each.rule, each.name)
            if at not in reported:
                reported.add(at)
                yield Hit(case.say(each.reason), at, severity=case.severity)


def filter_refused(subject: Subject) -> Iterator[Hit]:
    if subject.outcomes and any(True for rule in _NAMED for _ in rule.find(subject)):
        return
    reported = set()
    for case in subject.cases:
        error = _refusal(subject, case)
        if error is not None and error.reason not in reported:
            reported.add(error.reason)
            at = subject.at(error.at.path if error.at else "syscalls")
            yield Hit(case.say(error.reason), at, severity=case.severity)


def _refusal(subject: Subject, case: Case) -> ProfileError | None:
    from runner.profile.filter.acceptance import check_accepted  # noqa: PLC0415 - slow to import

    try:
        check_accepted(case.oci, arch(subject.target.arch), runtime=subject.target.runtime)
    except ProfileError as error:
        return error
    except LibseccompMissingError:
        return None
    return None


_ENDLESS = LintRule(
    "endless-rules",
    Severity.ERROR,
    endless_rules,
    "Two rules on a call share an inequality on one argument (arg0 > 1) and go on to a later argument, in an order "
    "that sends libseccomp into an endless loop, 2.5.4 as well as 2.6.0: runc never starts the container and "
    "uses a processor until it is killed. Put the rule that this is reported for before the others on the call. "
    "Or several rules on a call have inequalities on several arguments: they multiply, five rules with six of them to "
    "more than 15,625 instructions, which take libseccomp long to write and which the kernel refuses. Test fewer "
    "arguments. Whether it happens is tried with this machine's libseccomp; without one, nothing is reported.",
)
RULES = (
    _ENDLESS,
    LintRule(
        "filter-refused",
        Severity.ERROR,
        filter_refused,
        "The profile is compiled as the runtime does, and libseccomp or the kernel refuses it: a filter of more than "
        "4,096 instructions ends the start in 'invalid argument'; rules that differ, but come to the same on an "
        "architecture with socketcall, ipc or 32-bit arguments, in 'file exists'; and before runc 1.0.2 a rule with "
        "the default's own action. This is tried with this machine's libseccomp; without one, nothing is reported.",
    ),
)
_NAMED = (
    _ENDLESS,
    *(rule for rule in (*start.RULES, *refused.RULES) if rule.id not in {"runtime-base", "start-hang"}),
)
"""The rules that report a specific reason for which nothing is compiled."""
