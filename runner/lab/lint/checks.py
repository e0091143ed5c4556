"""Lint: every check can pass, and can fail."""

from typing import TYPE_CHECKING

from runner.lab.model.check import (
    Check,
    ContainerMutant,
    ContainerProbe,
    ExecProbe,
    Expectation,
    FileMutant,
    HostProbe,
    TranscriptProbe,
    what_runs,
)
from runner.lab.model.span import Severity
from runner.lab.model.workshop import ConsoleBlock, ContainerBlock, FileBlock, Lab, SolveBlock, Step
from runner.lab.read.rules import Rule

if TYPE_CHECKING:
    from runner.lab.read.syntax.source import Source

_NO_PROGRAM = (127, "sh: it: not found")
_NO_CONTAINER = (125, "docker: Error response from daemon: it cannot be done")
"""The result that a check sees for a missing program, and for a container that docker cannot start."""


def lint_checks(lab: Lab, source: "Source") -> None:
    """Report checks that nothing solves, that no mutant tries, and mutants that are the solution itself."""
    for step in lab.steps:
        _lint_solution(step, source)
        for check in step.checks:
            _lint_mutants(check, step, source)
            _lint_failure(check, source)


def _lint_solution(step: Step, source: "Source") -> None:
    if any(isinstance(block, SolveBlock | ConsoleBlock | ContainerBlock) for block in step.blocks):
        return
    unsolved = [check for check in step.checks if not check.precheck_passes]
    if unsolved:
        message = f"nothing in this step makes the check {unsolved[0].id!r} pass; add a 'solve' fence"
        source.report(Rule.NO_SOLUTION, message, unsolved[0].span.line)


def _lint_mutants(check: Check, step: Step, source: "Source") -> None:
    # A transcript is the learner's own work: leaving out the step is its mutant.
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


def _lint_failure(check: Check, source: "Source") -> None:
    """Report a check that expects a failure without naming one: there are many ways to fail by accident."""
    probe = what_runs(check.probe)
    if isinstance(probe, ContainerProbe):
        # A refused start is tried without the profile anyway, and a denied call is no accident.
        fails = (
            check.expect.exit is not None and not check.expect.exit.accepts(0) and check.expect.denied is None
        )
        if fails and check.control is None:
            message = (
                f"the check {check.id!r} expects a failure; a control shows what fails, and what does not"
            )
            source.report(Rule.NO_CONTROL, message, check.span.line, severity=Severity.WARNING)
    elif isinstance(probe, ExecProbe | HostProbe | TranscriptProbe):
        docker = isinstance(probe, TranscriptProbe) and "docker" in probe.command
        if _passes(check, *_NO_PROGRAM):
            reason = "where its program is missing (exit status 127); expect its output, or another status"
        elif docker and _passes(check, *_NO_CONTAINER):
            reason = (
                "whatever keeps docker from starting a container (exit status 125); say which with 'refused'"
            )
        else:
            return
        source.report(Rule.VAGUE_CHECK, f"the check {check.id!r} also passes {reason}", check.span.line)


def _passes(check: Check, status: int, output: str) -> bool:
    return _shows(check.expect, status, output) and not (
        check.reject is not None and _shows(check.reject, status, output)
    )


def _shows(expect: Expectation, status: int, output: str) -> bool:
    return (
        not expect.facts
        and expect.calls is None
        and expect.denied is None
        and (expect.exit is None or expect.exit.accepts(status))
        and (expect.output is None or expect.output.holds(output))
    )


def _changes_nothing(check: Check, mutant: ContainerMutant) -> bool:
    probe = what_runs(check.probe)
    return (
        isinstance(probe, ContainerProbe)
        and bool(mutant.changes)
        and probe.spec.overridden(mutant.changes) == probe.spec
    )
