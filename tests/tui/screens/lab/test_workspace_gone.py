"""A workspace removed under the learner: the app reports it, and offers a way on."""

import shutil

import pytest

from runner.tui.screens.editor import EditorScreen
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.widgets.json_area import JsonArea
from runner.tui.widgets.status import StatusLine
from runner.tui.widgets.terminal.tabs import Terminals
from tests.tui.in_a_lab import in_the_terminal


async def removed(learner):
    """Remove the whole workspace; where it was."""
    root = learner.screen._controller.session.workspace.root
    shutil.rmtree(root.parent)
    return root


@pytest.mark.parametrize("key", ["x", "X"])
async def test_beginning_again_makes_it_anew(sit_down, key):
    async with sit_down("one") as learner:
        root = await removed(learner)
        await learner.press(key, "y")
        await learner.until((root / "profiles" / "allow.json").exists)
        await learner.until(lambda: not learner.screen.query_one(StatusLine).busy)
        await in_the_terminal(learner, "touch note")
        await learner.sees("✓ There is a note")
        assert "opening" not in learner.text


async def test_going_on_to_the_next_step_makes_it_anew(sit_down):
    async with sit_down("one") as learner:
        root = await removed(learner)
        await learner.press("n")
        await learner.sees("Why?")
        await learner.until((root / "profiles" / "mine.json").exists)
        await learner.is_told("was gone")


async def test_a_command_in_it_makes_it_anew(sit_down):
    async with sit_down("one") as learner:
        root = learner.screen._controller.session.workspace.root
        await in_the_terminal(learner, 'rm -r "$PWD"')
        await learner.is_told("was gone")
        assert (root / "profiles" / "allow.json").exists()
        await in_the_terminal(learner, "touch note")
        await learner.sees("✓ There is a note")


async def test_the_editor_has_the_file_of_the_lesson(sit_down):
    async with sit_down("one") as learner:
        await learner.press("n")
        await learner.sees("Why?")
        await removed(learner)
        await learner.press("e")
        await learner.until(lambda: isinstance(learner.screen, EditorScreen))
        assert "SCMP_ACT_ALLOW" in learner.screen.query_one(JsonArea).text


@pytest.mark.parametrize("key", ["s", "S", "r", "c", "l", "e", "y"])
async def test_no_key_ends_the_app(sit_down, key):
    async with sit_down("one") as learner:
        await removed(learner)
        await learner.press(key)
        if key == "s":
            await learner.answer(key)
        lab = next(screen for screen in learner.app.screen_stack if isinstance(screen, LabScreen))
        status = lab.query_one(StatusLine)
        await learner.until(lambda: not status.busy)
        await learner.press("escape")
        await learner.press("n")
        await learner.until(lambda: learner.lab().step == "think")


async def test_a_shell_that_cannot_be_opened_says_so_where_it_would_be(sit_down):
    """Instead of the earlier waiting text; and a key tries again."""
    async with sit_down("one") as learner:
        root = await removed(learner)
        root.parent.parent.chmod(0o500)
        root.parent.write_text("a file where the folder was")
        await learner.press("x", "y")
        await learner.sees("opens it")
        assert "opening" not in learner.text
        root.parent.unlink()
        await learner.press("t")
        await learner.until(lambda: learner.terminal() is not None)
        assert learner.screen.query_one(Terminals).has_focus_within
