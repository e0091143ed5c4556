"""Tables of the lesson fit its width."""

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
    async with app.run_test(size=(width, 100)):
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


async def test_no_word_is_broken_while_the_longest_ones_fit():
    assert await shown(26) == [
        "call   changes  since",
        "       the",
        "       mode of",
        "─────  ───────  ──────────",
        "chmod  the      the",
        "       file at  beginning,",
        "       a path   nearly",
    ]


async def test_where_the_columns_do_not_fit_each_row_becomes_lines():
    assert await shown(22) == [
        "chmod",
        "  changes the mode of:",
        "  the file at a path",
        "  since: the",
        "  beginning, nearly",
    ]


@pytest.mark.parametrize("width", range(4, 60))
async def test_nothing_is_cut_off_in_any_width(width):
    lines = await shown(width)
    assert all(len(line) <= width for line in lines)
    # In columns every word stands whole; one below the other, what is longer than the line is folded.
    read = " ".join(lines) if width >= 26 else "".join("".join(lines).split())
    assert [word for cell in ROWS[1] for word in cell.split() if word not in read] == []
