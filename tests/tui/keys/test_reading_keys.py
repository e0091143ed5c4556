"""The keys that scroll the lesson, wherever the focus is, unless a terminal has it."""

import pytest
from textual.widgets import Button, Tabs

from runner.tui.widgets.lesson.command_row import CommandRow
from runner.tui.widgets.lesson.lesson import Lesson
from tests.tui.in_a_lab import launched


@pytest.mark.parametrize("focus", [Tabs, CommandRow, Button, None])
async def test_they_scroll_the_lesson(sit_down, focus):
    async with sit_down("one", size=(80, 24)) as learner:
        lesson = learner.screen.query_one(Lesson)
        learner.screen.set_focus(learner.screen.query(focus).first() if focus else None, scroll_visible=False)
        await learner.pilot.pause()
        lesson.scroll_home(animate=False)
        await learner.press("pagedown")
        await learner.until(lambda: lesson.scroll_offset.y)
        await learner.press("end")
        await learner.until(lambda: lesson.scroll_offset.y == lesson.max_scroll_y)
        await learner.press("pageup")
        await learner.until(lambda: lesson.scroll_offset.y < lesson.max_scroll_y)
        await learner.press("home")
        await learner.until(lambda: not lesson.scroll_offset.y)


async def test_a_terminal_keeps_them(sit_down):
    async with sit_down("one", size=(80, 24)) as learner:
        await launched(learner)
        await learner.press("t")
        lesson = learner.screen.query_one(Lesson)
        before = lesson.scroll_offset.y
        await learner.press("pagedown", "end", "x")
        await learner.until(lambda: "x" in learner.terminal("box").text)
        assert lesson.scroll_offset.y == before
