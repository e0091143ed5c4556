"""What others see of a terminal."""

import pytest

from runner.classroom.live.picture import picture_of
from runner.record.notice import MOST_COLUMNS, MOST_LINES, TextRow, TextRun
from runner.terminal.ghostty import GhosttyEmulator


@pytest.mark.parametrize(
    ("shown", "row"),
    [
        (b"", TextRow()),
        (b"$ ls   ", TextRow((TextRun("$ ls"),))),
        (b"a\x1b[1;3;4;9mb", TextRow((TextRun("a"), TextRun("b", "bold italic underline strike")))),
        (b"\x1b[2;7mx", TextRow((TextRun("x", "dim reverse"),))),
        (b"\x1b[31;48;2;1;2;255mx", TextRow((TextRun("x", "fg=1 bg=#0102ff"),))),
        (b"a\x1b[8msecret\x1b[0mb", TextRow((TextRun("a"), TextRun("      "), TextRun("b")))),
    ],
)
def test_text_and_looks_are_in_it(shown: bytes, row: TextRow) -> None:
    emulator = GhosttyEmulator(20, 2)
    emulator.feed(shown)
    frame = picture_of(emulator.frame(full=True))
    assert (frame.columns, frame.lines) == (20, 2)
    assert (
        "".join(run.text for run in frame.rows[0].runs).rstrip()
        == "".join(run.text for run in row.runs).rstrip()
    )
    styled = [(run.text, run.style) for run in frame.rows[0].runs if run.style]
    assert styled == [(run.text, run.style) for run in row.runs if run.style]
    assert frame.rows[1] == TextRow()


def test_a_large_screen_is_cut() -> None:
    emulator = GhosttyEmulator(MOST_COLUMNS + 50, MOST_LINES + 10)
    emulator.feed(b"x" * (MOST_COLUMNS + 50))
    frame = picture_of(emulator.frame(full=True))
    assert (frame.columns, frame.lines, len(frame.rows)) == (MOST_COLUMNS, MOST_LINES, MOST_LINES)
    assert sum(len(run.text) for run in frame.rows[0].runs) == MOST_COLUMNS
