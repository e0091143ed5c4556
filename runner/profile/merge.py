"""Merge two profiles: allow the calls that either allows, or only those that both allow."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from runner.profile.errors import ProfileError
from runner.profile.filter.effective import Effect, effect
from runner.profile.merged_settings import merged_settings
from runner.profile.model import NOWHERE, Action, Arg, Operator, Profile, Rule, Selector

_ANY = Selector()

Where = tuple[Selector, Selector]
"""A rule's includes and excludes."""
Combine = Callable[[list[Rule], list[Rule]], list[Rule]]


def union(first: Profile, second: Profile) -> Profile:
    """A profile that allows the calls that either of the two allows."""
    return _merged(first, second, widen=True)


def intersection(first: Profile, second: Profile) -> Profile:
    """A profile that allows only the calls that both of the two allow."""
    return _merged(first, second, widen=False)


def _merged(first: Profile, second: Profile, *, widen: bool) -> Profile:
    """Merge the rules that differ from the default, so that no two of opposite results apply at once.

    A rule against the default is an exception: it allows in an allow-list, and denies in a deny-list. More exceptions
    of an allow-list allow more, more denials of a deny-list less. Where both profiles give a call an errno of their
    own, the first one's counts. A call that an exception allows for some arguments has the default's errno for others.
    """
    default = _default(first)
    if default.passes != _default(second).passes:
        raise ProfileError(
            "a list of allowed calls cannot be merged with a list of denied ones",
            remedy=_of_two_kinds(*((second, first) if default.passes else (first, second)), widen=widen),
        )
    combine = _both if widen is default.passes else _either
    mine, theirs = _by_name(first), _by_name(second)
    rules: list[Rule] = []
    for name in dict.fromkeys((*mine, *theirs)):
        one, two = mine.get(name, []), theirs.get(name, [])
        if not widen:
            one, two = _firm(one, two, default), _firm(two, one, default)
        found = _call(_settled(one, default), _settled(two, default), default, combine)
        # A name counts for the runtime even where its rule says what the default does.
        rules += _distinct(found) or [rule for rule in (*one, *two) if _effect(rule) == default][:1]
    return replace(merged_settings(first, second, widen=widen), rules=tuple(_regrouped(rules)))


def _default(profile: Profile) -> Effect:
    if profile.default_action is None:
        raise ProfileError("an empty profile, which turns seccomp off, cannot be merged")
    return effect(profile.default_action, profile.default_errno)


def _of_two_kinds(allowing: Profile, denying: Profile, *, widen: bool) -> str:
    """What to edit instead, for a list of allowed calls and one of denied calls."""
    let, refused = (
        {
            name: rule
            for rule in profile.rules
            if _is_exception(rule, _default(profile))
            for name in rule.names
        }
        for profile in (allowing, denying)
    )
    names = [name for name in refused if name in let]
    kept, option = ("denied", "--allow") if widen else ("allowed", "--deny")
    if not names:
        return f"the list of {kept} calls alone is the result: nothing that the other list names changes it"
    conditional = [
        name
        for name in names
        for rule in (let[name], refused[name])
        if rule.args or (rule.includes, rule.excludes) != (_ANY, _ANY)
    ]
    listed = ", ".join(dict.fromkeys(conditional))
    but = f" (there are conditions on {listed}, which are for you to write)" if conditional else ""
    return f"the result is the list of {kept} calls, edited with {option} {','.join(names)}{but}"


def _firm(rules: list[Rule], others: list[Rule], default: Effect) -> list[Rule]:
    """The rules, without those that let another program decide on a call that the other profile denies for certain."""
    certain = [other for other in others if not _effect(other).passes and not _asks(other)]
    denied = not default.passes and len(certain) == len(others)
    if denied or any(not other.args and other.includes == other.excludes == _ANY for other in certain):
        return [rule for rule in rules if not _asks(rule)]
    return rules


def _asks(rule: Rule) -> bool:
    return rule.action in (Action.NOTIFY, Action.TRACE)


def _by_name(profile: Profile) -> dict[str, list[Rule]]:
    """Each name's rules, split to one name per rule, without the fields that do not affect meaning."""
    found: dict[str, list[Rule]] = {}
    for rule in profile.rules:
        for name in dict.fromkeys(rule.names):
            plain = replace(rule, names=(name,), legacy_name=False, at=NOWHERE)
            found.setdefault(name, []).append(plain)
    return found


def _effect(rule: Rule) -> Effect:
    return effect(rule.action, rule.errno)


def _is_exception(rule: Rule, default: Effect) -> bool:
    return _effect(rule).passes != default.passes


def _settled(rules: list[Rule], default: Effect) -> list[Rule]:
    """One call's rules without those that say what the default does, and without exceptions where none applies.

    A rule without conditions on arguments wins over all that have some, and over those after it.
    """
    telling = [rule for rule in rules if _effect(rule) != default]
    settled: list[Rule] = []
    for place, rule in enumerate(telling):
        winners = (
            other
            for other_place, other in enumerate(telling)
            if not other.args and (rule.args or other_place < place)
        )
        opposed = [
            other for other in winners if _is_exception(other, default) != _is_exception(rule, default)
        ]
        settled += _less(rule, opposed)
    return settled


def _call(one: list[Rule], two: list[Rule], default: Effect, combine: Combine) -> list[Rule]:
    """The rules for one call, no two of which apply at once with opposite results."""
    kept = combine(
        [rule for rule in one if _is_exception(rule, default)],
        [rule for rule in two if _is_exception(rule, default)],
    )
    for rule in (*one, *two):
        if rule not in kept and not _is_exception(rule, default):
            kept = [*kept, *_less(rule, kept)]
    return kept


