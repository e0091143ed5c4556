"""The help has every key and every mark, and shows them also on a small screen."""

import importlib
import pkgutil

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

import runner.tui
from runner.language import use
from runner.tui import marks
from runner.tui.app import WorkshopApp
from runner.tui.keys import legend
from runner.tui.keys.names import key_name
from runner.tui.widgets.terminal.copy_mode import COPY_KEYS, CopyModeTerminal


def bindings() -> list[tuple[type, Binding]]:
    """Every binding of the app's own classes."""
    for module in pkgutil.walk_packages(runner.tui.__path__, "runner.tui."):
        importlib.import_module(module.name)
    found, classes = [], [DOMNode]
    while classes:
        cls = classes.pop()
        classes += cls.__subclasses__()
        if cls.__module__.startswith("runner.tui"):
            declared = Binding.make_bindings(vars(cls).get("BINDINGS", ()))
            found += ((cls, binding) for binding in declared)
    return [*found, *((CopyModeTerminal, binding) for binding in Binding.make_bindings(COPY_KEYS))]


async def help_rows(learner) -> set[tuple[str, str]]:
    """Each key of the help with what it does."""
    listed = {
        (name, row.does)
        for _, _, rows in learner.screen._sections()
        for row in rows
        for name in row.keys.split("  ")
    }
    for _, _, rows in learner.screen._sections():
        assert all(row.does for row in rows), rows
    return listed


async def test_every_key_is_in_the_help(sit_down):
    async with sit_down("one") as learner:
        await learner.press("question_mark")
        rows = await help_rows(learner)
        missing = [
            (cls, binding)
            for cls, binding in bindings()
            if (key_name(binding.key), legend.does(binding, cls, WorkshopApp)) not in rows
        ]
        assert missing == []
        # What Textual binds by itself.
        assert {"Ctrl+Q", "Ctrl+P", "Ctrl+T", "Tab", "Shift+Tab", "PgUp"} <= {key for key, _ in rows}
        # Textual's own words are for those who program with it: an action's markup, or a title such as "Page Up".
        said = {does for _, does in rows}
        assert not {text for text in said if "`" in text or "[" in text or (" " in text and text.istitle())}
        use("es")
        try:
            assert not said & {does for _, does in await help_rows(learner)}
        finally:
            use("")


async def test_the_help_begins_with_what_is_shown(sit_down):
    async with sit_down("one", size=(80, 24)) as learner:
        await learner.press("question_mark")
        await learner.sees("In a lab", "Launch the next container", "m shows the marks")
        await learner.press("escape", "q")
        await learner.is_at_the_labs()
        await learner.press("question_mark")
        await learner.sees("In the list of labs", "Open what is highlighted")


async def test_the_marks_are_explained(sit_down):
    async with sit_down("one", size=(80, 24)) as learner:
        await learner.press("question_mark", "m")
        await learner.sees("A check", "holds; until all of them do, a later change can undo it")


def test_no_mark_is_left_out_and_none_is_known_by_its_colour_alone():
    explained = {mark for _, shown in marks.LEGEND for mark in shown}
    assert explained == set(marks.marks())
    for _, shown in marks.LEGEND:
        assert len({mark.symbol for mark in shown}) == len(shown)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("ctrl+s", "Ctrl+S"),
        ("shift+pageup", "Shift+PgUp"),
        ("question_mark", "?"),
        ("X", "X"),
        ("x", "x"),
        ("f2", "F2"),
        ("+", "+"),
        ("up", "↑"),
    ],
)
def test_keys_have_the_names_on_keyboards(key, name):
    assert key_name(key) == name
