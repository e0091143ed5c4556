"""`runner.tui.gate`: keys of somebody who goes on typing open no gate, and the first one after a pause does."""

from types import SimpleNamespace

import pytest

from runner.tui.gate import OPENER_PAUSE, PAUSE, REPEAT, Gate, OpenersGate
from runner.tui.gated import UNSEEN, Gated


def test_typing_on_opens_no_gate():
    gate = Gate(10.0)
    at = 10.0
    for _ in range(100):
        at += PAUSE * 0.9
        assert not gate.lets_in("y", at)


@pytest.mark.parametrize("key", ["y", "n", "enter", "escape", "space"])
def test_a_key_after_a_pause_opens_it_for_good(key):
    gate = Gate(10.0)
    assert not gate.lets_in("y", 10.1)
    assert gate.lets_in(key, 10.1 + PAUSE)
    assert gate.lets_in("y", 10.2 + PAUSE)


def test_a_key_that_waited_in_a_queue_was_pressed_before():
    assert not Gate(10.0).lets_in("y", 9.0)


def test_keys_that_mean_the_same_everywhere_pass():
    gate = Gate(10.0)
    assert gate.lets_in("ctrl+q", 10.1)
    assert not gate.lets_in("y", 10.2)


def test_others_pass_and_open_it_after_a_pause():
    gate = Gate(10.0, {"s"})
    assert gate.lets_in("n", 10.1)
    assert not gate.lets_in("s", 10.2)
    assert gate.lets_in("n", 10.2 + PAUSE)
    assert gate.lets_in("s", 10.3 + PAUSE)


def test_typing_others_is_no_pause():
    gate = Gate(10.0, {"enter"})
    at = 10.0
    for _ in range(20):
        at += PAUSE * 0.3
        assert gate.lets_in("l", at)
    assert not gate.lets_in("enter", at + PAUSE * 0.3)


def test_the_opener_counts_once_the_screen_has_shown_for_a_moment():
    """Also if it was pressed too soon before that."""
    gate = OpenersGate(10.0, ("s",))
    assert gate.lets_in("n", 10.1)
    assert not gate.lets_in("s", 10.4)
    assert gate.lets_in("s", 10.01 + OPENER_PAUSE)


def test_an_opener_that_is_held_never_counts():
    gate = OpenersGate(10.0, ("s", "space"))
    at = 10.5
    for _ in range(200):
        assert not gate.lets_in("space", at)
        at += REPEAT / 5


class Page(Gated):
    """A page with a gate, which is painted when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.close_gate("space")
        self.painted = lambda: None

    def call_after_refresh(self, callback, *_, **__):
        self.painted = callback
        return True

    def say_too_soon(self) -> None:
        pass


def test_a_key_before_a_page_is_painted_was_meant_for_another(monkeypatch):
    """A busy machine paints it long after it came up."""
    now = [10.0]
    monkeypatch.setattr("runner.tui.gated.time", SimpleNamespace(monotonic=lambda: now[0]))
    page = Page()
    page.on_screen_resume()
    now[0] += OPENER_PAUSE * 2
    assert not page.lets_in("space", now[0])
    page.painted()
    assert not page.lets_in("space", now[0] + REPEAT)
    assert page.lets_in("space", now[0] + REPEAT + OPENER_PAUSE)


def test_a_page_that_is_never_painted_can_be_answered_all_the_same(monkeypatch):
    monkeypatch.setattr("runner.tui.gated.time", SimpleNamespace(monotonic=lambda: 10.0))
    page = Page()
    page.on_screen_resume()
    assert page.lets_in("space", 10.0 + UNSEEN + PAUSE)
