"""The default profiles of Docker's engines, from 1.11 to today."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from runner.errors import UsageError
from runner.profile.history.engine import NAMES_SINCE
from runner.profile.model import NOWHERE, Action, ArchMap, Arg, Operator, Profile, Rule, Selector
from runner.profile.source.writer import write_profile
from runner.profile.version import Version

_DATA = f"{os.path.dirname(os.path.abspath(__file__))}/default_profiles.txt"  # noqa: PTH100, PTH120 - pathlib is slow
_NEVER = frozenset((*range(2, 17), 21, 22))
"""The numbers that Docker skipped between one main version and the next."""
_NO_SELECTOR = Selector()


@dataclass(frozen=True, slots=True)
class DefaultRule:
    """A default profile's rule on a call under some conditions: an action with its errno."""

    action: Action = Action.ALLOW
    errno: int | None = None
    args: tuple[Arg, ...] = ()
    includes: Selector = _NO_SELECTOR
    excludes: Selector = _NO_SELECTOR


@dataclass(frozen=True, slots=True)
class DefaultProfile:
    """The default of all engines from `since` up to the next change; `calls` holds each call's rules."""

    since: Version
    default_action: Action
    default_errno: int | None
    architectures: tuple[str, ...]
    arch_map: tuple[ArchMap, ...]
    calls: dict[str, tuple[DefaultRule, ...]] = field(compare=False)


@lru_cache(maxsize=1)
def default_profiles() -> tuple[DefaultProfile, ...]:
    """Every engine's default that differs from the previous one, ordered by engine version, the oldest first."""
    found: list[DefaultProfile] = []
    for since, lines in _sections():
        before = found[-1] if found else DefaultProfile(since, Action.ERRNO, None, (), (), {})
        found.append(_changed(before, since, lines))
    return tuple(found)


def default_of(engine: Version) -> DefaultProfile:
    """Return the default of an engine; for a series (`24`), that of its last release.

    Raises:
        UsageError: there was no such engine, or it is older than all known defaults.
    """
    if engine.numbers[0] in _NEVER:
        raise UsageError(
            f"there was no Docker Engine {engine}",
            remedy="after 1.13 came 17.03, after 20.10 came 23.0",
        )
    wanted = [each for each in default_profiles() if each.since <= engine or engine.has(each.since)]
    if not wanted:
        first = default_profiles()[0].since
        raise UsageError(
            f"the default profile of Engine {engine} is not known",
            remedy=f"name Engine {first} or a newer one",
        )
    return wanted[-1]


DEFAULT_OF = "default@"
"""The prefix of a default profile's name, before the engine's version."""


def named_default(name: str) -> str | None:
    """Return the default profile that `default@VERSION` names, as JSON; None for any other name.

    Raises:
        UsageError: there is no such version, or it is older than all known defaults.
    """
    if not name.startswith(DEFAULT_OF):
        return None
    version = name.removeprefix(DEFAULT_OF)
    try:
        return default_text(Version.of(version))
    except ValueError:
        raise UsageError(
            f"{name}: '{version}' is not a version of Docker Engine",
            remedy=f"write {DEFAULT_OF}20.10.9, or {DEFAULT_OF}28",
        ) from None


def default_text(engine: Version) -> str:
    """Return the default of an engine as JSON, in the format that this engine read.

    Raises:
        UsageError: the engine is older than all known defaults.
    """
    return write_profile(profile_of(default_of(engine)))


def profile_of(default: DefaultProfile) -> Profile:
    """A default as a profile in Docker's format, with the fields that its engine knew."""
    by_rule: dict[DefaultRule, list[str]] = {}
    for name, rules in sorted(default.calls.items()):
        for rule in rules:
            by_rule.setdefault(rule, []).append(name)
    listed = tuple(_rule(rule, tuple(names)) for rule, names in by_rule.items())
    if default.since < NAMES_SINCE:
        listed = tuple(
            replace(rule, names=(name,), legacy_name=True) for rule in listed for name in rule.names
        )
    return Profile(
        default_action=default.default_action,
        default_errno=default.default_errno,
        architectures=default.architectures,
        arch_map=default.arch_map,
        flags=(),
        listener_path="",
        listener_metadata="",
        rules=listed,
    )


def _rule(rule: DefaultRule, names: tuple[str, ...]) -> Rule:
    return Rule(
        names=names,
        action=rule.action,
        errno=rule.errno,
        args=rule.args,
        comment="",
        includes=rule.includes,
        excludes=rule.excludes,
        legacy_name=False,
        at=NOWHERE,
    )


def _sections() -> Iterator[tuple[Version, list[str]]]:
    with open(_DATA, encoding="utf-8") as file:  # noqa: PTH123 - pathlib is slow to import
        text = file.read()
    for section in text.split("\nengine ")[1:]:
        version, *lines = section.splitlines()
        yield Version.of(version), [line for line in lines if line.strip()]


def _changed(before: DefaultProfile, since: Version, lines: list[str]) -> DefaultProfile:
    calls = dict(before.calls)
    action, errno = before.default_action, before.default_errno
    listed: list[str] = []
    mapped: list[ArchMap] = []
    rules: tuple[DefaultRule, ...] = ()
    for line in lines:
        word, _, rest = line.partition(" ")
        match word:
            case "":
                calls.update(dict.fromkeys(rest.split(), rules))
            case "set":
                rules = tuple(_alternative(text) for text in rest.split(" | "))
            case "gone":
                for name in rest.split():
                    del calls[name]
            case "default":
                name, *given = rest.split()
                action, errno = Action(f"SCMP_ACT_{name}"), int(given[0]) if given else None
            case "architecture":
                listed.append(f"SCMP_ARCH_{rest}")
            case "map":
                native, *others = (f"SCMP_ARCH_{name}" for name in rest.split())
                mapped.append(ArchMap(native, tuple(others)))
            case _:
                raise AssertionError(f"{_DATA}: {line}")
    arches = (tuple(listed), tuple(mapped)) if listed or mapped else (before.architectures, before.arch_map)
    return DefaultProfile(since, action, errno, *arches, calls)


def _alternative(text: str) -> DefaultRule:
    """Read one rule of a call: `without CAP_SYS_ADMIN, on s390 s390x, arg1 MASKED_EQ 2080505856`."""
    rule = DefaultRule()
    for part in text.split(", ") if text != "always" else ():
        word, *rest = part.split()
        match word:
            case "action":
                rule = replace(rule, action=Action(f"SCMP_ACT_{rest[0]}"))
            case "errno":
                rule = replace(rule, errno=int(rest[0]))
            case "with":
                rule = replace(rule, includes=replace(rule.includes, caps=tuple(rest)))
            case "without":
                rule = replace(rule, excludes=replace(rule.excludes, caps=tuple(rest)))
            case "on":
                rule = replace(rule, includes=replace(rule.includes, arches=tuple(rest)))
            case "not":
                rule = replace(rule, excludes=replace(rule.excludes, arches=tuple(rest[1:])))
            case "kernel":
                kernel, major = rest[0].split(".")
                rule = replace(rule, includes=replace(rule.includes, min_kernel=(int(kernel), int(major))))
            case _:
                values = (*map(int, rest[1:]), 0)
                operator = Operator(f"SCMP_CMP_{rest[0]}")
                arg = Arg(int(word.removeprefix("arg")), values[0], operator, values[1])
                rule = replace(rule, args=(*rule.args, arg))
    return rule
