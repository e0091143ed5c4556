"""Two conditions on one argument: whether one excludes or implies the other, and what one leaves of the other."""

from runner.profile.calls.syscalls import ARGUMENT_MASK
from runner.profile.model import Arg, Operator

_MOST_VALUES = 32
"""The largest range that is replaced by single values: each value takes a rule."""
_OPPOSITES = {
    Operator.EQ: Operator.NE,
    Operator.NE: Operator.EQ,
    Operator.LT: Operator.GE,
    Operator.GE: Operator.LT,
    Operator.LE: Operator.GT,
    Operator.GT: Operator.LE,
}


def excluded(one: Arg, two: Arg) -> bool:
    """True if certainly no value meets both conditions."""
    for exact, other in ((one, two), (two, one)):
        if exact.op is Operator.EQ:
            return not other.op.holds(exact.value, other.value, other.value_two)
    if one.op is two.op is Operator.MASKED_EQ:
        return bool(one.value & two.value & (one.value_two ^ two.value_two))
    return False


def implies(one: Arg, two: Arg) -> bool:
    """True if certainly each value that meets the first condition meets the second one."""
    if one.op is Operator.EQ:
        return two.op.holds(one.value, two.value, two.value_two)
    if one.op is two.op is Operator.MASKED_EQ:
        return not two.value & ~one.value and not excluded(one, two)
    return (one.op, one.value, one.value_two) == (two.op, two.value, two.value_two)


def opposite(condition: Arg) -> list[Arg]:
    """Conditions of which one holds wherever this one does not."""
    if condition.op is Operator.MASKED_EQ:
        return [
            Arg(condition.index, bit, Operator.MASKED_EQ, ~condition.value_two & bit)
            for bit in bits(condition.value)
        ]
    return [Arg(condition.index, condition.value, _OPPOSITES[condition.op])]


def rest(gone: Arg, own: Arg | None, *, may_split: bool) -> list[Arg] | None:
    """Conditions of which one holds wherever `own` does, if there is one, and `gone` does not; None if there are none.

    With `may_split`, a range is split around a value.
    """
    if own is None:
        return opposite(gone)
    if own.op is gone.op is Operator.MASKED_EQ:
        return [
            Arg(
                own.index,
                own.value | bit,
                Operator.MASKED_EQ,
                own.value_two & own.value | ~gone.value_two & bit,
            )
            for bit in bits(gone.value & ~own.value)
        ]
    return _around(own, gone.value) if may_split and gone.op is Operator.EQ else None


def bits(mask: int) -> list[int]:
    """The single bits of a mask, the lowest first."""
    return [1 << place for place in range(ARGUMENT_MASK.bit_length()) if mask >> place & 1]


def _around(condition: Arg, value: int) -> list[Arg] | None:
    """Conditions of which one holds wherever `condition` does, except for `value`; None if too many would be needed."""
    low, high = {
        Operator.LT: (value, condition.value),
        Operator.LE: (value, condition.value + 1),
        Operator.GT: (condition.value, value),
        Operator.GE: (condition.value - 1, value),
        Operator.NE: (min(condition.value, value), max(condition.value, value)),
    }.get(condition.op, (0, _MOST_VALUES + 2))
    if high - low - 1 > _MOST_VALUES:
        return None
    between = [Arg(condition.index, each, Operator.EQ) for each in range(low + 1, high)]
    below = [Arg(condition.index, low, Operator.LT)] if low > 0 else []
    above = [Arg(condition.index, high, Operator.GT)]
    match condition.op:
        case Operator.LT | Operator.LE:
            return [*below, *between]
        case Operator.GT | Operator.GE:
            return [*between, *above]
    return [*below, *between, *above]
