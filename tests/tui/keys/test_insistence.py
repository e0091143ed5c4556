"""Repeating a request counts only for the last warning, for a while, and once."""

from runner.tui.keys.insistence import PATIENCE, Insistence


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_second_time_insists_and_the_third_asks_again():
    insistence = Insistence(Clock())
    assert not insistence.insists("solve")
    insistence.warn("solve")
    assert insistence.insists("solve")
    assert not insistence.insists("solve")


def test_it_is_for_the_same_thing_alone():
    insistence = Insistence(Clock())
    insistence.warn("solve")
    assert not insistence.insists("type")
    assert insistence.insists("solve"), "what was asked for in between has not been warned of"


def test_it_is_for_a_while():
    clock = Clock()
    insistence = Insistence(clock)
    insistence.warn("solve")
    clock.now += PATIENCE + 0.1
    assert not insistence.insists("solve")
    insistence.warn("solve")
    clock.now += PATIENCE - 0.1
    assert insistence.insists("solve")


def test_a_key_that_is_pressed_twice_at_once_insists_on_nothing():
    clock = Clock()
    insistence = Insistence(clock)
    insistence.warn("solve", pause=1.0)
    clock.now += 0.5
    assert not insistence.insists("solve")
    insistence.warn("solve", pause=1.0)
    clock.now += 0.6
    assert insistence.insists("solve")
