"""The step as the learner reads it, on a screen too small for all of it."""

import pytest
from textual.app import App
from textual.containers import Vertical
from textual.widgets import Static

from runner.content import LABS
from runner.lab.read.workshop import read_workshop
from runner.learner.progress.state import StepState
from runner.tui.widgets.lesson.lesson import Lesson
from tests.tui.in_a_lab import in_no_haste
from tests.waiting import patience, until


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


async def test_a_hint_is_in_view_however_late_it_is_laid_out(workshop):
    app = Page(workshop.labs[0])
    async with app.run_test(size=(50, 10)) as pilot:
        await pilot.pause()
        lesson = app.query_one(Lesson)
        lesson.scroll_home(animate=False)
        await pilot.pause()
        with app.batch_update():
            lesson.reveal(1)
            await pilot.pause()
            assert not app.shows("First level")
        async with patience():
            while not (app.shows("First level") and "hint 1 of 2" in app.read[-1]):
                await pilot.pause(0.01)


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
        lesson.read("home")
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


@pytest.mark.parametrize("size", [(200, 50), (80, 50)], ids=["wider and taller", "taller"])
@pytest.mark.parametrize("where", ["home", "down"])
async def test_the_place_stays_the_same_in_a_window_of_another_size(sit_down, where, size):
    """Also where all of the step is shown meanwhile, and its task with it."""
    async with sit_down("one", size=(80, 24)) as learner:
        lesson = learner.screen.query_one(Lesson)
        await learner.until(lambda: lesson.max_scroll_y > 4)
        lesson.read("home")
        if where == "down":
            lesson.scroll_to(y=4, animate=False)
        place = 0 if where == "home" else 4
        await learner.until(lambda: lesson.scroll_offset.y == place)
        small = lesson.size
        await learner.pilot.resize_terminal(*size)
        await learner.until(lambda: lesson.size.height > small.height)
        await learner.pilot.pause()
        await learner.pilot.resize_terminal(80, 24)
        await learner.until(lambda: lesson.size == small and lesson.max_scroll_y > 4)
        await in_no_haste(learner)
        await learner.pilot.pause()
        assert lesson.scroll_offset.y == place


async def test_what_is_at_the_top_stays_there_in_a_narrower_window():
    [lab] = [lab for lab in read_workshop(LABS / "seccomp").workshop.labs if lab.id == "custom"]
    app = Page(lab)
    async with app.run_test(size=(90, 8)) as pilot:
        lesson = app.query_one(Lesson)
        await until(lambda: lesson.max_scroll_y > 8)
        top = lesson.children[3]
        lesson.scroll_to(y=top.virtual_region.y, animate=False)
        await until(lambda: lesson.scroll_offset.y == top.virtual_region.y > 0)
        before = lesson.scroll_offset.y
        await pilot.resize_terminal(40, 8)
        await until(lambda: lesson.scroll_offset.y == top.virtual_region.y > before)
