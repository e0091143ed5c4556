"""Work that is under way when the learner leaves ends only itself."""

import asyncio
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


async def test_what_the_app_does_next_is_not_done_by_work_that_asks_a_question(sit_down):
    """That may be the removal of the screen, which ends such work: it would end in its middle."""
    tasks: dict[str, asyncio.Task[None] | None] = {}

    async def next_of_the_app() -> None:
        tasks["app"] = asyncio.current_task()

    async with sit_down("one") as learner:
        panes = learner.screen._panes

        async def ask() -> None:
            tasks["work"] = asyncio.current_task()
            learner.app.call_next(next_of_the_app)
            await panes.confirm("One question", "Yes?", yes="Yes", no="No")

        panes.beside(ask)
        await learner.sees("One question")
        await learner.until(lambda: "app" in tasks)
        assert tasks["app"] is not tasks["work"]
