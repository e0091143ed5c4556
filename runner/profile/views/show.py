"""A profile's decisions: calls by purpose, with their conditions."""

from dataclasses import dataclass

from runner.profile.calls.groups import GROUP_OF, GROUPS, Group
from runner.profile.capabilities import ALL_CAPABILITIES
from runner.profile.filter.effective import Effective, Ruling, effective, ruling_text
from runner.profile.model import OciSeccomp, Profile, Target
from runner.profile.resolve import resolve

_OTHER = Group("other", "names that no system call has", ())


@dataclass(frozen=True, slots=True)
class Section:
    """The calls of one purpose that rules decide: `plain` are simply allowed, or denied in a deny-list.

    `special` are the others, each with its decision in words.
    """

    group: Group
    plain: tuple[str, ...]
    special: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Gain:
    """The calls that are decided otherwise with `caps` than without capabilities, each in words if not allowed."""

    caps: tuple[str, ...]
    calls: tuple[tuple[str, str], ...]


def sections(view: Effective) -> tuple[Section, ...]:
    """The calls that rules decide, by purpose."""
    by_group: dict[str, tuple[list[str], list[tuple[str, str]]]] = {}
    for name, decision in sorted(view.calls.items()):
        plain, special = by_group.setdefault(GROUP_OF.get(name, _OTHER).id, ([], []))
        if _is_plain(decision, view):
            plain.append(name)
        else:
            special.append((name, ruling_text(decision, view.default)))
    return tuple(
        Section(group, tuple(by_group[group.id][0]), tuple(by_group[group.id][1]))
        for group in (*GROUPS, _OTHER)
        if group.id in by_group
    )


def matrix(profile: Profile, target: Target) -> tuple[Gain, ...]:
    """The effect of each capability, and of each set of capabilities that one rule requires."""
    asked = {frozenset(rule.includes.caps) for rule in profile.rules}
    asked |= {frozenset([cap]) for rule in profile.rules for cap in rule.excludes.caps}
    without = _view(profile, target, frozenset())
    gains = []
    for caps in sorted(asked, key=lambda caps: (len(caps), sorted(caps))):
        if caps and caps <= ALL_CAPABILITIES:
            changed = _changed(without, _view(profile, target, caps))
            gains.append(Gain(tuple(sorted(caps)), changed))
    return tuple(gain for gain in gains if gain.calls)


def _is_plain(decision: Ruling, view: Effective) -> bool:
    return decision.always is not None and (
        str(decision.always) == "allow" if not view.default.passes else str(decision.always) == "EPERM"
    )


def _view(profile: Profile, target: Target, caps: frozenset[str]) -> Effective:
    narrowed = Target(arch=target.arch, caps=caps, kernel=target.kernel, engine=target.engine)
    oci: OciSeccomp | None = resolve(profile, narrowed)
    return effective(oci)


def _changed(before: Effective, after: Effective) -> tuple[tuple[str, str], ...]:
    names = sorted(before.calls.keys() | after.calls.keys())
    texts = ((name, before.text(name), after.text(name)) for name in names)
    return tuple((name, now) for name, earlier, now in texts if now != earlier)
