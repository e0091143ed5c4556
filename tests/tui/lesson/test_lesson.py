"""The step as the learner reads it, on a screen too small for all of it."""

import pytest
from textual.app import App
from textual.containers import Vertical
from textual.widgets import Static

from runner.content import LABS
from runner.lab.read.workshop import read_workshop
from runner.learner.progress.state import StepState
from runner.tui.widgets.lesson.lesson import Lesson
from tests.waiting import until


class Page(App[None]):
    """A step with something beneath it that takes room."""

    CSS = "Lesson { height: 1fr; } #beneath { height: 2; }"

    def __init__(self, lab, state=None):
        super().__init__()
        self.lab, self.state = lab, state or StepState()

    def compose(self):
        with Vertical():
            yield Lesson(self.lab, self.lab.steps[0], self.state)
            yield Static(id="beneath")

    @property
    def read(self) -> list[str]:
        """The lines of the step that can be seen."""
        lesson = self.query_one(Lesson)
        return [strip.text.strip() for strip in self.screen._compositor.render_strips()][
            : lesson.region.bottom
        ]

    def shows(self, text: str) -> bool:
        """True if one of these lines has the text."""
        return any(text in line for line in self.read)


async def test_each_hint_is_in_view_as_it_is_shown(workshop):
    """All of it, and as much of what stands before it as there is room for."""
    app = Page(workshop.labs[0])
    async with app.run_test(size=(50, 10)):
        lesson = app.query_one(Lesson)
        for number, hint in enumerate(("First level", "Second level"), 1):
            lesson.scroll_home(animate=False)
            lesson.reveal(number)
            await until(lambda: app.shows(hint) and f"hint {number} of 2" in app.read[-1])  # noqa: B023


async def test_hints_that_were_shown_before_stand_in_their_order(workshop):
    app = Page(workshop.labs[0], StepState(hints=2))
    async with app.run_test(size=(50, 60)):
        await until(lambda: app.shows("First level") and app.shows("Second level"))
        hints = [line for line in app.read if " level" in line]
        assert hints == ["▌ First level", "▌ Second level"]


@pytest.mark.parametrize("hints", [0, 1])
async def test_the_task_stays_in_view_as_the_checks_grow(workshop, hints):
    """The newest hint with it; a lesson that is read somewhere else stays there."""
    app = Page(workshop.labs[0])
    async with app.run_test(size=(50, 16)) as pilot:
        lesson, beneath = app.query_one(Lesson), app.query_one("#beneath")
        lesson.reveal(hints)
        await pilot.pause()
        lesson.show_task()
        await until(lambda: f"hint {hints} of 2" in app.read[-1])
        room = lesson.size.height
        beneath.styles.height = 9
        await until(lambda: lesson.size.height < room and f"hint {hints} of 2" in app.read[-1])
        assert app.shows("First level" if hints else "Now say hello in box.")
        beneath.styles.height = 2
        lesson.scroll_home(animate=False)
        await pilot.pause()
        beneath.styles.height = 9
        await pilot.pause()
        await pilot.pause()
        assert lesson.scroll_offset.y == 0


async def test_the_task_is_in_view_though_a_file_and_the_hints_fill_the_rest():
    """A file to change stands below it, and both take more room than there is."""
    [lab] = [lab for lab in read_workshop(LABS / "seccomp").workshop.labs if lab.id == "custom"]
    app = Page(lab)
    async with app.run_test(size=(50, 30)) as pilot:
        app.query_one("#beneath").styles.height = 18
        await pilot.pause()
        app.query_one(Lesson).show_task()
        await until(lambda: app.shows("Add a rule that"))
        room = app.query_one(Lesson).size.height
        app.query_one("#beneath").styles.height = 21
        await until(lambda: app.query_one(Lesson).size.height < room and app.shows("Add a rule that"))
