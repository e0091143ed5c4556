"""Conditions with a mask, or with a second value as one has, that mean something else than they seem to mean."""

from collections.abc import Iterator

from runner.language import tr
from runner.profile.calls.syscalls import ARGUMENT_MASK
from runner.profile.filter.effective import effect
from runner.profile.finding import Severity
from runner.profile.lint.rule import Hit, LintRule, Subject
from runner.profile.model import Arg, Operator, Rule

_FEWEST_LOW_BITS = 8
"""The least number of low bits for a mask of low bits alone to select a number rather than flags."""


def _masked(subject: Subject) -> Iterator[tuple[Rule, str, Arg]]:
    for rule in subject.profile.rules:
        for index, arg in enumerate(rule.args):
            if arg.op is Operator.MASKED_EQ:
                yield rule, f"{rule.at.path}.args[{index}]", arg


def denied_without_flags(subject: Subject) -> Iterator[Hit]:
    for rule, path, arg in _masked(subject):
        denies = not effect(rule.action, rule.errno).passes
        if denies and arg.value_two == 0 and _is_flags(arg.value):
            yield Hit(
                tr(
                    "this denies the calls with none of the bits {bits} in argument {index}, and not those that have "
                    "one",
                    bits=hex(arg.value),
                    index=arg.index,
                ),
                subject.at(path),
            )


def bits_outside_the_mask(subject: Subject) -> Iterator[Hit]:
    for rule, path, arg in _masked(subject):
        outside = arg.value_two & ~arg.value & ARGUMENT_MASK
        if outside and arg.value:
            denies = not effect(rule.action, rule.errno).passes
            yield Hit(
                tr(
                    "the bits {bits} of valueTwo are outside the mask {mask} and do not count; value is the mask and "
                    "valueTwo the number, here they look swapped",
                    bits=hex(outside),
                    mask=hex(arg.value),
                ),
                subject.at(path),
                severity=Severity.HIGH if denies else Severity.MEDIUM,
            )


def unused_value_two(subject: Subject) -> Iterator[Hit]:
    for rule in subject.profile.rules:
        for index, arg in enumerate(rule.args):
            if arg.op is Operator.MASKED_EQ or not arg.value_two:
                continue
            message = tr(
                "valueTwo counts for SCMP_CMP_MASKED_EQ alone: {operator} compares argument {index} with {value}, and "
                "never with {second}",
                operator=arg.op.value,
                index=arg.index,
                value=arg.value,
                second=arg.value_two,
            )
            severity = Severity.INFO if arg.value_two == arg.value else None
            yield Hit(message, subject.at(f"{rule.at.path}.args[{index}].valueTwo"), severity=severity)


def _is_flags(mask: int) -> bool:
    """True if a mask selects flags: not the lower half of a register, nor a small number at its end."""
    is_low = mask & (mask + 1) == 0
    return mask != 0 and not (is_low and mask.bit_length() >= _FEWEST_LOW_BITS)


RULES = (
    LintRule(
        "denied-without-flags",
        Severity.HIGH,
        denied_without_flags,
        "SCMP_CMP_MASKED_EQ holds where (argument & value) == valueTwo. With a valueTwo of 0, or none, it holds where "
        "none of the mask's bits is set: a rule that denies so denies the harmless calls and lets those with the flag "
        "pass. The default profile's rule on clone looks like this because it allows. To deny a flag, give it as value "
        "and as valueTwo, in a rule for each flag.",
    ),
    LintRule(
        "bits-outside-mask",
        Severity.HIGH,
        bits_outside_the_mask,
        "SCMP_CMP_MASKED_EQ takes value for the mask and valueTwo for the number, and compares only the mask's bits. "
        "Where the two are swapped the condition holds for many more arguments than was meant, or for others: with "
        "value 511 and valueTwo 4294967295 for all that have the nine bits, whatever else they have. Put the mask, "
        "such as 4294967295 for the lower half, into value.",
    ),
    LintRule(
        "unused-value-two",
        Severity.MEDIUM,
        unused_value_two,
        "Only SCMP_CMP_MASKED_EQ has two numbers. Every other operator compares the argument with value, and the "
        "runtime drops valueTwo: it makes neither a range nor a second choice. Write a rule for each value; a range "
        "cannot be had, since two conditions on one argument mean 'or'.",
    ),
)
