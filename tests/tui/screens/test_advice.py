"""The advice of a failing check can be read in full, however little room there is."""

import re

import pytest

from runner.check.outcome import Failed
from runner.tui.screens.advice import AdviceScreen
from runner.tui.widgets.lesson.checks import CheckRow, Checks
from runner.tui.widgets.lesson.lesson import Lesson
from runner.tui.widgets.terminal.terminal import Terminal
from tests.tui.in_a_lab import in_the_terminal, launched

ADVICE = "That is what one says at the end."


async def failed(learner) -> None:
    await launched(learner)
    await in_the_terminal(learner, "echo goodbye")
    await learner.until(lambda: any(row.outcome for row in learner.screen.query(CheckRow)))


@pytest.mark.parametrize("size", [(80, 24), (120, 30)])
async def test_it_is_seen_as_soon_as_the_check_fails(sit_down, size):
    async with sit_down("one", size=size) as learner:
        await failed(learner)
        await learner.sees(ADVICE)


@pytest.mark.parametrize("size", [(80, 24), (40, 14), (20, 5)])
async def test_a_key_shows_all_that_is_said(sit_down, size):
    async with sit_down("one", size=size) as learner:
        await failed(learner)
        await learner.press("c")
        await learner.until(lambda: all(row.outcome for row in learner.screen.query(CheckRow)))
        await learner.press("a")
        assert isinstance(learner.screen, AdviceScreen)
        missing = {"somebody", "said", "hello", "goodbye", "note", "exists"}

        def all_seen():
            missing.difference_update(re.findall(r"[a-z]+", learner.text.lower()))
            return not missing

        await learner.press_until("down", all_seen)
        await learner.press("escape", "h")
        assert learner.lab().hints == 1


async def test_the_panel_says_which_key_that_is_where_it_hides_something(sit_down):
    async with sit_down("one", size=(80, 24)) as learner:
        await failed(learner)
        await learner.press("c")
        await learner.sees("a shows all")


async def test_a_long_advice_can_be_scrolled_to_in_the_panel(sit_down):
    async with sit_down("one", size=(80, 24)) as learner:
        checks = learner.screen.query_one(Checks)
        row = learner.screen.query(CheckRow).first()
        advice = "word " * 100 + "the end"
        checks.judge(row.check, Failed(expected="", actual="x", at=row.check.span, hint=advice))
        checks.focus()
        await learner.press_until("down", lambda: "the end" in learner.text)


async def test_no_regular_expression_is_shown(sit_down):
    async with sit_down("one") as learner:
        await launched(learner)
        await in_the_terminal(learner, "echo else")
        await learner.sees("✗ Somebody said hello", "seen: else")
        assert "^hello$" not in learner.text
        assert "wanted" not in learner.text


async def test_the_task_stays_in_view_when_the_checks_take_more_room(sit_down):
    async with sit_down("one", size=(80, 40)) as learner:
        lesson = learner.screen.query_one(Lesson)
        lesson.scroll_end(animate=False)
        await learner.sees("Now say hello in box.")
        before = lesson.size.height
        row = learner.screen.query(CheckRow).first()
        learner.screen.query_one(Checks).judge(
            row.check, Failed(expected="", actual="x", at=row.check.span, hint=ADVICE)
        )
        await learner.until(lambda: lesson.size.height < before)
        await learner.sees("→ Think")


async def test_the_terminal_can_be_typed_into_meanwhile(sit_down):
    async with sit_down("one", size=(80, 24)) as learner:
        await failed(learner)
        await learner.press("t")
        await learner.type("echo hello")
        await learner.sees("✓ Somebody said hello")
        assert isinstance(learner.app.focused, Terminal)
