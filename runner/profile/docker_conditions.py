"""Docker's own conditions of a profile: an OCI runtime knows none of them, nor does containerd; CRI-O applies them."""

from dataclasses import replace

from runner.profile.model import Profile, Rule, Selector

CONTAINERD = "containerd"
RUNC = "runc"
"""The programs that take a profile without them: containerd hands it on, and a runtime reads its own file."""
_ANY = Selector()


def without_docker_conditions(profile: Profile) -> Profile:
    """The profile as an OCI runtime reads it: conditions, `archMap` and a rule's single `name` count for nothing.

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
