"""Rearrange a profile's rules without changing their meaning: as few as possible, or one for each call."""

from dataclasses import replace

from runner.profile.model import Action, Arg, Profile, Rule, Selector

_Key = tuple[Action, int | None, tuple[Arg, ...], Selector, Selector]


def compact(profile: Profile) -> Profile:
    """Put calls with the same action and conditions into one rule, where that cannot change which rule wins."""
    groups: list[tuple[_Key, list[str], Rule]] = []
    latest: dict[_Key, int] = {}
    last_naming: dict[str, int] = {}
    for rule in profile.rules:
        key = (rule.action, rule.errno, rule.args, rule.includes, rule.excludes)
        for name in dict.fromkeys(rule.names):
            group = latest.get(key)
            # If it moved before another rule on the same call, this rule would override it.
            if group is None or group < last_naming.get(name, -1):
                group = latest[key] = len(groups)
                groups.append((key, [], rule))
            if name not in groups[group][1]:
                groups[group][1].append(name)
            last_naming[name] = group
    rules = (_named(rule, tuple(sorted(names))) for _, names, rule in groups)
    return replace(profile, rules=tuple(rules))


def one_rule_per_call(profile: Profile) -> Profile:
    """Give every call its own rule, in the same order."""
    rules = (_named(rule, (name,)) for rule in profile.rules for name in dict.fromkeys(rule.names))
    return replace(profile, rules=tuple(rules))


def _named(rule: Rule, names: tuple[str, ...]) -> Rule:
    return replace(rule, names=names, legacy_name=False)
