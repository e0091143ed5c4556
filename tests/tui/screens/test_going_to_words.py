"""A search leads to the words that were found, also where the step is long."""

from dataclasses import replace

import pytest
from textual.geometry import Region
from textual.widgets import Static

from runner.lab.model.prose import Prose
from runner.lab.model.workshop import Lab, Workshop
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.screens.search import SearchScreen
from runner.tui.widgets.lesson.command_row import CommandRow, RowState
from runner.tui.widgets.lesson.lesson import Lesson
from runner.tui.widgets.terminal.terminal import Terminal

LONG = "\n\n".join(f"Line {number} of many." for number in range(60))
MORE = """

- An item of a list.

| Head | Other |
|---|---|
| A cell | of a table |
"""


@pytest.fixture
def workshop(workshop: Workshop) -> Workshop:
    def lengthened(lab: Lab) -> Lab:
        first, *others = lab.steps
        prose = Prose(f"{LONG}\n\nA hidden Überraschung of {lab.id}.\n\n{LONG}{MORE}", first.span)
        return replace(lab, steps=(replace(first, blocks=(prose, *first.blocks)), *others))

    return replace(workshop, labs=tuple(lengthened(lab) for lab in workshop.labs))


async def test_in_the_step_that_is_shown_in_another_and_in_another_lab(sit_down):
    async with sit_down("one", size=(100, 30)) as learner:
        assert "hidden" not in learner.text
        await learner.press("slash", *"uberraschung", "enter")
        await learner.sees("A hidden Überraschung of one.")
        await learner.press("n")
        await learner.sees("Step 2 of 2")
        await learner.press("slash", *"uberraschung", "enter")
        await learner.sees("A hidden Überraschung of one.")
        await learner.press("slash", *"uberraschung", "down", "enter")
        await learner.sees("A hidden Überraschung of two.")


async def test_words_of_a_title_lead_to_its_beginning(sit_down):
    async with sit_down("one", size=(100, 30)) as learner:
        for key, gone in (("end", "Line 0 of many."), ("n", "Step 1 of 2")):
            await learner.press(key)
            await learner.until(lambda gone=gone: gone not in learner.text)
            await learner.press("slash", *"say it", "enter")
            await learner.sees("Step 1 of 2", "Line 0 of many.")


def marked(learner) -> list[str]:
    """The texts in the lesson that are shown in reverse."""
    lesson = learner.screen.query_one(Lesson)
    return [
        segment.text
        for text in lesson.query(Static)
        for strip in text.render_lines(Region(0, 0, *text.size))
        for segment in strip
        if segment.style and segment.style.reverse
    ]


async def test_the_words_are_marked_until_the_learner_does_something_else_than_read_on(sit_down):
    """In prose, a list item, a table and a command; the rest stays as it is."""
    async with sit_down("one", size=(80, 24)) as learner:
        await learner.press("slash", *"uberraschung", "enter")
        await learner.sees("A hidden Überraschung of one.")
        await learner.until(lambda: marked(learner) == ["Überraschung"])
        await learner.press("down", "pagedown", "up")
        assert marked(learner) == ["Überraschung"]
        await learner.press("slash", *"item cell", "enter")
        await learner.until(lambda: marked(learner) == ["item", "cell"])
        await learner.press("slash", *"echo two", "enter")
        await learner.until(lambda: {"echo", "two"} <= {*marked(learner)})
        before = learner.screen.query(CommandRow)[1].render_line(0).text
        await learner.press("slash")
        await learner.until(lambda: isinstance(learner.screen, SearchScreen))
        await learner.press("escape")
        await learner.until(lambda: isinstance(learner.screen, LabScreen))
        assert marked(learner) == []
        assert learner.screen.query(CommandRow)[1].render_line(0).text == before


async def test_nor_are_they_once_the_learner_turns_to_the_terminal(sit_down):
    """A click leads there, and a terminal takes each key."""
    async with sit_down("one", size=(120, 40)) as learner:
        await learner.press("slash", *"uberraschung", "enter")
        await learner.until(lambda: marked(learner) == ["Überraschung"])
        await learner.pilot.click(Terminal)
        await learner.until(lambda: marked(learner) == [])


async def test_the_words_of_another_lab_are_marked_too(sit_down):
    async with sit_down("one", size=(80, 24)) as learner:
        await learner.press("slash", *"uberraschung", "down", "enter")
        await learner.sees("A hidden Überraschung of two.")
        await learner.until(lambda: marked(learner) == ["Überraschung"])


async def test_a_text_that_shows_something_new_stays_so_without_the_marks(sit_down):
    async with sit_down("one", size=(80, 24)) as learner:
        await learner.press("slash", *"echo two", "enter")
        await learner.until(lambda: "two" in marked(learner))
        row = learner.screen.query(CommandRow)[1]
        learner.screen.query_one(Lesson).show_outcome(row.command, None)
        await learner.press("escape")
        assert marked(learner) == []
        assert row.render_line(0).text.startswith(RowState.DIFFERENT.value.symbol)
