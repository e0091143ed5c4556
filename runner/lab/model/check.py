"""A check as a lab defines it: a probe, the expected observation, and the proof that it can fail."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from runner.lab.model.container import ContainerSpec
from runner.lab.model.span import Span
from runner.lab.model.transcript import Status


@dataclass(frozen=True, slots=True)
class ExecProbe:
    """Run `argv` in the running container `container`."""

    container: str
    argv: tuple[str, ...]
    user: str = ""


@dataclass(frozen=True, slots=True)
class ContainerProbe:
    """Run a fresh container to its end."""

    spec: ContainerSpec


@dataclass(frozen=True, slots=True)
class HostProbe:
    """Run `argv` in the learner's workspace."""

    argv: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EngineProbe:
    """Ask the engine how it started the container `container`."""

    container: str


@dataclass(frozen=True, slots=True)
class ProfileProbe:
    """Simulate a syscall under the profile file; `args` are numbers or the constants' names.

    `engine` is a version; "" for the engine in use.
    """

    file: str
    syscall: str
    args: tuple[str, ...]
    caps: str = "all"
    arch: str = ""
    engine: str = ""


@dataclass(frozen=True, slots=True)
class FileProbe:
    """Read a file of the learner's workspace."""

    name: str


@dataclass(frozen=True, slots=True)
class TranscriptProbe:
    """Look at finished commands in a console that match the regular expression `command`."""

    target: str
    command: str


@dataclass(frozen=True, slots=True)
class TraceProbe:
    """Run another probe's program, and record its system calls."""

    runs: ExecProbe | ContainerProbe


Probe = (
    ExecProbe
    | ContainerProbe
    | HostProbe
    | EngineProbe
    | ProfileProbe
    | FileProbe
    | TranscriptProbe
    | TraceProbe
)


def what_runs(probe: Probe) -> Probe:
    """Return the probe itself or, for a trace, the traced probe."""
    return probe.runs if isinstance(probe, TraceProbe) else probe


def files_named(argv: Sequence[str]) -> list[str]:
    """The words of a command that may be files, including those within an option (`seccomp=FILE`)."""
    return [name for word in argv for name in dict.fromkeys((word, word.rpartition("=")[2]))]


def container_of(probe: Probe) -> str:
    """The running container that a probe looks at, by its name in the lab; "" if it looks at something else."""
    match what_runs(probe):
        case ExecProbe(container=name) | EngineProbe(container=name):
            return name
    return ""


class Refused(StrEnum):
    """The reason for a refused start, by the word that labs use."""

    FILTER = "filter"
    """The profile's filter was in force, and denied a call that the runtime still needed."""
    PROFILE = "profile"
    """The engine or the runtime cannot use the file as a profile."""
    HAZARD = "hazard"
    """Not tried: the start could have hung the engine."""
    OTHER = "other"
    """A reason unrelated to the profile, such as a missing program."""


class TextMatch(NamedTuple):
    """Regular expressions searched for in a text: each of `all`, at least one of `any`, none of `none`."""

    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    def holds(self, text: str) -> bool:
        """True if the text is as expected; `^` and `$` match at lines."""
        return not (self.missing(text) or self.lacks_any(text) or self.present(text))

    def missing(self, text: str) -> tuple[str, ...]:
        """The patterns of `all` that the text does not match."""
        return tuple(pattern for pattern in self.all if not _found(pattern, text))

    def lacks_any(self, text: str) -> bool:
        """True if the text matches none of `any`, though there are some."""
        return bool(self.any) and not [pattern for pattern in self.any if _found(pattern, text)]

    def present(self, text: str) -> tuple[str, ...]:
        """The patterns of `none` that the text matches."""
        return tuple(pattern for pattern in self.none if _found(pattern, text))


def _found(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.MULTILINE) is not None


class CallMatch(NamedTuple):
    """Names of system calls, with the wildcards of shells: each of `all`, at least one of `any`, none of `none`.

    With `by`, only denials with that cause count: `rule`, `default`, or another value of
    `runner.profile.filter.attribution.Cause`.
    """

    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """The expected observation; a field that is None is not compared.

    `facts` compares what engine, profile and file probes report by name, each with its accepted values:
    `profile`, `capabilities`, `apparmor`, `running`; `action`, `errno`; `exists`, `valid`. `calls` are the calls of a
    traced program, `denied` those that seccomp denied.
    """

    started: bool | None = None
    exit: Status | None = None
    output: TextMatch | None = None
    facts: Mapping[str, tuple[str, ...]] | None = None
    calls: CallMatch | None = None
    denied: CallMatch | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """The same probe under other conditions, which must show `expect`; if not, the environment is at fault."""

    changes: Mapping[str, Any]
    expect: Expectation


@dataclass(frozen=True, slots=True)
class ContainerMutant:
    """The probe's container, started with other settings."""

    changes: Mapping[str, Any]
    why: str
    span: Span


@dataclass(frozen=True, slots=True)
class FileMutant:
    """The learner's file, replaced by a near miss."""

    name: str
    content: str
    why: str
    span: Span


@dataclass(frozen=True, slots=True)
class CommandMutant:
    """A command typed instead of the solution, in a step that starts fresh."""

    target: str
    text: str
    why: str
    span: Span


Mutant = ContainerMutant | FileMutant | CommandMutant


class CheckHint(NamedTuple):
    """A message for a failed observation that matches `when`."""

    when: Expectation
    say: str


class Retry(NamedTuple):
    """Probe again every `every` seconds for up to `seconds` until the check passes."""

    seconds: float = 0.0
    every: float = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A result that a step must achieve.

    `precheck_passes` is the author's reason if the check passes before the learner has done anything, else "".
    `timeout` in seconds bounds each probe.
    """

    id: str
    describe: str
    probe: Probe
    expect: Expectation
    reject: Expectation | None
    control: Control | None
    retry: Retry
    hints: tuple[CheckHint, ...]
    explain: str
    mutants: tuple[Mutant, ...]
    precheck_passes: str
    timeout: float
    span: Span


def containers_of(check: Check) -> Iterator[ContainerSpec]:
    """The fresh containers that a check starts: its probe's, its control's, and its mutants'; none for other probes."""
    runs = what_runs(check.probe)
    if not isinstance(runs, ContainerProbe):
        return
    yield runs.spec
    yield from (runs.spec.overridden(variation.changes) for variation in variations(check))


def variations(check: Check) -> Iterator[Control | ContainerMutant]:
    """The settings that the check's container also starts with: the control's, then the mutants'."""
    if check.control:
        yield check.control
    yield from (mutant for mutant in check.mutants if isinstance(mutant, ContainerMutant))
