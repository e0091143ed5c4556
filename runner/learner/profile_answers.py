"""Answers about profiles: their faults, and their decisions on a system call."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.engine.api import EngineInfo
from runner.engine.profile_target import profile_target
from runner.errors import UsageError, printable, told
from runner.files import files_below
from runner.profile.calls.call import parse_call
from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.capabilities import read_capabilities
from runner.profile.errors import NotJsonError, ProfileError
from runner.profile.finding import Severity
from runner.profile.lint import LintTarget, lint
from runner.profile.simulation import Simulation
from runner.profile.source.json_text import parse
from runner.profile.source.reader import read_profile
from runner.profile.views.explain import explain


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a profile's text; `line` is 1-based, 0 if it concerns no particular line."""

    line: int
    severity: Severity
    message: str


def remarks(text: str, info: EngineInfo) -> list[Remark]:
    """The faults of a profile on this engine, in the order of its text."""
    try:
        reading = read_profile(text)
    except ProfileError as error:
        line = error.at.line if error.at else 0
        return [Remark(line, Severity.ERROR, error.reason)]
    target = profile_target(info, frozenset())
    where = LintTarget(arch=target.arch, engine=target.engine, runtime=target.runtime, kernel=target.kernel)
    found = lint(reading, where)
    return [Remark(finding.at.line, finding.severity, str(finding)) for finding in found]


def unreadable_line(text: str) -> int | None:
    """The line from which a text cannot be read as JSON; None if it can, or is too large to be tried."""
    try:
        parse(text)
    except NotJsonError as error:
        return error.at.line if error.at else 1
    except ProfileError:
        return None
    return None


def start_faults(folder: Path, profile: str, info: EngineInfo) -> list[str]:
    """The faults for which no container starts under a profile of a folder; none for one that cannot be read."""
    try:
        text = (folder / profile).read_text(encoding="utf-8", errors="replace") if profile else ""
    except OSError:
        return []
    return [one.message for one in remarks(text, info) if one.severity is Severity.ERROR] if text else []


def explained(text: str, call: Sequence[str], info: EngineInfo, *, file: str) -> tuple[str, ...]:
    """A profile's decision on a call (`socket AF_INET`) in a container with all capabilities, as lines of prose.

    Raises:
        UsageError: the call does not exist, or the profile cannot be used.
    """
    simulation = _with_all_capabilities(text, info, file)
    return explain(simulation, simulation.call(call)).lines


def compared(folder: Path, call: Sequence[str], info: EngineInfo) -> list[tuple[str, str]]:
    """The decision of each profile in a folder on a call: the profile's name, and the action or the profile's fault.

    Raises:
        UsageError: the call does not exist.
    """
    parse_call(call, find_arch(info.arch))
    rows = []
    for path in files_below(folder, ".json"):
        name = printable(str(path.relative_to(folder)))
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
            simulation = _with_all_capabilities(text, info, name)
            rows.append((name, simulation.decide(simulation.call(call)).in_words))
        except (UsageError, OSError) as error:
            rows.append((name, str(told(error))))
    return rows


def _with_all_capabilities(text: str, info: EngineInfo, file: str) -> Simulation:
    return Simulation.of_text(text, profile_target(info, read_capabilities("all")), file=file)
