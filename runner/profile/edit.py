"""New profiles from old ones: allow, deny, remove, change the default."""

from collections.abc import Iterable
from dataclasses import replace

from runner.language import tr
from runner.profile.errors import ProfileError
from runner.profile.filter.effective import effect
from runner.profile.model import NOWHERE, Action, Profile, Rule, Selector

_NO_SELECTOR = Selector()


def with_names_alone(profile: Profile) -> tuple[Profile, tuple[str, ...]]:
    """The profile without rules that give both `name` and `names`, which engines refuse; a note on each such rule."""
    both = [rule for rule in profile.rules if rule.gives_both]
    if not both:
        return profile, ()
    rules = tuple(replace(rule, legacy_name=False) if rule.gives_both else rule for rule in profile.rules)
    notes = (
        tr(
            "line {line}: a rule gave both 'name' and 'names', which engines refuse: it has 'names' alone now",
            line=rule.at.line,
        )
        for rule in both
    )
    return replace(profile, rules=rules), tuple(notes)


def remove(profile: Profile, names: Iterable[str]) -> Profile:
    """The profile without any rule for these calls, so that they get the default action."""
    gone = frozenset(names)
    return replace(profile, rules=tuple(_without(profile.rules, gone)))


def allow(profile: Profile, names: Iterable[str]) -> Profile:
    """The profile with these calls allowed whatever their arguments."""
    return _decide(profile, tuple(names), Action.ALLOW, None)


def deny(profile: Profile, names: Iterable[str], *, errno: int | None = None) -> Profile:
    """The profile with these calls denied with `errno`, EPERM if None."""
    return _decide(profile, tuple(names), Action.ERRNO, errno)


def with_default(profile: Profile, action: Action, *, errno: int | None = None) -> Profile:
    """The profile with another default action."""
    return replace(profile, default_action=action, default_errno=errno)


def _without(rules: tuple[Rule, ...], gone: frozenset[str]) -> Iterable[Rule]:
    for rule in rules:
        kept = tuple(name for name in rule.names if name not in gone)
        if kept == rule.names:
            yield rule
        elif kept:
            yield replace(rule, names=kept)


def _decide(profile: Profile, names: tuple[str, ...], action: Action, errno: int | None) -> Profile:
    """Drop the profile's rules on the calls, and add a rule only where the default has another effect."""
    profile = remove(profile, names)
    if profile.default_action is None:
        raise ProfileError(
            tr("the profile is empty, which turns seccomp off"), remedy=tr("give it a --action first")
        )
    if not names or effect(profile.default_action, profile.default_errno) == effect(action, errno):
        return profile
    unconditional = [
        index
        for index, rule in enumerate(profile.rules)
        if (rule.action, rule.errno, rule.args, rule.includes, rule.excludes)
        == (action, errno, (), _NO_SELECTOR, _NO_SELECTOR)
        and not rule.legacy_name
        and not rule.comment
    ]
    if unconditional:
        return _extended(profile, unconditional[0], names)
    return replace(profile, rules=(*profile.rules, _rule(tuple(dict.fromkeys(names)), action, errno)))


def _extended(profile: Profile, index: int, names: tuple[str, ...]) -> Profile:
    rules = list(profile.rules)
    rules[index] = replace(rules[index], names=tuple(dict.fromkeys((*rules[index].names, *names))))
    return replace(profile, rules=tuple(rules))


def _rule(names: tuple[str, ...], action: Action, errno: int | None) -> Rule:
    return Rule(names, action, errno, (), "", _NO_SELECTOR, _NO_SELECTOR, legacy_name=False, at=NOWHERE)
