"""The calls of a failed command may be reported before the mark of it is read, but not before its forerunner ends."""

import time

import pytest

from runner.shell.recorder import CommandFinished
from runner.tui.screens.lab.failed_command import FailedCommand


def failed(*, seconds_ago: float, after: float = 0.0) -> FailedCommand:
    return FailedCommand(CommandFinished("ls /", "", 2, time.time() - seconds_ago, 1.0), after=after)


def test_calls_that_were_reported_just_before_its_mark_are_its_own():
    command = failed(seconds_ago=10)
    assert command.began - 2 < command.reported < command.began - 0.5


@pytest.mark.parametrize("seconds", [0.2, 0.0, -3.0])
def test_those_of_the_command_before_it_are_not(seconds):
    """Both may be read at once, so that the one before seems to have ended later."""
    began = time.monotonic() - 10
    command = failed(seconds_ago=10, after=began - seconds)
    assert command.reported == pytest.approx(began - max(seconds, 0.0), abs=0.1)
    assert command.reported <= command.began
