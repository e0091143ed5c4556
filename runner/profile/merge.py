"""Merge two profiles: allow the calls that either allows, or only those that both allow."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from runner.profile.errors import ProfileError
from runner.profile.filter.effective import Effect, effect
from runner.profile.model import ArchMap, Arg, Location, Operator, Profile, Rule, Selector

_NOWHERE = Location(1, 1, "")


def union(first: Profile, second: Profile) -> Profile:
    """A profile that allows the calls that either of the two allows."""
    return _merged(first, second, widen=True)


def intersection(first: Profile, second: Profile) -> Profile:
    """A profile that allows only the calls that both of the two allow."""
    return _merged(first, second, widen=False)


def _merged(first: Profile, second: Profile, *, widen: bool) -> Profile:
    """Merge the rules that differ from the default: exceptions of an allow-list, denials of a deny-list.

    More exceptions of an allow-list allow more, more denials of a deny-list less. Where the profiles deny the same call
    differently, the first one's errno stays, or the default's.
    """
    default = _default(first)
    if default.passes != _default(second).passes:
        raise ProfileError(
            "a list of allowed calls cannot be merged with a list of denied ones",
            remedy="change the default of one of them with --action first",
        )
    either = widen is not default.passes
    mine, theirs = _by_name(first), _by_name(second)
    rules: list[Rule] = []
    for name in dict.fromkeys((*mine, *theirs)):
        one, two = mine.get(name, []), theirs.get(name, [])
        if one == two:
            rules += one
        elif either:
            rules += _either(one, two, default)
        else:
            rules += _both(one, two, default)
    return replace(
        first,
        architectures=_combined(first.architectures, second.architectures, widen=widen),
        arch_map=_arch_map(first.arch_map, second.arch_map, widen=widen),
        rules=tuple(_regrouped(rules)),
    )


def _default(profile: Profile) -> Effect:
    if profile.default_action is None:
        raise ProfileError("an empty profile, which turns seccomp off, cannot be merged")
    return effect(profile.default_action, profile.default_errno)


def _by_name(profile: Profile) -> dict[str, list[Rule]]:
    """Each name's rules, split to one name per rule, without the fields that do not affect meaning."""
    found: dict[str, list[Rule]] = {}
    for rule in profile.rules:
        for name in dict.fromkeys(rule.names):
            plain = replace(rule, names=(name,), legacy_name=False, at=_NOWHERE)
            found.setdefault(name, []).append(plain)
    return found


def _is_exception(rule: Rule, default: Effect) -> bool:
    return effect(rule.action, rule.errno).passes != default.passes


def _either(one: list[Rule], two: list[Rule], default: Effect) -> list[Rule]:
    exceptions = [rule for rule in (*one, *two) if _is_exception(rule, default)]
    return list(dict.fromkeys(exceptions)) or one or two


def _both(one: list[Rule], two: list[Rule], default: Effect) -> list[Rule]:
    pairs = (
        _conjunction(mine, theirs)
        for mine in one
        for theirs in two
        if _is_exception(mine, default) and _is_exception(theirs, default)
    )
    exceptions = [rule for rule in pairs if rule is not None]
    denials = [rule for rule in (one or two) if not _is_exception(rule, default)]
    return list(dict.fromkeys(exceptions)) or denials


def _conjunction(mine: Rule, theirs: Rule) -> Rule | None:
    """A rule that applies where both do; None if that is nowhere."""
    includes = _includes(mine.includes, theirs.includes)
    args = _args(mine, theirs)
    if includes is None or args is None:
        return None
    return replace(mine, args=args, includes=includes, excludes=_excludes(mine.excludes, theirs.excludes))


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


def _repeats(args: tuple[Arg, ...]) -> bool:
    return len({arg.index for arg in args}) < len(args)


def _inexpressible(rule: Rule) -> ProfileError:
    return ProfileError(
        f"the conditions that the profiles put on the same argument of {rule.names[0]} cannot be expressed together",
        remedy=f"take {rule.names[0]} out of one of them with --remove first",
    )


def _combined(one: tuple[str, ...], two: tuple[str, ...], *, widen: bool) -> tuple[str, ...]:
    if widen:
        return tuple(dict.fromkeys((*one, *two)))
    return tuple(item for item in one if item in two)


def _arch_map(one: tuple[ArchMap, ...], two: tuple[ArchMap, ...], *, widen: bool) -> tuple[ArchMap, ...]:
    mine = {entry.architecture: entry.sub_architectures for entry in one}
    theirs = {entry.architecture: entry.sub_architectures for entry in two}
    return tuple(
        ArchMap(name, _combined(mine.get(name, ()), theirs.get(name, ()), widen=widen))
        for name in _combined(tuple(mine), tuple(theirs), widen=widen)
    )


def _regrouped(rules: Iterable[Rule]) -> Iterator[Rule]:
    """The rules, with names that have the same conditions and outcome joined in one rule."""
    grouped: dict[Rule, list[str]] = {}
    for rule in rules:
        grouped.setdefault(replace(rule, names=()), []).append(rule.names[0])
    return (replace(rule, names=tuple(sorted(names))) for rule, names in grouped.items())
