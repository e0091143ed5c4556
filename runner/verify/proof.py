"""That a check can be trusted: it fails before the step, its control holds, and every mutant fails it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

from runner.check.context import NotThere
from runner.check.evaluate import evaluate
from runner.check.outcome import Broken, Errored, Failed, Outcome, Passed, Skipped
from runner.engine.api import StartRefused
from runner.lab.model.check import (
    Check,
    CommandMutant,
    ContainerMutant,
    ContainerProbe,
    EngineProbe,
    ExecProbe,
    FileMutant,
    Mutant,
    Retry,
)
from runner.lab.model.workshop import ConsoleBlock, Step
from runner.pace import MACHINE
from runner.shell.console import ConsoleError
from runner.stage.stage import Stage
from runner.stage.workspace import Workspace


def fails_before(check: Check, stage: Stage) -> Outcome:
    """Whether the check fails before the learner has done anything."""
    if check.precheck_passes:
        return Skipped(check.precheck_passes)
    outcome = evaluate(replace(check, retry=Retry()), stage.bench)
    if isinstance(outcome, Passed):
        return Failed(
            expected=f"{check.id!r} fails before the step is solved", actual="it passed", at=check.span
        )
    return outcome if isinstance(outcome, Errored) else Passed("failed, as it must")


def control_holds(check: Check, stage: Stage, step: Step) -> Outcome:
    """Whether the probe shows what the control expects; Broken if not, since then a failed check proves nothing."""
    control = check.control
    if control is None:
        return Skipped("no control")
    with _varied(
        ContainerMutant(control.changes, "control", check.span), check, stage, step, stage.workspace
    ) as (varied, side):
        outcome = evaluate(replace(varied, expect=control.expect, reject=None, hints=()), side.bench)
    if isinstance(outcome, Failed):
        return Broken(f"the control expected {outcome.expected}, but saw {outcome.actual}", check.span)
    return outcome


def mutants_fail(check: Check, stage: Stage, step: Step, start: Workspace) -> Outcome:
    """Whether each mutant fails the check; `start` is the workspace as it was when the step began."""
    if not check.mutants:
        return Skipped("no mutants")
    for number, mutant in enumerate(check.mutants, 1):
        with _varied(mutant, check, stage, step, start) as (varied, side):
            outcome = evaluate(replace(varied, retry=Retry()), side.bench)
        if isinstance(outcome, Errored):
            return outcome
        if isinstance(outcome, Passed):
            return Failed(
                expected=f"mutant {number} fails {check.id!r}" + (f" ({mutant.why})" if mutant.why else ""),
                actual=f"the check passed: {outcome.observed}",
                at=mutant.span,
            )
    return Passed(f"{len(check.mutants)} failed, as they must")


@contextmanager
def _varied(
    mutant: Mutant, check: Check, stage: Stage, step: Step, start: Workspace
) -> Iterator[tuple[Check, Stage]]:
    """The check and the stage with `mutant` in place; what it started is gone afterwards."""
    probe = check.probe
    if isinstance(mutant, ContainerMutant) and isinstance(probe, ContainerProbe):
        yield replace(check, probe=replace(probe, spec=probe.spec.overridden(mutant.changes))), stage
        return
    with ExitStack() as cleanup:
        side = _fork(mutant, check, stage, start)
        cleanup.callback(side.close)
        match mutant:
            case FileMutant():
                side.workspace.write(mutant.name, mutant.content)
            case CommandMutant():
                _type(side, mutant.target, mutant.text, check.timeout)
            case ContainerMutant():
                pass
        if isinstance(probe, ExecProbe | EngineProbe):
            _launch(side, probe.container)
            if not isinstance(mutant, CommandMutant):
                _replay(step, probe.container, side)
        yield check, side


def _fork(mutant: Mutant, check: Check, stage: Stage, start: Workspace) -> Stage:
    if isinstance(mutant, CommandMutant):
        return stage.fork(start.copy())
    if isinstance(mutant, ContainerMutant) and isinstance(check.probe, ExecProbe | EngineProbe):
        return stage.fork(stage.workspace.copy(), {check.probe.container: mutant.changes})
    return stage.fork(stage.workspace.copy())


def _replay(step: Step, target: str, side: Stage) -> None:
    """Type again what the step typed into the container, whatever comes of it."""
    for block, _ in step.actions:
        if isinstance(block, ConsoleBlock) and block.target == target:
            for command in block.commands:
                _type(side, target, command.text, block.timeout)


def _type(side: Stage, target: str, text: str, timeout: float) -> None:
    """Type `text`; that the console or its container cannot take it is one more way for a mutant to fail."""
    with suppress(ConsoleError, StartRefused, NotThere):
        side.type(target, text, MACHINE.stretched(timeout))


def _launch(side: Stage, name: str) -> None:
    with suppress(StartRefused, NotThere):
        side.container(name)
