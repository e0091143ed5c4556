"""A profile that a program other than Docker hands to the runtime as it is: without Docker's own conditions."""

from dataclasses import replace

from runner.profile.model import Profile, Rule, Selector

_ANY = Selector()


def as_handed(profile: Profile) -> Profile:
    """The profile as the runtime reads it: conditions, `archMap` and a rule's single `name` count for nothing.

    The profile itself is returned if it has none of these.
    """
    rules = tuple(map(_rule, profile.rules))
    if rules == profile.rules and not profile.arch_map:
        return profile
    return replace(profile, rules=rules, arch_map=())


def _rule(rule: Rule) -> Rule:
    if not rule.legacy_name and rule.includes == rule.excludes == _ANY:
        return rule
    names = rule.names[1:] if rule.legacy_name else rule.names
    return replace(rule, names=names, legacy_name=False, includes=_ANY, excludes=_ANY)
