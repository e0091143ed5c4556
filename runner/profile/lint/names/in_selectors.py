"""Names of capabilities and architectures that decide whether a rule, or an entry of archMap, applies."""

from collections.abc import Iterator

from runner.language import tr
from runner.profile.calls.syscalls import go_name
from runner.profile.capabilities import ALL_CAPABILITIES, capability_name
from runner.profile.lint.fixes import replace_value
from runner.profile.lint.rule import Hit, Subject
from runner.profile.model import Rule, Selector
from runner.profile.resolve import CONDITION_ARCHES, SECCOMP_ARCHES

_SCMP_ARCHES = frozenset(SECCOMP_ARCHES.values())
_X32 = "x32"
"""It is in conditions of Docker's default profile, and is no machine's by Go's names."""
_CAPABILITY = {
    True: "no container ever has the capability '{name}'; Docker compares with {known}",
    False: "no container ever has the capability '{name}'",
}
_ARCHITECTURE = {
    True: "no machine's architecture is called '{name}'; Docker calls it {known}",
    False: "no machine's architecture is called '{name}'",
}
"""What is told of a name that nothing has, by whether the right one is known."""
_CONDITION_ARCHES = {*CONDITION_ARCHES.values(), _X32, "mips"}


def selectors(subject: Subject) -> Iterator[tuple[Rule, str, Selector]]:
    """What includes and excludes a rule, each with its path."""
    for rule in subject.profile.rules:
        yield rule, f"{rule.at.path}.includes", rule.includes
        yield rule, f"{rule.at.path}.excludes", rule.excludes


def unknown_capability(subject: Subject) -> Iterator[Hit]:
    """The capabilities of conditions that no container has."""
    for _, path, selector in selectors(subject):
        for index, cap in enumerate(selector.caps):
            if cap not in ALL_CAPABILITIES:
                plain = capability_name(cap.strip())
                known = plain if plain in ALL_CAPABILITIES else None
                yield _misnamed(subject, f"{path}.caps[{index}]", cap, known, _CAPABILITY)


def unknown_condition_arch(subject: Subject) -> Iterator[Hit]:
    """The architectures of conditions, and of archMap, by names that match no machine's."""
    for index, entry in enumerate(subject.profile.arch_map):
        known = SECCOMP_ARCHES.get(go_name(entry.architecture))
        if known and entry.architecture not in _SCMP_ARCHES:
            path = f"archMap[{index}].architecture"
            yield _misnamed(subject, path, entry.architecture, known, _ARCHITECTURE)
    for _, path, selector in selectors(subject):
        for index, named in enumerate(selector.arches):
            if named not in _CONDITION_ARCHES:
                known = CONDITION_ARCHES.get(go_name(named))
                yield _misnamed(subject, f"{path}.arches[{index}]", named, known, _ARCHITECTURE)
        if path.endswith("includes") and {*selector.arches} == {_X32}:
            yield Hit(
                tr(
                    "a machine that runs programs of {name} is called amd64: the rule applies on none",
                    name=_X32,
                ),
                subject.at(f"{path}.arches"),
            )


def _misnamed(subject: Subject, path: str, name: str, known: str | None, said: dict[bool, str]) -> Hit:
    """A name that nothing has, with `known` in its place where it is certainly meant."""
    at = subject.at(path)
    message = tr(said[known is not None], name=name[:40], known=known)
    return Hit(message, at, replace_value(subject.document, at.path, known) if known else ())
