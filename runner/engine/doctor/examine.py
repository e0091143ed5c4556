"""Examining this machine: which engine would be used and why, what is missing, and what to do about it."""

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
    """All that was found: `candidates` in order of preference, `used` the one that a run would take, if any.

    `remarks` say which of the user's Docker settings are not followed. `classroom` is what a class needs beside.
    """

    candidates: tuple[Candidate, ...]
    used: Candidate | None
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...] = ()
    classroom: tuple[Finding, ...] = ()

    @property
    def healthy(self) -> bool:
        """Whether labs can run, and classes too if what they need was looked at."""
        return all(finding.level is not Level.MISSING for finding in (*self.findings, *self.classroom))

    @property
    def fixes(self) -> Fixes:
        """What can be done about what is missing."""
        found = (*self.findings, *self.classroom)
        return Fixes.of(finding for finding in found if finding.level is Level.MISSING)


def examine(choice: EngineChoice) -> Examination:
    """Look at everything; nothing is started or changed."""
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
    """Look at everything, and try the engine that a run would take, if nothing that it needs is missing.

    Unless it is to be tried `again`, one that passed before and has not changed since is taken for good.
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
    """Both, where what was tried replaces what was only looked at."""
    names = {finding.name for finding in tried}
    return (*(finding for finding in findings if finding.name not in names), *tried)


def _engine(
    used: Candidate | None, candidates: Sequence[Candidate], trouble: WorkshopError | None
) -> Finding:
    if used is not None:
        return Finding("engine", Level.OK, f"{used.endpoint.source} at {used.endpoint.url}: {used.reason}")
    if any(candidate.suitability is Suitability.CONSENT for candidate in candidates):
        remedy = "agree to its risk with `--yes`, or see to what the private engine lacks below"
        return Finding("engine", Level.WARNING, "only an engine without isolation is left", remedy)
    if trouble is not None:
        return Finding("engine", Level.MISSING, str(trouble), trouble.remedy)
    reasons = "; ".join(f"{item.endpoint.source}: {item.reason}" for item in candidates)
    remedy = "see to what is missing below, or start the engine that you named, or name none"
    return Finding("engine", Level.MISSING, reasons, remedy)
