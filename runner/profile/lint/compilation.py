"""Errors: libseccomp never finishes compiling the profile."""

from collections.abc import Iterator

from runner.profile.filter.endless import suspects
from runner.profile.finding import Severity
from runner.profile.lint.rule import Hit, LintRule, Subject


def endless_rules(subject: Subject) -> Iterator[Hit]:
    reported = set()
    for oci in subject.resolved:
        if not suspects(oci):
            continue
        from runner.profile.calls.syscalls import arch  # noqa: PLC0415
        from runner.profile.filter import compile as compiling  # noqa: PLC0415 - slow to import, and rarely needed
        from runner.profile.libseccomp import LibseccompMissingError  # noqa: PLC0415

        try:
            found = tuple(compiling.endless(oci, (arch(subject.target.arch),)))
        except LibseccompMissingError:
            return
        for name, rule, _ in found:
            at = subject.place(rule, name)
            if at not in reported:
                reported.add(at)
                yield Hit(f"{name}: libseccomp never finishes with this rule, so the start hangs", at)


RULES = (
    LintRule(
        "endless-rules",
        Severity.ERROR,
        endless_rules,
        "Two rules on a call share an inequality on one argument (arg0 > 1) and go on to a later argument, in an order "
        "that sends libseccomp into an endless loop, 2.5.4 as well as 2.6.0: runc never starts the container and "
        "uses a processor until it is killed. Put the rule that this is reported for before the others on the call. "
        "Whether it happens is tried with this machine's libseccomp; without one, nothing is reported.",
    ),
)
