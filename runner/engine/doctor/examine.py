"""Examines this machine: the engine that would be used and the reason, missing parts, and remedies."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from runner.engine.discovery import Candidate, EngineChoice, Suitability, survey
from runner.engine.doctor import machine, memory, trial
from runner.engine.doctor.findings import Finding, Fixes, Level
from runner.engine.endpoints import PRIVATE, remarks
from runner.errors import WorkshopError
from runner.folders import cache_folder

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Examination:
    """The result of an examination: `candidates` in order of preference, and `used`, the one that a run would take.

    `remarks` list the user's Docker settings that are ignored. `classroom` are the findings for a class.
    """

    candidates: tuple[Candidate, ...]
    used: Candidate | None
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...] = ()
    classroom: tuple[Finding, ...] = ()

    @property
    def healthy(self) -> bool:
        """True if labs can run, and classes too if they were examined."""
        return all(finding.level is not Level.MISSING for finding in (*self.findings, *self.classroom))

    @property
    def fixes(self) -> Fixes:
        """The fixes for missing parts."""
        found = (*self.findings, *self.classroom)
        return Fixes.of(finding for finding in found if finding.level is Level.MISSING)


def examine(choice: EngineChoice) -> Examination:
    """Examine everything without starting or changing anything."""
    trouble: WorkshopError | None = None
    candidates: tuple[Candidate, ...] = ()
    try:
        candidates = tuple(survey(choice))
    except WorkshopError as error:
        trouble = error
    used = next((candidate for candidate in candidates if candidate.suitability is Suitability.USABLE), None)
    if used is None and choice.consent:
        used = next(
            (candidate for candidate in candidates if candidate.suitability is Suitability.CONSENT), None
        )
    private = used is None or used.endpoint.source == PRIVATE
    info = used.description.info if used is not None and used.description else None
    looks: list[Callable[[], Finding]] = [
        lambda: _engine(used, candidates, trouble),
        lambda: machine.programs(needed=private),
        lambda: machine.docker_command(choice.environ.get("PATH", os.defpath)),
        machine.seccomp,
        lambda: machine.user_namespaces(needed=private),
        *([lambda: machine.subordinate_ids(needed=private)] if os.geteuid() else []),
        lambda: machine.capabilities(info),
        machine.libseccomp,
        lambda: machine.image(cache_folder(choice.environ)),
        lambda: machine.space(choice.places, needed=private),
    ]
    return Examination(
        candidates, used, tuple(look() for look in looks), remarks(choice.engine, choice.environ)
    )


def examine_and_try(choice: EngineChoice, progress: Progress, *, again: bool = True) -> Examination:
    """Examine everything, and try the engine that a run would take, if nothing that it needs is missing.

    Unless `again` is true, an engine that passed before and is unchanged is not tried again.
    """
    found = examine(choice)
    if found.used is None or not found.healthy:
        return found
    state = memory.fingerprint(choice, found.used)
    if not again and memory.passed(state, choice.environ):
        return found
    tried = trial.try_engine(choice, found.used, progress)
    found = replace(found, findings=_merged(found.findings, tried))
    if found.healthy:
        memory.note(state, choice.environ)
    return found


def _merged(findings: tuple[Finding, ...], tried: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Both lists, with the findings of a trial replacing those of the examination."""
    names = {finding.name for finding in tried}
    return (*(finding for finding in findings if finding.name not in names), *tried)


def _engine(
    used: Candidate | None, candidates: Sequence[Candidate], trouble: WorkshopError | None
) -> Finding:
    if used is not None:
        return Finding("engine", Level.OK, f"{used.endpoint.source} at {used.endpoint.url}: {used.reason}")
    if any(candidate.suitability is Suitability.CONSENT for candidate in candidates):
        remedy = "accept its risk with `--yes`, or fix the problems of the private engine below"
        return Finding("engine", Level.WARNING, "only an engine without isolation is left", remedy)
    if trouble is not None:
        return Finding("engine", Level.MISSING, str(trouble), trouble.remedy)
    reasons = "; ".join(f"{item.endpoint.source}: {item.reason}" for item in candidates)
    remedy = "fix the problems below, or start the engine that you named, or name none"
    return Finding("engine", Level.MISSING, reasons, remedy)
