"""The keys typed for a terminal that is being opened."""

from runner.tui.widgets.terminal.waiting import EARLY_LIMIT, Waiting


def test_no_more_is_kept_than_a_terminal_keeps() -> None:
    waiting = Waiting()
    waiting.take_paste("x" * (EARLY_LIMIT - 1))
    waiting.take_key("a", "a")
    waiting.take_key("b", "b")
    waiting.take_paste("y" * EARLY_LIMIT)
    assert b"".join(waiting.taken()) == b"x" * (EARLY_LIMIT - 1) + b"a"
    waiting.take_key("c", "c")
    assert waiting.taken() == [b"c"]
