"""The pace of a machine, and the limits that follow from it."""

from dataclasses import dataclass

import pytest

from runner.pace import MOST, USUAL, Pace, Work


@dataclass
class Clock:
    """A clock on which each look takes `step` seconds."""

    step: float
    now: float = 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def machine(times: float) -> Pace:
    """One whose processor takes so many times as long as usual."""
    # The calculation is between two looks.
    return Pace(wall=Clock(USUAL[Work.CALCULATION] * times), cpu=Clock(USUAL[Work.CALCULATION] * times))


@pytest.mark.parametrize(("times", "factor"), [(0.1, 1), (1, 1), (1.4, 1), (3, 3), (18, 18), (1000, MOST)])
def test_limits_follow_the_processor(times: float, factor: float) -> None:
    assert machine(times).stretched(10) == 10 * factor
    assert machine(times).processor == factor


def test_limits_follow_what_has_been_seen_of_late() -> None:
    pace = machine(0.1)
    pace.note(Work.CONTAINER, 6 * USUAL[Work.CONTAINER])
    assert pace.stretched(20) == 120
    assert pace.processor == 1
    for _ in range(5):
        pace.note(Work.CONTAINER, 0.2)
    assert pace.stretched(20) == 20


def test_work_that_fails_says_nothing() -> None:
    pace = machine(0.1)
    with pytest.raises(ValueError, match="refused"), pace.timed(Work.CONTAINER):
        raise ValueError("refused")
    assert pace.longest(Work.CONTAINER) is None
    with pace.timed(Work.CONTAINER):
        pass
    assert pace.longest(Work.CONTAINER) is not None
