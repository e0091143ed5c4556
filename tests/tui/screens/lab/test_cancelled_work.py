"""Work that is under way when the learner leaves ends only itself."""

import threading

import pytest

from runner.learner import profile_answers
from runner.tui.screens.lab.screen import LabScreen


@pytest.fixture
def slow_answers(monkeypatch):
    """Has profiles answer only once it is set, and counts the questions."""
    may_answer, asked = threading.Event(), []
    compared = profile_answers.compared

    def slowly(folder, call, info):
        asked.append(call)
        may_answer.wait(20)
        return compared(folder, call, info)

    monkeypatch.setattr(profile_answers, "compared", slowly)
    yield may_answer, asked
    may_answer.set()


async def test_escape_while_a_call_is_explained(sit_down, slow_answers):
    may_answer, asked = slow_answers
    async with sit_down("one") as learner:
        await learner.press("y")
        await learner.type("chmod")
        await learner.until(lambda: asked)
        await learner.press("escape")
        may_answer.set()
        await learner.press("h")
        await learner.until(lambda: learner.lab().hints == 1)
        assert isinstance(learner.screen, LabScreen)


async def test_enter_again_while_a_call_is_explained(sit_down, slow_answers):
    """The last question is answered."""
    may_answer, asked = slow_answers
    async with sit_down("one") as learner:
        await learner.press("y")
        await learner.type("chmod")
        await learner.until(lambda: asked)
        await learner.press("backspace")
        await learner.type("d 0x1")
        await learner.until(lambda: len(asked) == 2)
        may_answer.set()
        await learner.sees("chmod 0x1 in a container")


async def test_a_lab_left_while_a_call_is_explained(sit_down, slow_answers):
    may_answer, asked = slow_answers
    async with sit_down() as learner:
        await learner.sees("1. The first lab")
        await learner.press("enter")
        await learner.until(lambda: learner.screen.query("Terminal"))
        await learner.press("y")
        await learner.type("chmod")
        await learner.until(lambda: asked)
        learner.at_once("<escape>", "q", "<down>", "<enter>", "h")
        await learner.until(lambda: learner.lab("two").hints == 1)
        may_answer.set()
