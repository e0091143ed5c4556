"""A rule's conditions as the runtime passes them to libseccomp."""

from collections.abc import Sequence

from runner.profile.model import Arg, Operator

_OPERATORS = {
    Operator.NE: 1,
    Operator.LT: 2,
    Operator.LE: 3,
    Operator.EQ: 4,
    Operator.GE: 5,
    Operator.GT: 6,
    Operator.MASKED_EQ: 7,
}


def conditions(args: tuple[Arg, ...]) -> tuple[tuple[Arg, ...], ...]:
    """The alternatives of a rule: two conditions on one argument make runc add a rule for each condition."""
    if len({arg.index for arg in args}) < len(args):
        return tuple((arg,) for arg in args)
    return (args,)


def comparisons(alternative: Sequence[Arg]) -> tuple[tuple[int, int, int, int], ...]:
    """Conditions as `libseccomp.Builder.add` takes them: argument, operator, value, second value."""
    return tuple((arg.index, _OPERATORS[arg.op], arg.value, arg.value_two) for arg in alternative)
