"""Keys typed in one go have the same effect as keys typed slowly."""

from pathlib import Path

import pytest

from runner.content import LABS
from runner.terminal.emulator import Modes
from runner.tui.internals.escape import EscapeParser
from runner.tui.screens.editor import EditorScreen
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.screens.picker import PickerScreen
from runner.tui.screens.question import Question
from runner.tui.screens.summary import SummaryScreen
from runner.tui.widgets.json_area import JsonArea
from runner.tui.widgets.lesson.command_row import CommandRow, RowState
from runner.tui.widgets.terminal.keys import encode_key
from runner.tui.widgets.terminal.terminal import Terminal
from tests.tui.driver import Driver

ALL_KEYS = "lrchsnpxXSqty"
"""Text that does something on the lab screen, letter by letter."""


async def test_text_typed_right_after_the_editors_key_is_in_the_editor(sit_down):
    async with sit_down("one") as learner:
        learner.at_once("n", "e", ALL_KEYS)
        await learner.until(lambda: isinstance(learner.screen, EditorScreen))
        await learner.until(lambda: any(ALL_KEYS in area.text for area in learner.screen.query(JsonArea)))
        assert learner.screen.query_one(JsonArea).text.startswith(f'{ALL_KEYS}{{"defaultAction"')
        assert learner.lab().hints == 0
        assert learner.lab().step == "think"


async def test_text_saved_and_left_at_once_is_in_the_file(sit_down):
    async with sit_down("one") as learner:
        learner.at_once("ne", "some text ", "<ctrl+s>", "<escape>", "p", "h")
        await learner.until(lambda: learner.lab().hints == 1)
        assert learner.lab().step == "say-it"
        assert isinstance(learner.screen, LabScreen)
        learner.at_once("n", "t", "head -c9 profiles/mine.json", "<enter>")
        await learner.until(lambda: learner.terminal() and "some text" in learner.terminal().text)


@pytest.mark.parametrize(("answer", "kept"), [("y", "new {"), ("t", "{")])
async def test_the_question_about_changes_gets_the_answer(sit_down, answer, kept):
    """The key after it goes to the lab again."""
    async with sit_down("one") as learner:
        learner.at_once("ne", "new ", "<escape>", answer, "p", "h")
        await learner.until(lambda: learner.lab().hints == 1)
        learner.at_once("ne")
        await learner.until(lambda: any(area.text for area in learner.screen.query(JsonArea)))
        assert learner.screen.query_one(JsonArea).text.startswith(kept)


@pytest.mark.parametrize("key", ["y", "?"])
async def test_after_a_closed_dialog_the_next_key_is_the_labs(sit_down, key):
    async with sit_down("one") as learner:
        learner.at_once(key, "<escape>", "h")
        await learner.until(lambda: learner.lab().hints == 1)
        assert isinstance(learner.screen, LabScreen)


async def test_a_call_typed_right_after_the_key_is_explained(sit_down):
    async with sit_down("one") as learner:
        learner.at_once("y", "chmod", "<enter>")
        await learner.sees("profiles/allow.json")
        assert learner.lab().hints == 0


@pytest.mark.parametrize("key", ["x", "X"])
async def test_a_question_gets_the_key_after_the_one_that_asks_it(sit_down, key):
    """No means that nothing is begun again, and the key after it is the lab's."""
    async with sit_down("one") as learner:
        learner.at_once("h", key, "n", "h")
        await learner.until(lambda: learner.lab().hints == 2)
        assert isinstance(learner.screen, LabScreen)
        assert learner.lab().step == "say-it"


async def test_a_question_is_asked_at_once_though_the_lab_is_at_work(sit_down):
    """It does not come up later, over something else."""
    async with sit_down("one") as learner:
        learner.at_once("t", "sleep 600", "<enter>", f"<{Terminal.LEAVE_KEY}>", "s")
        await learner.sees("Solve this step?")
        await learner.answer("s")
        await learner.sees("solving")
        await learner.press("x")
        assert isinstance(learner.screen, Question)


async def test_commands_are_typed_in_the_order_of_the_keys(sit_down):
    async with sit_down("one") as learner:
        learner.at_once("lrrr")
        rows = list(learner.screen.query(CommandRow))
        await learner.until(lambda: all(row.state is RowState.AS_SHOWN for row in rows))
        assert len(rows) == 3


async def test_the_terminal_gets_what_follows_its_key(sit_down):
    async with sit_down("one") as learner:
        learner.at_once("t", f"echo {ALL_KEYS}", "<enter>", f"<{Terminal.LEAVE_KEY}>", "h")
        await learner.until(lambda: learner.terminal().text.count(ALL_KEYS) == 2)
        await learner.until(lambda: learner.lab().hints == 1)


async def test_from_the_last_step_to_the_next_lab_and_back_to_the_labs(sit_down):
    async with sit_down("one") as learner:
        learner.at_once("n", "n")
        await learner.until(lambda: isinstance(learner.screen, SummaryScreen))
        await learner.answer("n")
        learner.at_once("h")
        await learner.until(lambda: learner.lab("two").hints == 1)
        assert learner.lab("one").hints == 0
        learner.at_once("q")
        await learner.until(lambda: isinstance(learner.screen, PickerScreen))


async def test_labs_are_left_and_entered_at_once(sit_down):
    """Leaving does not wait for the engine; entering the same lab again finds it free."""
    async with sit_down() as learner:
        await learner.sees("1. The first lab")
        learner.at_once("<enter>", "h", "q", "<down>", "<enter>", "hh", "q", "<up>", "<enter>")
        await learner.until(lambda: (learner.lab("one").hints, learner.lab("two").hints) == (1, 2))
        await learner.until(lambda: learner.journal.progress.current == ("tiny", "one"))
        await learner.until(lambda: learner.terminal() is not None)
        assert not any("open in another terminal" in said for said in learner.told)


def test_escape_and_a_key_in_one_go_are_two_keys(tmp_path: Path):
    """The bytes are those of the key with Alt: Escape closes the help, and the key after it quits."""
    app = Driver("run", str(LABS / "seccomp"), environment={"XDG_STATE_HOME": str(tmp_path)})
    try:
        app.wait_for("Quit")
        app.press("?")
        app.wait_for("Esc closes")
        app.press("\x1bq")
        app.wait_for_end()
    finally:
        app.close()


@pytest.mark.parametrize("typed", [":wq", ".", "qa", "\r", "\t", "\x13", "12G", "é", "a" * 100, "O", "["])
def test_no_escape_is_lost(typed, monkeypatch):
    """A program in a terminal gets exactly the typed bytes."""
    monkeypatch.setattr("textual.constants.ESCAPE_DELAY", 0)
    parser = EscapeParser()
    keys = [*parser.feed(f"\x1b{typed}"), *parser.tick()]
    assert b"".join(encode_key(key.key, key.character, Modes()) for key in keys) == f"\x1b{typed}".encode()


@pytest.mark.parametrize(("typed", "key"), [("\x1b[A", "up"), ("\x1bOP", "f1"), ("\x1b[1;5C", "ctrl+right")])
def test_a_key_that_is_a_sequence_is_one_key(typed, key):
    assert [event.key for event in EscapeParser().feed(typed)] == [key]
