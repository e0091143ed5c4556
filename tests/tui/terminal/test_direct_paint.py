"""Rows painted past the compositor leave the screen as the compositor would."""

from contextlib import asynccontextmanager
from time import monotonic

from textual._compositor import CompositorUpdate
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.widgets import Static

from runner.terminal.ghostty import GhosttyEmulator
from runner.tui.internals.direct_paint import RowsUpdate, paint_rows
from tests.tui.terminal.support import PATIENCE, TerminalApp, until, until_shown

SIZE = (80, 26)


class GlassApp(TerminalApp):
    """Shows what it displays on an emulator, as on the terminal of a person."""

    def __init__(self):
        super().__init__()
        self.glass = GhosttyEmulator(*SIZE)
        self.direct = 0

    def _display(self, screen, renderable):
        if isinstance(renderable, CompositorUpdate) and not self._batch_count:
            self.direct += isinstance(renderable, RowsUpdate)
            self.glass.feed(renderable.render_segments(self.console).replace("\n", "\r\n").encode())
        super()._display(screen, renderable)

    def seen(self):
        """The screen as a person sees it, with its colours."""
        return self.glass.frame(full=True).rows

    def composed(self):
        """The same, after a complete repaint."""
        other = GhosttyEmulator(*SIZE)
        update = self.screen._compositor.render_update(full=True, screen_stack=self._background_screens)
        other.feed(update.render_segments(self.console).replace("\n", "\r\n").encode())
        return other.frame(full=True).rows


@asynccontextmanager
async def glass():
    app = GlassApp()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.pause()
        yield app, pilot


async def printed(app, pilot, text):
    app.terminal.feed(text.encode())
    await until_shown(app, text.rpartition("m")[2].strip())
    await pilot.pause()


async def test_a_row_is_painted_directly_and_as_it_would_be_composed():
    """Colours, wide characters and the cursor's old place included."""
    async with glass() as (app, pilot):
        for text in ("plain", "\r\n\x1b[31;1mred 你好", "\r\n\x1b[7;38;2;9;8;7mthree"):
            # What else is painted at that moment takes the row along, so once is not enough on a busy machine.
            before, deadline = app.direct, monotonic() + PATIENCE
            while app.direct == before:
                assert monotonic() < deadline, "no row was painted directly"
                await printed(app, pilot, text)
                await until(lambda: app.seen() == app.composed(), "the row, as it would be composed")


async def test_widgets_over_the_terminal_are_not_painted_over():
    async with glass() as (app, pilot):
        app.notify("something to say", timeout=60)
        await pilot.pause()
        await until(lambda: "something to say" in str(app.seen()), "the toast")
        before = app.direct
        for number in range(20):
            await printed(app, pilot, f"{'x' * 60} {number}\r\n")
        assert app.direct == before
        assert app.seen() == app.composed()
        assert "something to say" in str(app.seen())


async def test_a_dialog_stays_over_a_terminal_that_goes_on():
    class Dialog(ModalScreen):
        DEFAULT_CSS = "Dialog { align: center middle; } Dialog Static { width: 30; height: 5; }"

        def compose(self):
            yield Static("a question")

    async with glass() as (app, pilot):
        await app.push_screen(Dialog())
        await pilot.pause()
        before = app.direct
        await printed(app, pilot, "behind it")
        assert app.direct == before
        assert "a question" in str(app.seen())
        await app.pop_screen()
        await until(lambda: "behind it" in str(app.seen()), "what was printed meanwhile")
        await pilot.pause()
        assert app.seen() == app.composed()


async def test_nothing_is_painted_below_the_widget():
    """Like a terminal that has just become lower, and has not been told yet."""
    async with glass() as (app, pilot):
        await printed(app, pilot, "here")
        height = app.terminal.outer_size.height
        assert paint_rows(app.terminal, [height - 1])
        assert not paint_rows(app.terminal, [0, height])


async def test_a_part_of_a_line_can_be_asked_for():
    """Like the compositor does for a widget that is partly out of view."""
    async with glass() as (app, pilot):
        await printed(app, pilot, "0123456789")
        (whole,) = app.terminal.render_lines(Region(0, 0, 80, 1))
        (part,) = app.terminal.render_lines(Region(4, 0, 10, 1))
        assert part.text == whole.text[4:14]
