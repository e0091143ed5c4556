"""Tables of the lesson fit into it."""

import pytest
from textual.app import App
from textual.content import Content
from textual.widgets import Static

from runner.tui.widgets.lesson.table import TableContent

ROWS = [("call", "changes the mode of", "since"), ("chmod", "the file at a path", "the beginning, nearly")]


async def shown(width: int) -> list[str]:
    """The lines of the table in that many columns, without blanks at their ends."""

    class Page(App[None]):
        def compose(self):
            yield Static(TableContent([[Content(cell) for cell in row] for row in ROWS]))

    app = Page()
    async with app.run_test(size=(width, 20)):
        lines = [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]
        # It is as high as it says, so that nothing is cut off and nothing is left blank.
        return lines[: app.query_one(Static).size.height]


async def test_columns_are_as_wide_as_their_cells():
    assert await shown(60) == [
        "call   changes the mode of  since",
        "─────  ───────────────────  ─────────────────────",
        "chmod  the file at a path   the beginning, nearly",
    ]


async def test_the_widest_columns_wrap_together():
    """None of them is squeezed while another one has room."""
    assert await shown(34) == [
        "call   changes the   since",
        "       mode of",
        "─────  ────────────  ─────────────",
        "chmod  the file at   the",
        "       a path        beginning,",
        "                     nearly",
    ]


@pytest.mark.parametrize("width", [8, 20])
async def test_where_there_is_too_little_room_the_left_is_shown(width):
    assert "call".startswith((await shown(width))[0].split()[0])
