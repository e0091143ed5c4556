"""A key that was meant for something else answers no question, and does nothing below a dialog that has closed."""

import threading
import time

import pytest
from textual import events

from runner.tui.gate import PAUSE
from runner.tui.internals.key_order import SPENT, KeyOrderApp
from runner.tui.screens.dialog import Dialog
from runner.tui.screens.editor import EditorScreen
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.screens.question import Question
from runner.tui.screens.summary import SummaryScreen
from runner.tui.screens.typing_line import TypingLine
from runner.tui.widgets.json_area import JsonArea
from tests.tui.screens.test_editor import MINE, drafted, drafts, opened


@pytest.mark.parametrize("key", ["y", "n", "enter", "escape"])
async def test_the_engine_that_went_away_is_asked_about_and_typing_is_no_answer(sit_down, key):
    async with sit_down("one") as learner:
        learner.engine.dead.set()
        learner.screen.action_check()
        await learner.sees("The engine went away", "Try again")
        await learner.is_too_early_with(key, key)
        await learner.answer("n")
        await learner.sees("t looks for one again")


@pytest.mark.parametrize("key", ["n", "enter", "escape"])
async def test_a_question_that_waited_for_its_turn_comes_up_to_somebody_who_may_be_typing(
    sit_down, engine, monkeypatch, key
):
    """Asked at once, it needs a pause only before the key that has asked for it."""
    may_go_on, start = threading.Event(), type(engine).start

    def slowly(*arguments, **options):
        may_go_on.wait(60)
        return start(*arguments, **options)

    monkeypatch.setattr(type(engine), "start", slowly)
    async with sit_down("one") as learner:
        await learner.press("l")
        # After a pause: at once, it would be `ls`.
        await learner.answer("s")
        assert isinstance(learner.screen, LabScreen)
        may_go_on.set()
        await learner.sees("Solve this step?")
        await learner.is_too_early_with(key)
        await learner.answer("n")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))
        await learner.press("s")
        await learner.sees("Solve this step?")
        await learner.hastily("n")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))
        assert not learner.lab().of("say-it").solved


@pytest.mark.parametrize("key", ["y", "enter", "escape"])
async def test_a_question_that_comes_back_from_below_another_screen_needs_a_pause_again(sit_down, key):
    """What was over it had keys of its own."""
    async with sit_down("one") as learner:
        learner.engine.dead.set()
        learner.screen.action_check()
        await learner.sees("The engine went away", "Try again")
        question = learner.screen
        # A pause, which opens its gate, and no answer.
        await learner.answer("right")
        await learner.until(lambda: learner.app.settled)
        over = Question("Sure?", "")
        await learner.app.push_screen(over)
        over.dismiss(False)
        await learner.until(lambda: learner.screen is question)
        await learner.is_too_early_with(key)


@pytest.mark.parametrize("key", ["d", "t", "enter", "escape"])
async def test_a_draft_is_not_decided_about_by_what_is_typed_into_the_file(sit_down, key):
    async with sit_down("one") as learner:
        await drafted(learner, await opened(learner), "{}")
        await learner.press("escape", "d")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))
        await learner.press("e")
        await learner.sees("There is a draft")
        assert isinstance(learner.screen, Dialog)
        await learner.is_too_early_with(key)
        learner.screen.dismiss(None)
        await learner.until(lambda: isinstance(learner.screen, LabScreen))


async def test_one_key_pressed_twice_solves_nothing(sit_down):
    async with sit_down("one") as learner:
        await learner.press("s")
        await learner.hastily("s")
        await learner.sees("Solve this step?", "too soon")
        await learner.press("n")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))
        assert not learner.lab().of("say-it").solved


async def test_the_key_that_closes_a_dialog_does_nothing_below_it(sit_down):
    """`q` would leave the lab, and take the containers with it."""
    async with sit_down("one") as learner:
        lab = learner.screen
        await learner.press("a")
        await learner.sees("The checks of this step")
        await learner.press("q")
        await learner.until(lambda: learner.screen is lab)
        await learner.hastily("q", "q")
        await learner.press("h")
        await learner.until(lambda: learner.lab().hints == 1)
        assert learner.screen is lab
        await learner.answer("q")
        await learner.is_at_the_labs()


async def test_escape_twice_closes_two_dialogs(sit_down):
    async with sit_down("one") as learner:
        lab = learner.screen
        for _ in range(2):
            learner.app.push_screen(Question("Sure?", ""))
        learner.at_once("<escape>", "<escape>")
        await learner.until(lambda: learner.screen is lab)


def test_a_key_that_has_closed_a_dialog_is_held_back_for_a_moment():
    """However often it is pressed."""
    app = KeyOrderApp()
    app._spent = "q", 10.0
    spent = []
    for number in range(8):
        pressed = events.Key("q", "q")
        pressed.time = 10.0 + number * SPENT / 2
        spent.append(app._is_spent(pressed))
    assert spent == [True, True, *[False] * 6]


async def test_the_way_out_comes_back_after_a_key_that_came_too_soon(sit_down, monkeypatch):
    monkeypatch.setattr("runner.tui.boxed.TOLD_SECONDS", 0.05)
    async with sit_down("one") as learner:
        await learner.app.push_screen(TypingLine("ls", "box"))
        learner.screen.say_too_soon()
        learner.screen.say_too_soon()
        box = learner.screen.query_one("#box")
        assert "too soon" in box.border_subtitle
        await learner.until(lambda: "no, these were keys" in box.border_subtitle)


async def test_text_that_goes_on_is_no_pause_before_enter(sit_down):
    async with sit_down("one") as learner:
        await learner.app.push_screen(TypingLine("l", "box"))
        line = learner.screen
        begun = time.monotonic()
        for number in range(1, 9):
            pressed = events.Key("s", "s") if number < 8 else events.Key("enter", None)
            pressed.time = begun + number * PAUSE / 2
            learner.app.post_message(pressed)
        await learner.sees("too soon")
        assert learner.screen is line


async def test_saving_leads_to_nothing_else(sit_down):
    """One key too many after the editor's question acts on no step."""
    async with sit_down("one") as learner:
        area = await opened(learner)
        kept = drafts(learner)
        area.text = "{}"
        await learner.until(lambda: kept.find(MINE) is not None)
        await learner.press("escape")
        await learner.sees("Save your changes?")
        await learner.press("y")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))
        assert not kept.names
        # In the lab it would ask about a system call.
        await learner.hastily("y", "y")
        await learner.press("e")
        await learner.until(lambda: isinstance(learner.screen, EditorScreen))
        await learner.until(lambda: learner.screen.query_one(JsonArea).text == "{}")


async def test_the_end_of_a_skipped_lab_is_left_by_no_key_for_the_lesson(sit_down):
    async with sit_down("one") as learner:
        await learner.press("n")
        await learner.sees("Why?")
        await learner.press("S")
        await learner.until(lambda: isinstance(learner.screen, SummaryScreen))
        await learner.hastily("n", "enter", "q", "escape")
        assert isinstance(learner.screen, SummaryScreen)
        await learner.answer("b")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))


async def test_q_closes_a_question_as_escape_does(sit_down):
    async with sit_down("one") as learner:
        await learner.press("s")
        await learner.sees("Solve this step?")
        await learner.answer("q")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))
        assert not learner.lab().of("say-it").solved
