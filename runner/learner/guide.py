"""The next action of a step, for a learner who goes through it with one key."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from runner.lab.model.transcript import Command
from runner.lab.model.workshop import (
    Block,
    CheckBlock,
    ConsoleBlock,
    ContainerBlock,
    QuizBlock,
    SolveBlock,
    Step,
)


@dataclass(frozen=True, slots=True)
class Launch:
    """Launch a container of the lesson."""

    block: ContainerBlock


@dataclass(frozen=True, slots=True)
class Type:
    """Type a command of the lesson."""

    target: str
    command: Command


@dataclass(frozen=True, slots=True)
class Solve:
    """The lesson has been followed; only the learner's own task is left."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer a question."""

    quiz: QuizBlock


@dataclass(frozen=True, slots=True)
class Advance:
    """The step is finished."""


NextAction = Launch | Type | Solve | Answer | Advance


def next_action(
    step: Step,
    *,
    launched: Collection[str],
    typed: Collection[Command],
    passed: Collection[str],
    answered: Collection[str],
) -> NextAction:
    """The first action of the step that is not done yet, in the order of the text.

    Text after a solution may need its result, so it waits until the checks before it have passed.
    """
    asked: set[str] = set()
    for block in step.blocks:
        match block:
            case CheckBlock(check):
                asked.add(check.id)
            case SolveBlock() if asked - {*passed}:
                return Solve()
            case _:
                for action in _done_by(block, launched=launched, typed=typed):
                    return action
    if any(check.id not in passed for check in step.checks):
        return Solve()
    question = next((quiz for quiz in step.quizzes if quiz.id not in answered), None)
    return Advance() if question is None else Answer(question)


def lesson_actions(
    step: Step, *, launched: Collection[str], typed: Collection[Command]
) -> Iterator[Launch | Type]:
    """The remaining launches and commands of the step's text."""
    for block in step.blocks:
        yield from _done_by(block, launched=launched, typed=typed)


def _done_by(
    block: Block, *, launched: Collection[str], typed: Collection[Command]
) -> Iterator[Launch | Type]:
    match block:
        case ContainerBlock() if block.name not in launched:
            yield Launch(block)
        case ConsoleBlock():
            yield from (Type(block.target, command) for command in block.commands if command not in typed)
