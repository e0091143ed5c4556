"""Generates the smallest profile that allows everything a program was seen to do."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from errno import ENOSYS

from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.edit import allow
from runner.profile.history.runtime_needs import GO_RUNTIME, base
from runner.profile.model import NOWHERE, Action, ArchMap, Arg, Operator, Profile, Rule, Selector
from runner.profile.version import Version
from runner.trace.trace import Trace, TracedCall, telling_arg

NAMESPACES = 0x7E020000
"""The flags of clone and unshare that create namespaces, except for the time namespace."""
MOST_CONDITIONS = 8
"""The largest number of values of an argument for which conditions are written."""
_NO_SELECTOR = Selector()

Args = tuple[Arg, ...]
"""Conditions on arguments that must all hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """The user's requirements for the profile.

    `based_on` is a profile from which everything unused is removed, None to start from an empty one. `runtime` is
    runc's version, None for any. `added` are further calls to allow, although they were not seen. With `conditions`,
    calls such as socket are allowed only with the arguments seen. `every_architecture` is for a profile that is also
    used on other machines.
    """

    based_on: Profile | None = None
    runtime: Version | None = None
    added: Collection[str] = ()
    conditions: bool = True
    every_architecture: Collection[ArchMap] = ()


def generate(trace: Trace, wishes: Wishes) -> Profile:
    """Generate the profile: it allows the calls that were seen, the runtime's own, and the requested ones."""
    needs = base(wishes.runtime) | GO_RUNTIME
    seen = [call for call in trace.calls if call.name not in trace.denied and not call.name.startswith("#")]
    if wishes.based_on is not None:
        return _subtracted(wishes.based_on, {call.name for call in seen} | needs | set(wishes.added), trace)
    by_name: dict[str, list[TracedCall]] = {}
    for call in seen:
        by_name.setdefault(call.name, []).append(call)
    conditional = {
        name: conditions
        for name, calls in by_name.items()
        if wishes.conditions and name not in needs and (conditions := _conditions(calls))
    }
    plain = [call for call in seen if call.name not in conditional]
    rules = [_allow({call.name for call in plain}, f"Seen in {_runs(trace)}: {_counts(plain)}.")]
    for name, conditions in conditional.items():
        rules += _conditional(name, conditions, sum(call.count for call in by_name[name]), trace)
    unseen = needs - {call.name for call in seen}
    if unseen:
        runtime = f"runc {wishes.runtime}" if wishes.runtime else "runc"
        rules.append(_allow(unseen, f"{runtime} makes these calls itself, under the same filter."))
    if more := set(wishes.added) - needs - {call.name for call in seen}:
        rules.append(_allow(more, "Not seen; added by hand."))
    rules += _answers(trace, needs | set(wishes.added))
    return Profile(
        default_action=Action.ERRNO,
        default_errno=None,
        architectures=(),
        arch_map=tuple(wishes.every_architecture) or _architectures(trace),
        flags=(),
        listener_path="",
        listener_metadata="",
        rules=tuple(rule for rule in rules if rule.names),
    )


def uncovered(trace: Trace, imports: Iterable[tuple[str, Collection[str]]]) -> list[str]:
    """The functions that the program imports but whose calls none of the runs made, with these calls.

    `imports` has each function with the calls of which it may make any.
    """
    seen = {call.name for call in trace.calls}
    return sorted(
        function if tuple(calls) == (function,) else f"{function} ({' or '.join(sorted(calls))})"
        for function, calls in imports
        if calls and seen.isdisjoint(calls)
    )


def _subtracted(profile: Profile, wanted: Collection[str], trace: Trace) -> Profile:
    """A profile without the rules, and the names in rules, for calls that are not wanted."""
    kept = {*wanted, *trace.denied}
    rules = tuple(
        replace(rule, names=names, legacy_name=False)
        for rule in profile.rules
        if (names := tuple(name for name in rule.names if name in kept))
    )
    smaller = replace(profile, rules=rules)
    mentioned = {name for rule in rules for name in rule.names}
    return allow(smaller, sorted(set(wanted) - mentioned))


def _conditions(calls: Iterable[TracedCall]) -> tuple[Args, ...]:
    """The conditions of which any allows the calls of one name, on each architecture on which it was seen.

    Rules apply to all architectures of a profile. Empty if the arguments do not matter, are not all known, or have too
    many values.
    """
    found: dict[Args, None] = {}
    for call in calls:
        conditions = _conditions_on(call)
        if not conditions:
            return ()
        found.update(dict.fromkeys(conditions))
    return tuple(found) if len(found) <= MOST_CONDITIONS else ()


def _conditions_on(call: TracedCall) -> tuple[Args, ...]:
    index = telling_arg(call.name, call.arch)
    if index is None or call.more or not call.values:
        return ()
    if call.name == "clone":
        if any(value & NAMESPACES for value in call.values):
            return ()
        return ((Arg(index, NAMESPACES, Operator.MASKED_EQ, 0),),)
    return tuple((Arg(index, value, Operator.EQ),) for value in call.values)


def _conditional(name: str, conditions: Iterable[Args], count: int, trace: Trace) -> Iterator[Rule]:
    about = f"Seen in {_runs(trace)}: {count} times, with these arguments alone."
    for args in conditions:
        yield replace(_allow({name}, about), args=args)


def _answers(trace: Trace, allowed: Collection[str]) -> Iterator[Rule]:
    """Rules for calls that were denied with another errno than the default one, and on which programs rely."""
    names = {name for name, number in trace.denied.items() if number == ENOSYS and name not in allowed}
    if names:
        about = "Denied while it was watched, as if the kernel did not have them: programs fall back on others then."
        yield replace(_allow(names, about), action=Action.ERRNO, errno=ENOSYS)


def _allow(names: Collection[str], comment: str) -> Rule:
    return Rule(
        names=tuple(sorted(names)),
        action=Action.ALLOW,
        errno=None,
        args=(),
        comment=comment,
        includes=_NO_SELECTOR,
        excludes=_NO_SELECTOR,
        legacy_name=False,
        at=NOWHERE,
    )


def _architectures(trace: Trace) -> tuple[ArchMap, ...]:
    """The machine's architecture, and those of other programs that made calls."""
    own = find_arch(trace.arch)
    others = sorted({find_arch(call.arch).scmp for call in trace.calls} - {own.scmp})
    return (ArchMap(own.scmp, tuple(others)),)


def _runs(trace: Trace) -> str:
    what = ", ".join(trace.names) or "what was read"
    return f"{trace.runs} runs of {what}" if trace.runs > 1 else what


def _counts(calls: Iterable[TracedCall]) -> str:
    return ", ".join(f"{call.name} {call.count}" for call in sorted(calls, key=lambda call: call.name))
