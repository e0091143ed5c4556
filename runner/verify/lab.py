"""Verifies one lab headless: plays it from first to last step, and proves that each check can fail."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from runner.check.context import NotThere
from runner.check.evaluate import evaluate
from runner.check.outcome import Broken, Errored, Outcome, Passed, Skipped
from runner.errors import WorkshopError
from runner.lab.model.check import (
    Check,
    ContainerProbe,
    ExecProbe,
    FileProbe,
    HostProbe,
    ProfileProbe,
    files_named,
    what_runs,
)
from runner.lab.model.span import Span
from runner.lab.model.workshop import ConsoleBlock, ContainerBlock, FileBlock, Lab, Step
from runner.stage.playing import play
from runner.stage.stage import Stage
from runner.stage.workspace import Workspace
from runner.verify.job import Unreadable
from runner.verify.proof import control_holds, fails_before, mutants_fail
from runner.verify.result import CheckResult, LabResult, MutantSeen, OutcomeKind, Proof
from runner.verify.standard import Refusals, StandardMutants


@dataclass(frozen=True, slots=True)
class StepStarted:
    """The verification of a lab has reached `step`."""

    lab: Lab
    step: Step


@dataclass(frozen=True, slots=True)
class CheckProved:
    """Every proof of a check has been tried."""

    lab: Lab
    check: Check
    result: CheckResult


Progress = Callable[[StepStarted | CheckProved], None]


def verify_lab(lab: Lab, stage: Stage, progress: Progress, refusals: Refusals) -> LabResult:
    """Play `lab` on `stage` and prove its checks; everything after the first fault is skipped.

    `refusals` is shared by all labs on the stage's engine.
    """
    return _LabVerification(lab, stage, progress, refusals).run()


def skipped_lab(lab: Lab, problem: Outcome) -> LabResult:
    """The result of a lab that was not played, with the reason."""
    return LabResult(lab.id, tuple(_skipped(check) for check in lab.checks), (problem,), 0.0)


def unread_lab(lab: Unreadable) -> LabResult:
    """The result of a lab whose file cannot be read."""
    return LabResult(lab.id, (), (Errored(lab.reason, Span(lab.path, 1, 1)),), 0.0, unreadable=True)


class _LabVerification:
    def __init__(self, lab: Lab, stage: Stage, progress: Progress, refusals: Refusals) -> None:
        self._lab = lab
        self._stage = stage
        self._progress = progress
        self._results: dict[str, CheckResult] = {}
        self._problems: list[Outcome] = []
        self._standard = StandardMutants(stage, refusals)
        self._written: set[str] = set()

    def run(self) -> LabResult:
        began = time.monotonic()
        for step in self._lab.steps:
            try:
                self._step(step)
            except WorkshopError as error:
                self._problems.append(Errored(error.in_full(), step.span))
            if self._problems or any(
                result.kind is not OutcomeKind.PASSED for result in self._results.values()
            ):
                self._ask_engine(step)
            if self._problems:
                break
        checks = tuple(self._results.get(check.id) or _skipped(check) for check in self._lab.checks)
        return LabResult(self._lab.id, checks, tuple(self._problems), time.monotonic() - began)

    def _ask_engine(self, step: Step) -> None:
        """Ping the engine: if it is gone, failures prove nothing about the lab."""
        try:
            self._stage.engine.ping()
        except WorkshopError as error:
            self._problems.append(Errored(error.in_full(), step.span))

    def _step(self, step: Step) -> None:
        self._progress(StepStarted(self._lab, step))
        self._stage.forget_typed()
        for file in step.files:
            self._stage.place(file)
        self._written |= _written(step)
        start = self._stage.workspace.copy()
        try:
            before = {check.id: fails_before(check, self._stage) for check in step.checks}
            self._solve(step, before)
            if not self._problems:
                together = _readers(step, self._written)
                for check in step.checks:
                    self._prove(check, step, start, before[check.id], together=together.get(check.id, {}))
        finally:
            start.remove()

    def _solve(self, step: Step, before: dict[str, Outcome]) -> None:
        """Perform the actions of the step and its solution, in the order of the text.

        Checks of actions in a container are evaluated for `before` also right after its launch.
        """
        for action in step.actions:
            match action.block:
                case ContainerBlock() as container:
                    outcomes = [self._launch(container)]
                    before |= self._fail_in_a_fresh_container(container, step, before)
                case ConsoleBlock() as console:
                    outcomes = [outcome for _, outcome in play(self._stage, console)]
                case FileBlock() as file:
                    if action.solves:
                        self._stage.place(file)
                    continue
            self._problems += [outcome for outcome in outcomes if not isinstance(outcome, Passed)]
            if self._problems:
                return

    def _fail_in_a_fresh_container(
        self, block: ContainerBlock, step: Step, before: Mapping[str, Outcome]
    ) -> Mapping[str, Outcome]:
        if not any(console.target == block.name for console in step.consoles):
            return {}  # Launching the container is the whole step.
        return {
            check.id: fails_before(check, self._stage)
            for check in step.checks
            if isinstance(runs := what_runs(check.probe), ExecProbe)
            and runs.container == block.name
            and isinstance(before[check.id], Passed)
        }

    def _launch(self, block: ContainerBlock) -> Outcome:
        try:
            return self._stage.launch(block)
        except NotThere as error:
            return Broken(str(error), block.span)

    def _prove(
        self,
        check: Check,
        step: Step,
        start: Workspace,
        before: Outcome,
        *,
        together: Mapping[str, Sequence[Check]],
    ) -> None:
        began, steps = time.monotonic(), (*self._lab.before(step), step)
        solved = evaluate(check, self._stage.probe_context)
        proofs = {Proof.PRECHECK: before, Proof.SOLVED: solved}
        mutants: list[MutantSeen] = []
        if isinstance(solved, Passed):
            proofs[Proof.CONTROL] = control_holds(check, self._stage, steps)
            proofs[Proof.MUTANTS] = mutants_fail(
                check,
                self._stage,
                steps,
                start,
                standard=self._standard,
                together=together,
                seen=mutants.append,
            )
        else:
            proofs |= dict.fromkeys((Proof.CONTROL, Proof.MUTANTS), Skipped("the check did not pass"))
        result = CheckResult(check.id, proofs, time.monotonic() - began, tuple(mutants))
        self._results[check.id] = result
        self._progress(CheckProved(self._lab, check, result))


def _written(step: Step) -> set[str]:
    """The files that the learner writes there."""
    edited = (file.name for file in step.files if file.edit)
    solved = (block.action.name for block in step.solution if isinstance(block.action, FileBlock))
    return {*edited, *solved}


def _readers(step: Step, written: Collection[str]) -> dict[str, dict[str, list[Check]]]:
    """The checks that read a profile of the learner's, the quickest first, by the last one's id and the name."""
    found: dict[str, list[Check]] = {}
    for check in step.checks:
        match what_runs(check.probe):
            case ProfileProbe(file=name) if name in written:
                found.setdefault(name, []).insert(0, check)
            case FileProbe(name) if name in written and name.endswith(".json"):
                found.setdefault(name, []).insert(0, check)
            case ContainerProbe(spec) if spec.seccomp in written:
                found.setdefault(spec.seccomp, []).append(check)
            case HostProbe(argv):
                for name in {*files_named(argv[1:])} & {*written}:
                    if name.endswith(".json"):
                        found.setdefault(name, []).append(check)
    together: dict[str, dict[str, list[Check]]] = {}
    for name, checks in found.items():
        last = max(checks, key=lambda check: check.span.line)
        together.setdefault(last.id, {})[name] = checks
    return together


def _skipped(check: Check) -> CheckResult:
    return CheckResult(check.id, dict.fromkeys(Proof, Skipped("not reached")), 0.0)
