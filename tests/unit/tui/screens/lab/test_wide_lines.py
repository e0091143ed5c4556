"""The message about tables that the terminal wraps."""

from types import SimpleNamespace

import pytest

from runner.tui.screens.lab.wide_lines import WideLines

TABLE = "NAME  STATUS\n" + "box" + " " * 60 + "up\nbare" + " " * 60 + "up\n"


def panes(*classes: str, columns: int = 61, pace: float = 0.0):
    said: list[str] = []
    terminal = SimpleNamespace(size=SimpleNamespace(width=columns))
    return SimpleNamespace(
        said=said,
        pace=pace,
        screen=SimpleNamespace(classes=frozenset(classes)),
        terminals=SimpleNamespace(terminal=lambda target: terminal if target == "box" else None),
        say=lambda text, *, way_on, timeout: said.append(f"{text} {way_on}"),  # noqa: ARG005 (as the panes have it)
    )


def test_a_table_that_wraps_is_told_of_once():
    beside = panes()
    lines = WideLines(beside)
    lines.seen("box", TABLE)
    lines.seen("box", TABLE)
    assert beside.said == [
        "These lines are wider than the terminal. `f` gives it the whole screen, and takes it back."
    ]


@pytest.mark.parametrize(
    ("beside", "output"),
    [
        (panes(), "docker: Error response from daemon: " + "long " * 40),
        (panes(), "short\nlines\n"),
        (panes("-narrow"), TABLE),
        (panes("-full"), TABLE),
        (panes(columns=90), TABLE),
        (panes(columns=0), TABLE),
        (panes(pace=0.1), TABLE),
    ],
)
def test_no_message_where_it_would_not_help(beside, output):
    WideLines(beside).seen("box", output)
    WideLines(beside).seen("gone", output)
    assert beside.said == []
