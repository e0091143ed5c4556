"""Add a decision on one call with certain arguments to a profile that may already have rules on the call."""

from collections.abc import Mapping
from dataclasses import replace

from runner.language import tr
from runner.profile.calls.flags import FLAG_ARGUMENTS
from runner.profile.calls.syscalls import WORD_MASK
from runner.profile.edit import allow, deny
from runner.profile.errors import ProfileError
from runner.profile.filter.complement import bits, excluded, implies, rest
from runner.profile.filter.effective import Effect, argument_sets, effect
from runner.profile.model import NOWHERE, Action, Arg, Operator, Profile, Rule, Selector


def decide_for(
    profile: Profile, name: str, values: Mapping[int, int], action: Action, *, errno: int | None = None
) -> Profile:
    """The profile with `action` for a call whose arguments have these values, given by index; all other decisions stay.

    Raises:
        ProfileError: as `decide_where`.
    """
    args = tuple(Arg(index, value, Operator.EQ) for index, value in sorted(values.items()))
    return decide_where(profile, name, args, action, errno=errno)


def decide_where(
    profile: Profile, name: str, args: tuple[Arg, ...], action: Action, *, errno: int | None = None
) -> Profile:
    """The profile with `action` for a call where all these conditions hold; all other decisions stay.

    Raises:
        ProfileError: rules on the call have conditions on the same arguments that cannot be combined with it.
    """
    if not args:
        return allow(profile, [name]) if action is Action.ALLOW else deny(profile, [name], errno=errno)
    if profile.default_action is None:
        raise ProfileError(
            tr("the profile is empty, which turns seccomp off"), remedy=tr("give it a --action first")
        )
    default = effect(profile.default_action, profile.default_errno)
    wanted = effect(action, errno)
    may_split = wanted == default and not wanted.passes and _one_word(profile, name, args)
    rules: list[Rule] = []
    for rule in profile.rules:
        if name not in rule.names or effect(rule.action, rule.errno) in (wanted, default):
            rules.append(rule)
            continue
        others = tuple(other for other in rule.names if other != name)
        if others:
            rules.append(replace(rule, names=others, legacy_name=rule.legacy_name and rule.names[0] != name))
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
    own = {arg.index: arg for arg in rule.args}
    if any(mine.index in own and excluded(mine, own[mine.index]) for mine in args):
        return [replace(rule, names=(name,), legacy_name=False)]
    parts = []
    for arg in args:
        tested = own.get(arg.index)
        # Where the rule's condition holds for no other values of that argument, no part of the rule is left.
        if tested is not None and implies(tested, arg):
            continue
        left = rest(arg, tested, may_split=may_split)
        if left is None:
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
        others = tuple(each for each in rule.args if each is not tested)
        parts += [
            replace(
                rule,
                names=(name,),
                legacy_name=False,
                args=(*others, each),
                comment="" if tested is not None and each.op is Operator.EQ else rule.comment,
            )
            for each in left
        ]
    return parts


def _one_word(profile: Profile, name: str, args: tuple[Arg, ...]) -> bool:
    """True if 32 bits hold all values that rules on the call compare with: libseccomp confuses ranges of wider ones."""
    compared = [arg.value for rule in profile.rules if name in rule.names for arg in rule.args]
    return all(value < WORD_MASK for value in (*compared, *(arg.value for arg in args)))


def _says(profile: Profile, name: str, args: tuple[Arg, ...], wanted: Effect) -> bool:
    """True if a rule without other conditions already has this effect."""
    return any(
        name in rule.names
        and effect(rule.action, rule.errno) == wanted
        and rule.args in ((), args)
        and (rule.includes, rule.excludes) == (Selector(), Selector())
        for rule in profile.rules
    )


def flags_compared(profile: Profile, name: str, args: tuple[Arg, ...]) -> list[Arg]:
    """The conditions that compare flags as a whole, where the profile lets the call pass with one more flag."""
    return [
        arg
        for arg in args
        if arg.op is Operator.EQ
        and arg.value
        and arg.index in FLAG_ARGUMENTS.get(name, ())
        and any(
            _may_pass(profile, name, replace(arg, value=arg.value | bit))
            for bit in bits(WORD_MASK & ~arg.value)
        )
    ]


def _may_pass(profile: Profile, name: str, given: Arg) -> bool:
    """True if the call passes with one argument of this value and certain others."""
    if profile.default_action is None:
        return True
    default = effect(profile.default_action, profile.default_errno)
    for rule in profile.rules:
        if name not in rule.names or effect(rule.action, rule.errno).passes == default.passes:
            continue
        for conditions in argument_sets(rule.args):
            tested = [arg for arg in conditions if arg.index == given.index]
            certain = default.passes and len(tested) < len(conditions)
            if not certain and not any(excluded(given, arg) for arg in tested):
                return not default.passes
    return default.passes
