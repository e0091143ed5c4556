"""The terminals of a lab: which one is in front, and which has the keys."""

import pytest
from textual.widgets import Button, Tabs

from runner.lab.model.workshop import HOST
from runner.tui.widgets.lesson.command_row import CommandRow
from runner.tui.widgets.lesson.launch_card import LaunchCard
from runner.tui.widgets.lesson.lesson import Lesson
from runner.tui.widgets.status import StatusLine
from runner.tui.widgets.terminal.tabs import Terminals
from runner.tui.widgets.terminal.terminal import Terminal
from tests.tui.in_a_lab import in_no_haste, in_the_terminal, launched


async def test_the_terminal_has_every_key_until_it_is_left(sit_down):
    async with sit_down("one") as learner:
        await in_the_terminal(learner, "echo lrchsnpq")
        terminal = learner.terminal()
        await learner.until(lambda: terminal.text.count("lrchsnpq") == 2)
        assert learner.lab().hints == 0
        await learner.press("h")
        assert learner.lab().hints == 1


async def test_a_step_brings_the_console_of_its_first_command_to_the_front(sit_down):
    async with sit_down("one") as learner:
        await launched(learner)
        await learner.press("n")
        await learner.sees("Why?")
        terminals = learner.screen.query_one(Terminals)
        await learner.until(lambda: terminals.active == "box")
        terminals.show(HOST)
        await learner.press("p")
        await learner.sees("Say it")
        await learner.until(lambda: terminals.active == "box")


async def test_a_learner_who_types_keeps_their_console(sit_down):
    """Neither a step that was entered nor a container that was launched brings another to the front."""
    async with sit_down("one") as learner:
        await launched(learner)
        terminals = learner.screen.query_one(Terminals)
        await learner.until(lambda: terminals.active == "box")
        terminals.show(HOST)
        await learner.press("t")
        for travel in (learner.screen.action_next, learner.screen.action_previous):
            learner.screen.call_later(travel)
            await in_no_haste(learner)
        await learner.sees("Say it")
        learner.screen.query_one(LaunchCard).query_one(Button).press()
        before = set(learner.engine.containers)
        await learner.until(lambda: not before & set(learner.engine.containers))
        await in_no_haste(learner)
        assert learner.app.focused is learner.terminal()
        assert terminals.active == HOST
        assert [one for one in terminals.query(Terminal) if one.display] == [learner.terminal()]


async def test_solving_shows_the_console_that_is_typed_in(sit_down):
    async with sit_down("one") as learner:
        await launched(learner)
        terminals = learner.screen.query_one(Terminals)
        shown = []
        status = learner.screen.query_one(StatusLine)
        terminals.watch(status, "profile", lambda: shown.append(terminals.active))
        await learner.press("s")
        await learner.answer("s")
        await learner.until(lambda: learner.lab().passed == {"hello", "note"})
        assert terminals.active == HOST
        assert "box" in shown


async def test_the_learners_shell_has_one_name(sit_down):
    async with sit_down("one") as learner:
        await learner.sees("your shell", "in your shell")
        await in_the_terminal(learner, "sleep 600")
        learner.screen.query(CommandRow).last().action_type()
        await learner.is_told("still runs in your shell")
        assert "host" not in learner.text


@pytest.mark.parametrize("key", ["enter", "down"])
async def test_from_the_tabs_one_goes_into_the_terminal_that_is_shown(sit_down, key):
    async with sit_down("one") as learner:
        await launched(learner)
        await learner.until(lambda: learner.terminal("box"))
        learner.screen.query_one(Tabs).focus()
        await learner.press("left", key)
        await learner.until(lambda: learner.app.focused is learner.terminal())
        await learner.press(Terminal.LEAVE_KEY)
        learner.screen.query_one(Tabs).focus()
        await learner.press("right", key)
        await learner.until(lambda: learner.app.focused is learner.terminal("box"))


async def test_one_key_back_from_the_terminal_leads_to_the_lesson(sit_down):
    """However many tabs are before it, and from a terminal that has the whole screen too."""
    async with sit_down("one") as learner:
        await launched(learner)
        lesson = learner.screen.query_one(Lesson)
        await learner.press("t", Terminal.LEAVE_KEY)
        assert lesson.has_focus
        await learner.press("f", "t", Terminal.LEAVE_KEY)
        assert lesson.has_focus
        assert lesson.region.height


async def test_a_key_shows_the_next_terminal(sit_down):
    async with sit_down("one") as learner:
        await launched(learner)
        terminals = learner.screen.query_one(Terminals)
        await learner.until(lambda: terminals.active == "box")
        await learner.press("T")
        await learner.until(lambda: terminals.active == HOST)
        assert learner.terminal().display
        await learner.press("T", "t")
        assert learner.app.focused is learner.terminal("box")


async def test_the_terminal_can_have_the_whole_screen(sit_down):
    async with sit_down("one") as learner:
        terminal = learner.terminal()
        narrow = terminal.size.width
        for _ in range(2):
            await learner.press("f")
            await learner.until(lambda: terminal.size.width > narrow)
            await learner.press("f")
            await learner.until(lambda: terminal.size.width == narrow)
        await learner.press("f")
        await in_the_terminal(learner, "echo f")
        await learner.until(lambda: terminal.size.width == narrow)
        assert "echo f" in terminal.text


async def test_copying_gives_the_keys_back_to_the_lesson(sit_down):
    """The next keys would be typed into the shell."""
    async with sit_down("one") as learner:
        lesson = learner.app.focused
        await learner.press("v")
        await learner.until(lambda: learner.terminal().copying)
        await learner.press("escape")
        await learner.until(lambda: learner.app.focused is lesson)
        await learner.press("t", "shift+up")
        await learner.until(lambda: learner.terminal().copying)
        await learner.press("escape")
        await learner.until(lambda: not learner.terminal().copying)
        assert learner.app.focused is learner.terminal()
