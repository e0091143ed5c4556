"""Proves that a check can be trusted: it fails before the step, its control holds, and every mutant fails it.

Only a check that *failed* proves something. If it could not be evaluated, the verification has an error.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import chain

from runner.check.context import NotThere
from runner.check.evaluate import evaluate
from runner.check.outcome import Broken, Errored, Failed, Outcome, Passed, Skipped
from runner.engine.api import StartRefused
from runner.errors import WorkshopError
from runner.lab.model.check import (
    Check,
    CommandMutant,
    ContainerMutant,
    ContainerProbe,
    Expectation,
    FileMutant,
    Mutant,
    Retry,
    TraceProbe,
    container_of,
    what_runs,
)
from runner.lab.model.workshop import OWN_SHELLS, ConsoleBlock, ContainerBlock, Step
from runner.pace import MACHINE
from runner.shell.console import ConsoleError
from runner.shell.recorder import CommandFinished
from runner.stage.stage import Stage
from runner.stage.workspace import Workspace
from runner.verify.result import MutantSeen
from runner.verify.standard import StandardMutants, judged

_NEVER_RAN = frozenset({125, 126, 127})
"""Exit statuses with which a shell and docker report that a program or a container was never started."""


class _NoProofError(WorkshopError):
    """A mutant could not be put in place; the message has the reason."""


def fails_before(check: Check, stage: Stage) -> Outcome:
    """Prove that the check fails before the learner has done anything."""
    if check.precheck_passes:
        return Skipped(check.precheck_passes)
    outcome = evaluate(replace(check, retry=Retry()), stage.probe_context)
    match outcome:
        case Passed():
            return Failed(
                expected=f"{check.id!r} fails before the step is solved", actual="it passed", at=check.span
            )
        case Failed():
            return Passed("failed, as it must")
    return _not_looked_at("before the step is solved", outcome, check)


def control_holds(check: Check, stage: Stage, steps: Sequence[Step]) -> Outcome:
    """Prove that the probe shows what the control expects; else Broken, since a failed check then proves nothing."""
    control = check.control
    if control is None:
        return Skipped("no control")
    with _varied(
        ContainerMutant(control.changes, "control", check.span), check, stage, steps, stage.workspace
    ) as (varied, side):
        outcome = evaluate(replace(varied, expect=control.expect, reject=None, hints=()), side.probe_context)
    if isinstance(outcome, Failed):
        return Broken(f"the control expected {outcome.expected}, but saw {outcome.actual}", check.span)
    return outcome


def mutants_fail(
    check: Check,
    stage: Stage,
    steps: Sequence[Step],
    start: Workspace,
    *,
    standard: StandardMutants,
    together: Mapping[str, Sequence[Check]],
    seen: Callable[[MutantSeen], None] = lambda _: None,
) -> Outcome:
    """Prove that the check fails for each mutant, its own and the standard ones; `seen` is called for each success.

    `steps` are the lab's up to the check's, `start` is the workspace at the beginning of that, and `together` are the
    learner's profiles that are tried with several checks of the step at once.
    """
    for number, mutant in enumerate(check.mutants, 1):
        name = f"mutant {number}" + (f" ({mutant.why})" if mutant.why else "")
        try:
            with _varied(mutant, check, stage, steps, start) as (varied, side):
                outcome = evaluate(replace(varied, retry=Retry()), side.probe_context)
        except _NoProofError as error:
            return Errored(f"{name} proves nothing: {error}", mutant.span)
        problem = _against(outcome, name, check, mutant)
        if problem is not None:
            return problem
        seen(_seen(name, outcome))
    tried = 0
    several = (trial for name, checks in together.items() for trial in standard.together(checks, name))
    for trial in chain(standard.trials(check), several):
        problem = judged(trial, check)
        if problem is not None:
            return (
                problem
                if isinstance(problem, Failed)
                else _not_looked_at(f"where {trial.where}", problem, check)
            )
        seen(_seen(f"where {trial.where}", trial.outcome))
        tried += 1
    if not check.mutants and not tried:
        return Skipped("no mutants")
    return Passed(f"{len(check.mutants)} of its own and {tried} standard ones failed, as they must")


def _seen(name: str, outcome: Outcome) -> MutantSeen:
    return MutantSeen(name, outcome.seen if isinstance(outcome, Failed) else "")


def _against(outcome: Outcome, name: str, check: Check, mutant: Mutant) -> Outcome | None:
    """The fault of the check that an outcome under a mutant shows; None if the check failed, as it must."""
    match outcome:
        case Passed(observed):
            return Failed(
                expected=f"{name} fails {check.id!r}", actual=f"the check passed: {observed}", at=mutant.span
            )
        case Failed(observed=seen):
            if seen is not None and seen.started is False and not _about_starting(check):
                return Errored(
                    f"{name} proves nothing: its container never started: {seen.output}", mutant.span
                )
            return None
    return _not_looked_at(f"under {name}", outcome, check)


def _not_looked_at(when: str, outcome: Outcome, check: Check) -> Outcome:
    reason = outcome.reason if isinstance(outcome, Errored | Broken | Skipped) else "it has no outcome"
    return Errored(f"{check.id!r} could not be looked at {when}, so nothing is proven: {reason}", check.span)


def _about_starting(check: Check) -> bool:
    """True if the check is about starting, so that a container that does not start is a valid result."""
    return any(_mentions_start(expect) for expect in (check.expect, check.reject) if expect is not None)


def _mentions_start(expect: Expectation) -> bool:
    accepts = (
        expect.exit is not None and not expect.exit.negated and bool(_NEVER_RAN & set(expect.exit.values))
    )
    return expect.started is not None or "refused" in (expect.facts or {}) or accepts


@contextmanager
def _varied(
    mutant: Mutant, check: Check, stage: Stage, steps: Sequence[Step], start: Workspace
) -> Iterator[tuple[Check, Stage]]:
    """Provide the check and the stage with `mutant` in place; everything it started is removed afterwards."""
    probe = what_runs(check.probe)
    if isinstance(mutant, ContainerMutant) and isinstance(probe, ContainerProbe):
        changed = replace(probe, spec=probe.spec.overridden(mutant.changes))
        traced = isinstance(check.probe, TraceProbe)
        yield replace(check, probe=TraceProbe(changed) if traced else changed), stage
        return
    with ExitStack() as cleanup:
        side = _fork(mutant, check, stage, start)
        cleanup.callback(side.close)
        match mutant:
            case FileMutant():
                side.workspace.write(mutant.name, mutant.content)
            case CommandMutant():
                if mutant.target not in OWN_SHELLS:
                    _replay(steps, mutant.target, side, but=steps[-1])
                finished = _type(side, mutant.target, mutant.text, _patience(check, steps[-1], mutant.target))
                if finished.status in _NEVER_RAN and not _about_starting(check):
                    raise _NoProofError(
                        f"it ended with {finished.status}, so what it types never ran: {finished.output.strip()}"
                    )
            case ContainerMutant():
                pass
        if container := container_of(probe):
            _launch(side, container)
            if not isinstance(mutant, CommandMutant):
                _replay(steps, container, side)
        yield check, side


def _patience(check: Check, step: Step, target: str) -> float:
    """Seconds for a command of a mutant: as many as the step's own commands have in that console."""
    own = (console.timeout for console in step.consoles if console.target == target)
    return max([check.timeout, *own])


