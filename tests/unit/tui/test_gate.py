"""`runner.tui.gate`: keys of somebody who goes on typing open no gate, and the first one after a pause does."""

import pytest

from runner.tui.gate import OPENER_PAUSE, PAUSE, REPEAT, Gate, OpenersGate


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
