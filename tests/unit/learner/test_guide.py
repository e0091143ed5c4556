"""The next action in a step."""

from dataclasses import replace

from runner.lab.model.workshop import SolveBlock
from runner.learner.guide import Advance, Answer, Launch, Solve, Type, next_action


def test_the_next_action(step):
    """In the order of the text; then what the learner is to do, then the questions, then the next step."""
    container, command = step.blocks[0], step.blocks[1].commands[0]
    done: dict = {"launched": set(), "typed": set(), "passed": set(), "answered": set()}
    assert next_action(step, **done) == Launch(container)
    done["launched"] = {"box"}
    assert next_action(step, **done) == Type("box", command)
    done["typed"] = {command}
    assert next_action(step, **done) == Solve()
    done["passed"] = {"seen", "there"}
    assert isinstance(next_action(step, **done), Answer)
    done["answered"] = {"why"}
    assert next_action(step, **done) == Advance()


def test_text_after_a_solution_waits_for_it(step):
    """It may need what the solution makes."""
    container, console, *rest = step.blocks
    command = console.commands[0]
    solution = SolveBlock(console, container.span)
    behind = replace(step, blocks=(container, *rest, solution, console))
    done: dict = {"launched": {"box"}, "typed": set(), "answered": {"why"}}
    assert next_action(behind, **done, passed={"there"}) == Solve()
    assert next_action(behind, **done, passed={"seen", "there"}) == Type("box", command)
