"""Rules of one call whose inequalities multiply in libseccomp's filter.

On a 64-bit architecture the conditions after an inequality are inserted below both halves of its argument. With several
rules on one call, the conditions of all of them on the next argument are tested below each half of each value, and so
on: the program has (rules) to the power of (arguments) tests, and libseccomp may not finish writing it down.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import takewhile
from math import prod

from runner.profile.calls.syscalls import WORD_MASK, Arch
from runner.profile.filter.effective import argument_sets, effect
from runner.profile.model import Arg, OciRule, OciSeccomp, Operator

FEW = 500
"""The number of tests up to which libseccomp finishes at once."""
_EQUALITIES = frozenset((Operator.EQ, Operator.MASKED_EQ))


def conditions_by_call(rules: Iterable[OciRule]) -> dict[str, list[tuple[Arg, ...]]]:
    """The conditions of rules by call, for calls with at least two rules that have several conditions."""
    found: dict[str, list[tuple[Arg, ...]]] = {}
    for rule in rules:
        for alternative in argument_sets(rule.args) if rule.args else ():
            for name in rule.names:
                found.setdefault(name, []).append(in_order(alternative))
    return {name: sets for name, sets in found.items() if sum(len(each) > 1 for each in sets) > 1}


def in_order(conditions: Iterable[Arg]) -> tuple[Arg, ...]:
    """The conditions by their arguments, as libseccomp tests them."""
    return tuple(sorted(conditions, key=lambda arg: arg.index))


def leading_inequalities(conditions: Iterable[Arg]) -> Iterator[Arg]:
    """The inequalities before the last argument, without the second value, which only a mask uses."""
    for arg in in_order(conditions)[:-1]:
        if arg.op not in _EQUALITIES:
            yield Arg(arg.index, arg.value, arg.op)


def may_multiply(oci: OciSeccomp, arches: Collection[Arch]) -> tuple[str, ...]:
    """The calls for which libseccomp may take long, or write more than any kernel accepts."""
    if all(arch.bits == 32 for arch in arches):
        return ()
    default = effect(oci.default_action, oci.default_errno)
    added = (rule for rule in oci.rules if effect(rule.action, rule.errno) != default)
    return tuple(name for name, sets in conditions_by_call(added).items() if count_tests(sets) > FEW)


def count_tests(sets: Sequence[tuple[Arg, ...]]) -> int:
    """The approximate number of argument tests of a call's rules, where they multiply."""
    inequalities: dict[int, set[Arg]] = {}
    for conditions in sets:
        for arg in leading_inequalities(conditions):
            inequalities.setdefault(arg.index, set()).add(arg)
    return len(sets) * prod(map(len, inequalities.values()))


def least_instructions(sets: Sequence[tuple[Arg, ...]]) -> int:
    """The least number of instructions for a call's rules; 0 if unknown.

    It is known for the first arguments on which all rules have inequalities, of one kind for each argument, with values
    that differ only in their lower halves.
    """
    if len(sets) < 2 or any(len(conditions) != len(sets[0]) for conditions in sets):
        return 0
    multiplied = sum(1 for _ in takewhile(_multiplies, zip(*sets, strict=True)))
    return len(sets) ** multiplied if multiplied else 0


def _multiplies(column: Sequence[Arg]) -> bool:
    first = column[0]
    alike = {(arg.index, arg.op, arg.value >> 32) for arg in column}
    return (
        first.op not in _EQUALITIES
        and len(alike) == 1
        and len({arg.value & WORD_MASK for arg in column}) == len(column)
    )