def _fork(mutant: Mutant, check: Check, stage: Stage, start: Workspace) -> Stage:
    if isinstance(mutant, CommandMutant):
        return stage.fork(start.copy())
    container = container_of(check.probe)
    if isinstance(mutant, ContainerMutant) and container:
        return stage.fork(stage.workspace.copy(), {container: mutant.changes})
    return stage.fork(stage.workspace.copy())


def _replay(steps: Sequence[Step], target: str, side: Stage, *, but: Step | None = None) -> None:
    """Type again what was typed into the container since its launch, in earlier steps too, whatever the results.

    The commands of the step `but` are left out.
    """
    consoles: list[ConsoleBlock] = []
    actions = ((action, step is but) for step in steps for action in step.actions)
    for action, left_out in actions:
        match action.block:
            case ContainerBlock(name=name) if name == target:
                consoles.clear()
            case ConsoleBlock() as console if console.target == target and not left_out:
                consoles.append(console)
    for console in consoles:
        for command in console.commands:
            _type(side, target, command.text, console.timeout)


def _type(side: Stage, target: str, text: str, timeout: float) -> CommandFinished:
    try:
        return side.type(target, text, MACHINE.stretched(timeout))
    except ConsoleError as error:
        raise _NoProofError(f"{text!r} could not be typed: {error}") from error
    except (StartRefused, NotThere) as error:
        raise _NoProofError(f"its container never started: {error}") from error


def _launch(side: Stage, name: str) -> None:
    try:
        side.container(name)
    except (StartRefused, NotThere) as error:
        raise _NoProofError(f"its container never started: {error}") from error