def _distinct(rules: Iterable[Rule]) -> list[Rule]:
    """One call's rules, of those that differ in nothing but their comment the first."""
    kept: dict[tuple[object, ...], Rule] = {}
    for rule in rules:
        kept.setdefault((_effect(rule), rule.args, rule.includes, rule.excludes), rule)
    return list(kept.values())


def _either(one: list[Rule], two: list[Rule]) -> list[Rule]:
    return list(dict.fromkeys((*one, *two)))


def _both(one: list[Rule], two: list[Rule]) -> list[Rule]:
    if one == two:
        return one
    pairs = (_conjunction(mine, theirs) for mine in one for theirs in two)
    return list(dict.fromkeys(rule for rule in pairs if rule is not None))


def _conjunction(mine: Rule, theirs: Rule) -> Rule | None:
    """A rule that applies where both do; None if that is nowhere."""
    where = _where((mine.includes, mine.excludes), (theirs.includes, theirs.excludes))
    args = _args(mine, theirs) if where else None
    if where is None or args is None:
        return None
    return replace(mine, args=args, includes=where[0], excludes=where[1])


def _less(rule: Rule, others: Iterable[Rule]) -> list[Rule]:
    """The rule for the containers that none of the others applies to, whatever the arguments."""
    left = [rule]
    for other in others:
        left = [part for one in left for part in _without(one, other)]
    return left


def _without(rule: Rule, other: Rule) -> Iterator[Rule]:
    mine = rule.includes, rule.excludes
    if _where(mine, (other.includes, other.excludes)) is None or _exclude_each_other(rule, other):
        yield rule
        return
    for condition in _conditions(other.includes):
        if where := _where(mine, (_ANY, condition)):
            yield replace(rule, includes=where[0], excludes=where[1])
    for condition in _conditions(other.excludes):
        if where := _where(mine, (condition, _ANY)):
            yield replace(rule, includes=where[0], excludes=where[1])


def _conditions(selector: Selector) -> Iterator[Selector]:
    """The selector's conditions one by one."""
    yield from (Selector(caps=(cap,)) for cap in selector.caps)
    if selector.arches:
        yield Selector(arches=selector.arches)
    if selector.min_kernel is not None:
        yield Selector(min_kernel=selector.min_kernel)


def _where(one: Where, two: Where) -> Where | None:
    """The containers that both sets of conditions hold for; None if there is none."""
    includes = _includes(one[0], two[0])
    if includes is None:
        return None
    excludes = _excludes(one[1], two[1])
    if includes.arches:
        arches = tuple(arch for arch in includes.arches if arch not in excludes.arches)
        if not arches:
            return None
        includes, excludes = replace(includes, arches=arches), replace(excludes, arches=())
    kernels = includes.min_kernel, excludes.min_kernel
    never = kernels[0] is not None and kernels[1] is not None and kernels[0] >= kernels[1]
    return None if never or {*includes.caps} & {*excludes.caps} else (includes, excludes)


def _includes(one: Selector, two: Selector) -> Selector | None:
    arches = one.arches or two.arches
    if one.arches and two.arches:
        arches = tuple(arch for arch in one.arches if arch in two.arches)
        if not arches:
            return None
    kernels = [kernel for kernel in (one.min_kernel, two.min_kernel) if kernel is not None]
    return Selector(tuple(dict.fromkeys((*one.caps, *two.caps))), arches, max(kernels, default=None))


def _excludes(one: Selector, two: Selector) -> Selector:
    kernels = [kernel for kernel in (one.min_kernel, two.min_kernel) if kernel is not None]
    return Selector(
        tuple(dict.fromkeys((*one.caps, *two.caps))),
        tuple(dict.fromkeys((*one.arches, *two.arches))),
        min(kernels, default=None),
    )


def _args(mine: Rule, theirs: Rule) -> tuple[Arg, ...] | None:
    """Both rules' conditions at once; None if they exclude each other.

    Two conditions on one argument would be alternatives in one rule, so one of them must follow from the other.
    """
    if _repeats(mine.args) or _repeats(theirs.args):
        raise _inexpressible(mine)
    merged = {arg.index: arg for arg in mine.args}
    for arg in theirs.args:
        other = merged.get(arg.index, arg)
        if other == arg:
            merged[arg.index] = arg
            continue
        exact = next((item for item in (other, arg) if item.op is Operator.EQ), None)
        if exact is None:
            raise _inexpressible(mine)
        loose = arg if exact is other else other
        if not loose.op.holds(exact.value, loose.value, loose.value_two):
            return None
        merged[arg.index] = exact
    return tuple(merged.values())


def _exclude_each_other(mine: Rule, theirs: Rule) -> bool:
    """True if certainly no arguments meet both rules' conditions."""
    try:
        return _args(mine, theirs) is None
    except ProfileError:
        return False


def _repeats(args: tuple[Arg, ...]) -> bool:
    return len({arg.index for arg in args}) < len(args)


def _inexpressible(rule: Rule) -> ProfileError:
    return ProfileError(
        f"the conditions that the profiles put on the same argument of {rule.names[0]} cannot be expressed together",
        remedy=f"take {rule.names[0]} out of one of them with --remove first",
    )


def _regrouped(rules: Iterable[Rule]) -> Iterator[Rule]:
    """The rules, with names that have the same conditions and outcome joined in one rule."""
    grouped: dict[Rule, list[str]] = {}
    for rule in rules:
        grouped.setdefault(replace(rule, names=()), []).append(rule.names[0])
    return (replace(rule, names=tuple(sorted(names))) for rule, names in grouped.items())
