"""Every check can pass, and can fail."""

from typing import TYPE_CHECKING

from runner.lab.model.check import Check, ContainerMutant, ContainerProbe, FileMutant, TranscriptProbe
from runner.lab.model.workshop import ConsoleBlock, ContainerBlock, FileBlock, Lab, SolveBlock, Step
from runner.lab.read.rules import Rule

if TYPE_CHECKING:
    from runner.lab.read.source import Source


def lint_checks(lab: Lab, source: "Source") -> None:
    """Report checks that nothing solves, that no mutant tries, and mutants that are the solution itself."""
    for step in lab.steps:
        _lint_solution(step, source)
        for check in step.checks:
            _lint_mutants(check, step, source)


def _lint_solution(step: Step, source: "Source") -> None:
    if any(isinstance(block, SolveBlock | ConsoleBlock | ContainerBlock) for block in step.blocks):
        return
    unsolved = [check for check in step.checks if not check.precheck_passes]
    if unsolved:
        message = f"nothing in this step makes the check {unsolved[0].id!r} pass; add a 'solve' fence"
        source.report(Rule.NO_SOLUTION, message, unsolved[0].span.line)


def _lint_mutants(check: Check, step: Step, source: "Source") -> None:
    # A transcript is the learner's own work: leaving the step out is its mutant.
    if not check.mutants and not isinstance(check.probe, TranscriptProbe):
        message = f"the check {check.id!r} has no mutant; say what must not pass it"
        source.report(Rule.NO_MUTANT, message, check.span.line)
    solved = {
        block.action.name: block.action.content
        for block in step.solution
        if isinstance(block.action, FileBlock)
    }
    for mutant in check.mutants:
        same_file = isinstance(mutant, FileMutant) and solved.get(mutant.name) == mutant.content
        if same_file or (isinstance(mutant, ContainerMutant) and _changes_nothing(check, mutant)):
            source.report(Rule.BAD_MUTANT, "this mutant is the same as the solution", mutant.span.line)


def _changes_nothing(check: Check, mutant: ContainerMutant) -> bool:
    probe = check.probe
    return (
        isinstance(probe, ContainerProbe)
        and bool(mutant.changes)
        and probe.spec.overridden(mutant.changes) == probe.spec
    )
