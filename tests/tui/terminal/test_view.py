"""A terminal's content follows its place on the screen, even when Textual sends no event for it."""

from contextlib import asynccontextmanager

from textual.app import App
from textual.containers import VerticalScroll
from textual.widgets import Static

from runner.terminal.ghostty import GhosttyEmulator
from runner.tui.widgets.terminal.terminal import Terminal
from tests.tui.terminal.support import FakeProgram, until, until_shown


class Lesson(App):
    """A long text, and a terminal below it that isn't shown yet."""

    CSS = "VerticalScroll { height: 8; }"

    def compose(self):
        with VerticalScroll():
            yield Static("\n".join(map(str, range(100))))
        yield Terminal(GhosttyEmulator(80, 24))

    def on_mount(self):
        self.terminal.display = False

    @property
    def terminal(self):
        return self.query_one(Terminal)

    async def show_unnoticed(self, pilot):
        """Show the terminal so that it gets no event: a place is asked for between a scroll and the layout."""
        self.query_one(VerticalScroll).scroll_relative(y=5, animate=False)
        await pilot.pause()
        self.terminal.display = True
        assert self.terminal.region.size == (70, 12)


@asynccontextmanager
async def lesson():
    app = Lesson()
    async with app.run_test(size=(70, 20)) as pilot:
        yield app, pilot


async def test_it_has_its_size_and_its_text():
    async with lesson() as (app, pilot):
        program = FakeProgram()
        app.terminal.attach(program)
        app.terminal.feed(b"$ ")
        await app.show_unnoticed(pilot)
        await until_shown(app, "$")
        await until(lambda: program.sizes == [(70, 12)], f"its size, but {program.sizes}")


async def test_output_while_hidden_is_shown_later():
    async with lesson() as (app, pilot):
        app.terminal.display = True
        app.terminal.feed(b"one ")
        await until_shown(app, "one")
        app.terminal.display = False
        await pilot.pause()
        app.terminal.feed(b"two")
        await pilot.pause()
        await app.show_unnoticed(pilot)
        await until_shown(app, "one two")
