"""High: conditions that hold for every argument or for none."""

from collections.abc import Iterator

from runner.language import tr
from runner.profile.calls.syscalls import ARGUMENT_MASK
from runner.profile.filter.effective import effect
from runner.profile.finding import Severity
from runner.profile.lint.rule import Hit, LintRule, Subject
from runner.profile.model import Arg, Operator

_OUTCOMES = {
    (Operator.GE, 0): True,
    (Operator.LE, ARGUMENT_MASK): True,
    (Operator.MASKED_EQ, 0): True,
    (Operator.LT, 0): False,
    (Operator.GT, ARGUMENT_MASK): False,
}


def constant_condition(subject: Subject) -> Iterator[Hit]:
    for rule in subject.profile.rules:
        passes = effect(rule.action, rule.errno).passes
        for index, arg in enumerate(rule.args):
            holds = _OUTCOMES.get((arg.op, arg.value))
            if holds is not None:
                severity = Severity.HIGH if holds == passes else Severity.MEDIUM
                yield Hit(
                    _said(arg, holds=holds), subject.at(f"{rule.at.path}.args[{index}]"), severity=severity
                )


def _said(arg: Arg, *, holds: bool) -> str:
    if not holds:
        return tr("this holds for no value of argument {index}, so it matches no call", index=arg.index)
    if arg.op is Operator.MASKED_EQ:
        return tr(
            "the mask, which is value, is 0, so this holds whatever argument {index} is", index=arg.index
        )
    return tr("this holds whatever argument {index} is", index=arg.index)


RULES = (
    LintRule(
        "constant-condition",
        Severity.HIGH,
        constant_condition,
        "Arguments are unsigned numbers of 64 bits. None is less than 0, and all are greater than or equal to it, so "
        "these comparisons decide nothing; nor does SCMP_CMP_MASKED_EQ with a mask (value) of 0, which is what a "
        "condition without a value has. So a rule that should deny some calls denies none, or one that should allow "
        "some allows all, whatever its condition seems to ask. A negative int arrives as a large number: test "
        "the sign of one of 32 bits by SCMP_CMP_MASKED_EQ with 2147483648 as value and as valueTwo. Where no condition "
        "is needed, leave args out.",
    ),
)
