"""Add a decision on one call with certain arguments to a profile that may already have rules on the call."""

from dataclasses import replace

from runner.language import tr
from runner.profile.calls.syscalls import WORD_MASK
from runner.profile.edit import allow, deny
from runner.profile.errors import ProfileError
from runner.profile.filter.effective import Effect, argument_sets, effect
from runner.profile.model import NOWHERE, Action, Arg, Operator, Profile, Rule, Selector

_MOST_VALUES = 32
"""The largest range that is replaced by single values: each value takes a rule."""


def decide_for(
    profile: Profile, name: str, values: dict[int, int], action: Action, *, errno: int | None = None
) -> Profile:
    """The profile with `action` for a call whose arguments have these values, given by index; all other decisions stay.

    Raises:
        ProfileError: rules on the call have conditions on the same arguments that cannot be combined with it.
    """
    if not values:
        return allow(profile, [name]) if action is Action.ALLOW else deny(profile, [name], errno=errno)
    if profile.default_action is None:
        raise ProfileError(
            tr("the profile is empty, which turns seccomp off"), remedy=tr("give it a --action first")
        )
    default = effect(profile.default_action, profile.default_errno)
    wanted = effect(action, errno)
    args = tuple(Arg(index, value, Operator.EQ) for index, value in sorted(values.items()))
    may_split = wanted == default and not wanted.passes and _one_word(profile, name, values)
    rules: list[Rule] = []
    for rule in profile.rules:
        if name not in rule.names or effect(rule.action, rule.errno) in (wanted, default):
            rules.append(rule)
            continue
        rest = tuple(other for other in rule.names if other != name)
        if rest:
            rules.append(replace(rule, names=rest, legacy_name=rule.legacy_name and rule.names[0] != name))
        for alternative in argument_sets(rule.args):
            rules += _without(replace(rule, args=alternative), name, args, may_split=may_split)
    changed = replace(profile, rules=tuple(rules))
    if wanted == default or _says(changed, name, args, wanted):
        return changed
    added = Rule((name,), action, errno, args, "", Selector(), Selector(), legacy_name=False, at=NOWHERE)
    return replace(changed, rules=(*changed.rules, added))


def _without(rule: Rule, name: str, args: tuple[Arg, ...], *, may_split: bool) -> list[Rule]:
    """Rules that together decide the call as one rule did, except where all of `args` hold.

    With `may_split`, a range is split around a value.
    """
    tested = {arg.index for arg in rule.args}
    if any(
        arg.index == mine.index and not arg.op.holds(mine.value, arg.value, arg.value_two)
        for mine in args
        for arg in rule.args
    ):
        return [replace(rule, names=(name,), legacy_name=False)]
    parts = []
    for arg in args:
        if arg.index in tested:
            own = next(each for each in rule.args if each.index == arg.index)
            # Where the rule has the same condition, it never applies to other values of that argument.
            if (own.value, own.op) == (arg.value, arg.op):
                continue
            split = _around(own, arg.value) if may_split else None
            if split is None:
                raise ProfileError(
                    tr(
                        "{rule} has a condition on argument {index} of {call}, beside which another one on the same "
                        "argument cannot be expressed",
                        rule=rule.at.path or tr("a rule"),
                        index=arg.index,
                        call=name,
                    ),
                    at=rule.at,
                    remedy=tr("give --remove {call}, and then all rules that it needs", call=name),
                )
            others = tuple(each for each in rule.args if each is not own)
            parts += [
                replace(
                    rule,
                    names=(name,),
                    legacy_name=False,
                    args=(*others, each),
                    comment="" if each.op is Operator.EQ else rule.comment,
                )
                for each in split
            ]
            continue
        opposite = Arg(arg.index, arg.value, Operator.NE)
        parts.append(replace(rule, names=(name,), legacy_name=False, args=(*rule.args, opposite)))
    return parts


def _one_word(profile: Profile, name: str, values: dict[int, int]) -> bool:
    """True if 32 bits hold all values that rules on the call compare with: libseccomp confuses ranges of wider ones."""
    compared = [arg.value for rule in profile.rules if name in rule.names for arg in rule.args]
    return all(value < WORD_MASK for value in (*compared, *values.values()))


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


def _says(profile: Profile, name: str, args: tuple[Arg, ...], wanted: Effect) -> bool:
    """True if a rule without other conditions already has this effect."""
    return any(
        name in rule.names
        and effect(rule.action, rule.errno) == wanted
        and rule.args in ((), args)
        and (rule.includes, rule.excludes) == (Selector(), Selector())
        for rule in profile.rules
    )
