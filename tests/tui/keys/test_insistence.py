"""Repeating a request counts only for the last warning, after a pause, and once."""

import pytest

from runner.tui.gate import PAUSE
from runner.tui.keys.insistence import Insistence


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_second_time_insists_and_the_third_asks_again():
    clock = Clock()
    insistence = Insistence(clock)
    assert not insistence.insists("solve")
    insistence.warn("solve")
    clock.now += PAUSE
    assert insistence.insists("solve")
    assert not insistence.insists("solve")


def test_it_is_for_the_same_thing_alone():
    clock = Clock()
    insistence = Insistence(clock)
    insistence.warn("solve")
    clock.now += PAUSE
    assert not insistence.insists("type")
    assert insistence.insists("solve"), "what was asked for in between has not been warned of"


@pytest.mark.parametrize(
    "presses", [[0.5, 0.6], [0.5, *[0.03] * 100], [PAUSE * 0.9] * 20], ids=["thrice", "held", "hammered"]
)
def test_a_key_that_is_held_or_hammered_insists_on_nothing(presses):
    clock = Clock()
    insistence = Insistence(clock)
    insistence.warn("solve")
    for seconds in presses:
        clock.now += seconds
        assert not insistence.insists("solve")
        insistence.warn("solve")
    clock.now += PAUSE
    assert insistence.insists("solve")
