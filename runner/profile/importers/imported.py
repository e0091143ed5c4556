"""The parts that all importers share: building a profile whose rules know their line."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from runner.profile.calls.groups import KNOWN
from runner.profile.calls.meant import did_you_mean_call
from runner.profile.errors import ProfileError
from runner.profile.evidence.model import Unused
from runner.profile.model import Action, ArchMap, Arg, Location, Profile, Rule, Selector

MAX_CHARACTERS = 64_000_000
NAME = re.compile(r"[a-z_][a-z0-9_]{0,63}\Z")
CHECK = "check the file, or name its format with --from"
"""What to do about a text in which nothing is of use."""
DETECTED = "leave --from out, and the format is detected, or name another file"
_NO_SELECTOR = Selector()
_MOST_GUESSED = 20
"""The number of unknown names that another name is looked for, which takes time."""

# The native architecture and those whose programs the same kernel runs, as in Docker's default profile.
ARCH_MAP = (
    ArchMap("SCMP_ARCH_X86_64", ("SCMP_ARCH_X86", "SCMP_ARCH_X32")),
    ArchMap("SCMP_ARCH_AARCH64", ("SCMP_ARCH_ARM",)),
    ArchMap("SCMP_ARCH_MIPS64", ("SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64N32")),
    ArchMap("SCMP_ARCH_MIPS64N32", ("SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64")),
    ArchMap("SCMP_ARCH_MIPSEL64", ("SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64N32")),
    ArchMap("SCMP_ARCH_MIPSEL64N32", ("SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64")),
    ArchMap("SCMP_ARCH_S390X", ("SCMP_ARCH_S390",)),
    ArchMap("SCMP_ARCH_RISCV64", ()),
    ArchMap("SCMP_ARCH_LOONGARCH64", ()),
)


@dataclass(frozen=True, slots=True)
class Imported:
    """A profile made from another format; `notes` are points that the user should check.

    `read_as` is the format that was read. `observed` is true if the profile allows only calls that were seen, so that
    it may lack others. `unused` are the first lines that looked like part of the format but were not used,
    `unused_lines` is their number.
    """

    profile: Profile
    notes: tuple[str, ...] = ()
    read_as: str = ""
    observed: bool = False
    unused: tuple[Unused, ...] = ()
    unused_lines: int = 0


def check_size(text: str) -> None:
    """Raise ProfileError for a text that certainly is no list or policy."""
    if len(text) > MAX_CHARACTERS:
        raise ProfileError(
            f"{len(text):,} characters are too many to import",
            remedy=f"cut it to {MAX_CHARACTERS:,} characters, or list the calls with `sort -u`",
        )
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise fault(line, "is binary, not text")


def fault(line: int, reason: str, *, remedy: str = "") -> ProfileError:
    """An error at a line that cannot be read."""
    return ProfileError(reason, at=Location(line, 1, ""), remedy=remedy)


def check_used(used: int, unused_lines: int, unused: tuple[Unused, ...], *, counted: str = "lines") -> None:
    """Raise ProfileError if most of a text could not be used: it is something else, or damaged."""
    if unused_lines and unused_lines >= used:
        first = unused[0]
        raise ProfileError(
            f"{unused_lines} of {used + unused_lines} {counted} could not be used; the first: {first.reason}: "
            f"{first.text[:80]}",
            at=Location(first.line, 1, ""),
            remedy=CHECK,
        )


def rule(
    names: Iterable[str],
    action: Action,
    *,
    line: int = 1,
    errno: int | None = None,
    args: tuple[Arg, ...] = (),
    includes: Selector = _NO_SELECTOR,
) -> Rule:
    """A rule that an importer read from a line."""
    return Rule(
        names=tuple(names),
        action=action,
        errno=errno,
        args=args,
        comment="",
        includes=includes,
        excludes=_NO_SELECTOR,
        legacy_name=False,
        at=Location(line, 1, ""),
    )


def profile(
    default: Action,
    rules: Iterable[Rule],
    *,
    errno: int | None = None,
    architectures: tuple[str, ...] | None = None,
) -> Profile:
    """A profile of these rules, for all architectures like Docker's default, unless the format names them."""
    return Profile(
        default_action=default,
        default_errno=errno,
        architectures=architectures or (),
        arch_map=ARCH_MAP if architectures is None else (),
        flags=(),
        listener_path="",
        listener_metadata="",
        rules=tuple(rules),
    )


def unknown_names(lines_by_name: Mapping[str, int]) -> list[str]:
    """A note on each name that no known kernel has."""
    unknown = [(name, line) for name, line in lines_by_name.items() if name not in KNOWN]
    return [
        f"line {line}: unknown system call {name!r}"
        f"{did_you_mean_call(name) if index < _MOST_GUESSED else ''}; the runtime will leave it out"
        for index, (name, line) in enumerate(unknown)
    ]


def allow_list(lines_by_name: Mapping[str, int], notes: Iterable[str] = ()) -> Imported:
    """A profile that allows the calls found and denies the rest; a note lists names that no known kernel has."""
    if not lines_by_name:
        raise ProfileError(
            "no system call in it",
            remedy=CHECK,
        )
    strange = [name for name in lines_by_name if name not in KNOWN]
    if len(strange) * 2 > len(lines_by_name):
        raise fault(
            lines_by_name[strange[0]],
            f"{len(strange)} of {len(lines_by_name)} names are not system calls, {strange[0]!r} the first of them",
            remedy=CHECK,
        )
    unknown = unknown_names(lines_by_name)
    allowed = rule(sorted(lines_by_name), Action.ALLOW, line=min(lines_by_name.values()))
    return Imported(profile(Action.ERRNO, [allowed]), (*notes, *unknown), observed=True)
