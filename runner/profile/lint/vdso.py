"""Denied calls whose answers programs get without a call."""

from collections.abc import Iterator

from runner.language import tr
from runner.profile.calls.vdso import VDSO
from runner.profile.finding import Severity
from runner.profile.lint.rule import Hit, LintRule, Subject


def without_call(subject: Subject) -> Iterator[Hit]:
    reported = set()
    for view in subject.effective:
        for name in VDSO.get(subject.target.arch, ()) if view.default.passes else ():
            ruling = view.calls.get(name)
            if ruling is None or ruling.always_source is None or view.always_allowed(name):
                continue
            at = subject.place(ruling.always_source, name)
            if at not in reported:
                reported.add(at)
                yield Hit(
                    tr(
                        "{call} is denied, but programs get its answer without a call, from the vDSO",
                        call=name,
                    ),
                    at,
                )


RULES = (
    LintRule(
        "without-call",
        Severity.MEDIUM,
        without_call,
        "The kernel puts a small library, the vDSO, into every process. The C library reads the time there, and a "
        "filter sees no call: denying clock_gettime, gettimeofday and time hides no clock. They are made as calls "
        "only where the machine's clock cannot be read so, or for rare clocks such as a process's CPU time.",
    ),
)
