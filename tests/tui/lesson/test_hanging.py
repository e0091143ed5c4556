"""Text with a mark before it."""

from textual.app import App
from textual.content import Content

from runner.tui.widgets.lesson.hanging import Hanging


class Page(App[None]):
    def compose(self):
        yield Hanging(Content("○ "), Content("one two three four five"))


async def test_wrapped_lines_begin_where_the_text_does():
    """Also after the text was replaced, with a mark of another width."""
    app = Page()
    async with app.run_test(size=(12, 8)) as pilot:
        assert lines(app) == ["○ one two", "  three four", "  five"]
        app.query_one(Hanging).show(Content("▶ # "), Content("one two three four five"))
        await pilot.pause()
        assert lines(app) == ["▶ # one two", "    three", "    four", "    five"]


def lines(app: Page) -> list[str]:
    """The text on the screen, without blank lines."""
    shown = [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
    return [line for line in shown if line]
