"""A command typed where keys act is offered to the terminal, and does not act letter by letter."""

import pytest
from textual.widgets import Input

from runner.engine.api import EngineUnavailable
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.screens.typing_line import TypingLine


async def typed(learner, text: str) -> None:
    learner.at_once(text)
    await learner.until(lambda: isinstance(learner.screen, TypingLine))
    await learner.until(lambda: learner.screen.query_one(Input).value == text)


@pytest.mark.parametrize("command", ["ls -la", "docker ps", "cat note", "chmod 777 x", "./run", "pwd"])
async def test_typing_is_told_from_keys(sit_down, command):
    async with sit_down("one") as learner:
        await typed(learner, command)
        await learner.press("escape")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))
        assert learner.lab().hints == 0
        assert learner.lab().step == "say-it"
        assert not learner.lab().of("say-it").solved


@pytest.mark.parametrize("command", ["stty size", "strace -c ls"])
async def test_letters_of_a_command_answer_no_question(sit_down, command):
    """`s` asks whether to solve the step, and a later one would say yes."""
    async with sit_down("one") as learner:
        await learner.sees("$")
        await typed(learner, command)
        await learner.press("escape")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))
        assert not learner.lab().of("say-it").solved


async def test_enter_types_it_into_the_terminal(sit_down):
    async with sit_down("one") as learner:
        await typed(learner, "dd if=/dev/null of=note")
        await learner.hastily("enter")
        await learner.sees("too soon")
        await learner.answer("enter")
        await learner.sees("✓ There is a note")
        assert learner.app.focused is learner.terminal()


@pytest.mark.parametrize("between", [("<escape>",), ("<question_mark>", "<escape>")])
async def test_keys_with_another_between_them_are_keys(sit_down, between):
    """Without it, `ch` would begin chmod."""
    async with sit_down("one") as learner:
        learner.at_once("c", *between, "h")
        await learner.until(lambda: learner.lab().hints == 1)
        assert isinstance(learner.screen, LabScreen)


async def test_keys_in_no_haste_are_keys(sit_down):
    async with sit_down("one") as learner:
        await learner.press("c")
        await learner.pilot.pause(0.5)
        await learner.press("h")
        assert learner.lab().hints == 1
        assert isinstance(learner.screen, LabScreen)


async def test_a_line_typed_before_there_is_a_terminal_waits_for_it(sit_down):
    async with sit_down("one", failures=[EngineUnavailable("none")]) as learner:
        await learner.sees("There is no engine")
        await learner.answer("n")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))
        await typed(learner, "dd if=/dev/null of=note")
        await learner.answer("enter")
        await learner.sees("✓ There is a note")
