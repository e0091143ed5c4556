"""Rules that libseccomp may never finish adding to a filter.

On a 64-bit architecture libseccomp compares the two halves of an argument, so the conditions after an inequality are
inserted below two nodes of its tree. A second rule on the call with the same inequality is inserted below each of them,
the second time into a list that it is already in: the list becomes a ring, and the library never leaves it. Whether it
happens depends on the order of the rules and on the later conditions; it never happens without two such rules.
"""

from collections.abc import Iterator
from itertools import pairwise

from runner.profile.filter.effective import argument_sets, effect
from runner.profile.model import Arg, OciSeccomp, Operator

_EQUALITIES = frozenset((Operator.EQ, Operator.MASKED_EQ))


def suspects(oci: OciSeccomp) -> tuple[str, ...]:
    """The calls with two rules that share an inequality on one argument and also test a later argument."""
    default = effect(oci.default_action, oci.default_errno)
    seen: dict[str, set[Arg]] = {}
    found: dict[str, None] = {}
    for rule in oci.rules:
        if len(rule.args) < 2 or effect(rule.action, rule.errno) == default:
            continue
        inequalities = {arg for alternative in argument_sets(rule.args) for arg in _leading(alternative)}
        for name in rule.names if inequalities else ():
            earlier = seen.setdefault(name, set())
            if not earlier.isdisjoint(inequalities):
                found[name] = None
            earlier |= inequalities
    return tuple(found)


def _leading(alternative: tuple[Arg, ...]) -> Iterator[Arg]:
    """The inequalities before the last argument, without the second value, which only a mask uses."""
    for arg, _ in pairwise(sorted(alternative, key=lambda arg: arg.index)):
        if arg.op not in _EQUALITIES:
            yield Arg(arg.index, arg.value, arg.op)
