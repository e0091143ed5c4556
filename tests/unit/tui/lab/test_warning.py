"""A warning can be insisted against after a pause, once, and exactly as long as it shows."""

import pytest

from runner.tui.gate import PAUSE
from runner.tui.lab.announcements import Announcements
from runner.tui.lab.warning import PATIENCE, Warnings
from tests.clock import Clock


class View(Announcements):
    """The part of a lab's view that shows messages."""

    def __init__(self):
        super().__init__(lambda: None)

    def say(self, text, **how):
        return self.add(text, **how)

    def unsay(self, *topics):
        self.clear(*topics)

    @property
    def texts(self):
        return [one.text for one in self.shown]


@pytest.fixture
def warnings():
    return Warnings(View(), Clock())


def let_pass(warnings, seconds):
    warnings._clock.now += seconds
    warnings._view.pass_time(seconds)


def test_the_second_time_insists_and_the_third_asks_again(warnings):
    assert not warnings.insists("solve")
    warnings.warn("solve", "Now it is your turn.")
    let_pass(warnings, PAUSE)
    assert warnings.insists("solve")
    assert not warnings.insists("solve")


def test_it_is_for_the_same_thing_alone(warnings):
    warnings.warn("solve", "Now it is your turn.")
    let_pass(warnings, PAUSE)
    assert not warnings.insists("type")
    assert warnings.insists("solve"), "what was asked for in between has not been warned of"


@pytest.mark.parametrize(
    "presses", [[0.5, 0.6], [0.5, *[0.03] * 100], [PAUSE * 0.9] * 20], ids=["thrice", "held", "hammered"]
)
def test_a_key_that_is_held_or_hammered_insists_on_nothing(warnings, presses):
    warnings.warn("solve", "Now it is your turn.")
    for seconds in presses:
        let_pass(warnings, seconds)
        assert not warnings.insists("solve")
        warnings.warn("solve", "Now it is your turn.")
    let_pass(warnings, PAUSE)
    assert warnings.insists("solve")


def test_it_counts_until_the_message_goes_and_not_after(warnings):
    warnings.warn("solve", "Now it is your turn.")
    let_pass(warnings, PATIENCE - 0.1)
    assert warnings._view.texts == ["Now it is your turn."]
    assert warnings.insists("solve")
    warnings.warn("solve", "Now it is your turn.")
    let_pass(warnings, PATIENCE)
    assert warnings._view.texts == []
    assert not warnings.insists("solve")


def test_it_counts_for_as_long_as_the_message_waits_below_another_screen(warnings):
    """Nobody can read it there, so its time stands still."""
    warnings.warn("solve", "Now it is your turn.")
    warnings._clock.now += 10 * PATIENCE
    assert warnings._view.texts == ["Now it is your turn."]
    assert warnings.insists("solve")


def test_a_message_that_was_taken_away_offers_nothing(warnings):
    warnings.warn("solve", "Now it is your turn.", topic="task")
    warnings._view.unsay("task")
    let_pass(warnings, PAUSE)
    assert not warnings.insists("solve")


def test_one_warning_offers_at_a_time(warnings):
    warnings.warn("solve", "Now it is your turn.")
    warnings.warn("running", "It still runs.")
    let_pass(warnings, PAUSE)
    assert warnings._view.texts == ["It still runs."]
    assert not warnings.insists("solve")
    assert warnings.insists("running")
    assert warnings._view.texts == []


def test_a_message_that_only_says_the_same_is_no_offer(warnings):
    """It was not asked for by the same request, and stays when the warning goes."""
    warnings.warn("solve", "Now it is your turn.")
    warnings._view.unsay()
    warnings._view.say("Now it is your turn.", severity="information", timeout=PATIENCE)
    let_pass(warnings, PAUSE)
    assert not warnings.insists("solve")
    warnings.warn("running", "It still runs.")
    assert warnings._view.texts == ["It still runs.", "Now it is your turn."]
