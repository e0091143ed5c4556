"""Texts of learners, labs and engines are shown as they are: none is markup, and no file ends the app."""

import os
from dataclasses import replace

import pytest
from textual.content import Content
from textual.widgets import Input, Select

from runner.check.outcome import Failed
from runner.lab.model.span import Span
from runner.tui.screens.editor import EditorScreen
from runner.tui.widgets.lesson.command_row import CommandRow

BRACKETS = "socket [AF_INET] [/red] [b]bold[/b]"


async def asked(learner, call: str) -> None:
    await learner.press("y")
    await learner.type(call)


async def edited(learner) -> None:
    await learner.press("n")
    await learner.sees("Why?")
    await learner.press("e")
    await learner.until(lambda: isinstance(learner.screen, EditorScreen))


async def test_brackets_of_a_call_are_shown_where_it_is_explained(sit_down):
    async with sit_down("one") as learner:
        await asked(learner, "socket [AF_INET]")
        await learner.sees("[AF_INET]")


async def test_brackets_of_a_call_are_shown_in_the_editor(sit_down):
    async with sit_down("one") as learner:
        await edited(learner)
        await learner.press("f2")
        await learner.type("nosuch[AF_INET]")
        await learner.sees("'nosuch[AF_INET]'")


async def test_brackets_of_a_message_are_shown(sit_down):
    async with sit_down("one", toasts=True) as learner:
        for notify in (learner.app.notify, learner.screen.notify):
            notify(BRACKETS, title="[title]")
        await learner.sees("[AF_INET]", "[/red]", "[title]")


async def test_brackets_of_an_outcome_are_in_the_tooltip(sit_down):
    async with sit_down("one") as learner:
        row = learner.screen.query(CommandRow).first()
        outcome = Failed(expected=BRACKETS, actual="[x", at=Span("lab", 1, 1))
        learner.screen._panes.lesson.show_outcome(row.command, outcome)
        assert isinstance(row.tooltip, Content)
        assert BRACKETS in row.tooltip.plain


async def test_a_name_with_brackets_or_bytes_that_are_no_text_is_a_file_like_others(sit_down):
    async with sit_down("one") as learner:
        root = learner.screen._controller.session.workspace.root
        (root / "[a].json").write_text("{}")
        (root / os.fsdecode(b"\xff.json")).write_text("{}")
        await edited(learner)
        await learner.press("ctrl+o")
        await learner.sees("[a].json", "?.json")
        select = learner.screen.query_one(Select)
        await learner.press("escape")
        for name in ("[a].json", os.fsdecode(b"\xff.json")):
            select.value = name
            await learner.until(lambda: learner.screen._area.text == "{}")
            await learner.press("ctrl+s")
        await learner.sees("Saved ?.json")
        await learner.press("escape")
        await asked(learner, "chmod")
        await learner.sees("[a].json", "?.json")


@pytest.mark.parametrize("target", ["/etc/passwd", "round.json", "nowhere", "/"])
async def test_a_link_in_the_workspace_ends_nothing(sit_down, target):
    """One that leads outside is refused with a reason; one that leads nowhere is no file."""
    async with sit_down("one") as learner:
        root = learner.screen._controller.session.workspace.root
        await learner.press("n")
        await learner.sees("Why?")
        (root / "profiles" / "mine.json").unlink()
        for name in ("round.json", "profiles/mine.json"):
            (root / name).symlink_to(target)
        await learner.press("e")
        await learner.until(lambda: isinstance(learner.screen, EditorScreen))
        if target == "/etc/passwd":
            learner.screen.query_one(Select).value = "round.json"
            await learner.is_told("outside the workspace")
            await learner.press("ctrl+s")
        assert not learner.screen._area.text.startswith("root:")
        await learner.press("escape")
        await asked(learner, "chmod")
        await learner.sees("profiles/allow.json")
        await learner.press("escape", "p")
        await learner.sees("Say it")


@pytest.mark.parametrize("kernel", ["", "6", "unknown", "6.x"])
@pytest.mark.parametrize("arch", ["amd64", ""])
async def test_an_engine_that_says_little_of_itself_is_good_enough(sit_down, engine, kernel, arch):
    engine.info = replace(engine.info, kernel=kernel, arch=arch)
    async with sit_down("one") as learner:
        await asked(learner, "chmod")
        await learner.sees("profiles/allow.json" if arch else "unknown architecture")
        await learner.press("escape")
        await edited(learner)
        learner.screen.query_one(Input).value = "chmod"
        await learner.press("f2", "enter")
        await learner.sees("chmod(" if arch else "unknown architecture")
