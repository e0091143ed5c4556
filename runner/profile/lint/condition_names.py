"""Names of capabilities and architectures that decide whether a rule, or an entry of archMap, applies."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runner.language import tr
from runner.profile.calls.syscalls import go_name
from runner.profile.capabilities import ALL_CAPABILITIES, capability_name
from runner.profile.lint.fixes import replace_value
from runner.profile.lint.rule import Hit, Subject
from runner.profile.model import Rule, Selector
from runner.profile.resolve import CONDITION_ARCHES, SECCOMP_ARCHES

if TYPE_CHECKING:
    from runner.profile.finding import Edit

_SCMP_ARCHES = frozenset(SECCOMP_ARCHES.values())
_X32 = "x32"
"""It is in conditions of Docker's default profile, and is no machine's by Go's names."""
_CONDITION_ARCHES = {*CONDITION_ARCHES.values(), _X32, "mips"}


def conditions(subject: Subject) -> Iterator[tuple[Rule, str, Selector]]:
    """The conditions of the rules, each with its path."""
    for rule in subject.profile.rules:
        yield rule, f"{rule.at.path}.includes", rule.includes
        yield rule, f"{rule.at.path}.excludes", rule.excludes


def unknown_capability(subject: Subject) -> Iterator[Hit]:
    """The capabilities of conditions that no container has."""
    for _, path, condition in conditions(subject):
        for index, cap in enumerate(condition.caps):
            if cap in ALL_CAPABILITIES:
                continue
            plain = capability_name(cap.strip())
            at = subject.at(f"{path}.caps[{index}]")
            known = plain in ALL_CAPABILITIES
            fix = replace_value(subject.document, at.path, plain) if known else ()
            message = (
                tr(
                    "no container ever has the capability '{name}'; Docker compares with {known}",
                    name=cap[:40],
                    known=plain,
                )
                if known
                else tr("no container ever has the capability '{name}'", name=cap[:40])
            )
            yield Hit(message, at, fix)


def unknown_condition_arch(subject: Subject) -> Iterator[Hit]:
    """The architectures of conditions, and of archMap, by names that match no machine's."""
    yield from _misnamed_entries(subject)
    for _, path, condition in conditions(subject):
        for index, named in enumerate(condition.arches):
            if named in _CONDITION_ARCHES:
                continue
            at = subject.at(f"{path}.arches[{index}]")
            plain = CONDITION_ARCHES.get(go_name(named))
            fix: tuple[Edit, ...] = replace_value(subject.document, at.path, plain) if plain else ()
            message = (
                tr(
                    "no machine's architecture is called '{name}'; Docker calls it {known}",
                    name=named[:40],
                    known=plain,
                )
                if plain
                else tr("no machine's architecture is called '{name}'", name=named[:40])
            )
            yield Hit(message, at, fix)
        if path.endswith("includes") and {*condition.arches} == {_X32}:
            yield Hit(
                tr(
                    "a machine that runs programs of {name} is called amd64: the rule applies on none",
                    name=_X32,
                ),
                subject.at(f"{path}.arches"),
            )


def _misnamed_entries(subject: Subject) -> Iterator[Hit]:
    """The entries of archMap whose architecture has a name that matches no machine's."""
    for index, entry in enumerate(subject.profile.arch_map):
        named = entry.architecture
        go = go_name(named)
        if named in _SCMP_ARCHES or go not in SECCOMP_ARCHES:
            continue
        at, known = subject.at(f"archMap[{index}].architecture"), SECCOMP_ARCHES[go]
        yield Hit(
            tr(
                "no machine's architecture is called '{name}'; Docker calls it {known}",
                name=named[:40],
                known=known,
            ),
            at,
            replace_value(subject.document, at.path, known),
        )
