"""A picture of a terminal, for others to see."""

from runner.record.notice import MOST_COLUMNS, MOST_LINES, DemoFrame, TextRow, TextRun
from runner.terminal.emulator import Frame, Row, Style


def picture_of(frame: Frame) -> DemoFrame:
    """An emulator's whole screen in a form safe to show to others: text and styles, no escape sequences."""
    lines = min(frame.lines, MOST_LINES)
    rows = tuple(_row(frame.rows.get(line, Row())) for line in range(lines))
    return DemoFrame(min(frame.columns, MOST_COLUMNS), lines, rows)


def _row(row: Row) -> TextRow:
    runs, room = [], MOST_COLUMNS
    for run in row.runs:
        text = "".join(character if character.isprintable() else " " for character in run.text)[:room]
        room -= run.width
        if text and not run.style.invisible:
            runs.append(TextRun(text, _style(run.style)))
        elif text:
            runs.append(TextRun(" " * len(text)))
        if room <= 0:
            break
    while runs and not runs[-1].style and not runs[-1].text.strip():
        runs.pop()
    return TextRow(tuple(runs))


def _style(style: Style) -> str:
    words = [word for word in ("bold", "italic", "underline", "strike") if getattr(style, word)]
    words += ["dim"] * style.faint + ["reverse"] * style.inverse
    for name, colour in (("fg", style.foreground), ("bg", style.background)):
        if isinstance(colour, tuple):
            words.append(f"{name}=#{colour[0]:02x}{colour[1]:02x}{colour[2]:02x}")
        elif colour is not None:
            words.append(f"{name}={colour}")
    return " ".join(words)
