"""The order and the time of looks at a step's checks."""

import threading

import pytest

from runner.learner.session.schedule import AtCommand, Look, Schedule, WhileRunning
from runner.shell.recorder import CommandFinished
from tests.clock import Clock
from tests.fakes import wait_until

ENDED = CommandFinished("true", "", 0, 0.0, 0.0)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def schedule(clock):
    return Schedule(quiet=10.0, ages=(1.0, 4.0), clock=clock)


def test_commands_come_first_in_their_order_and_a_look_around_last(schedule, clock):
    schedule.changed()
    schedule.ask()
    schedule.saw("box", ENDED)
    schedule.saw("host", ENDED)
    assert [schedule.next() for _ in range(3)] == [
        AtCommand("box", ENDED),
        AtCommand("host", ENDED),
        Look.ASKED,
    ]
    schedule.changed()
    clock.now += 10
    assert schedule.next() is Look.AROUND


def test_a_command_that_runs_is_looked_at_at_each_age_and_not_after_its_end(schedule, clock):
    schedule.began("box")
    clock.now += 1
    assert schedule.next() == WhileRunning("box")
    clock.now += 3
    assert schedule.next() == WhileRunning("box")
    schedule.began("box")
    schedule.saw("box", ENDED)
    clock.now += 600
    assert [schedule.next(), schedule.next()] == [AtCommand("box", ENDED), Look.AROUND]
    schedule.ask()
    assert schedule.next() is Look.ASKED


def test_activity_puts_a_look_around_off(schedule, clock):
    schedule.changed()
    clock.now += 9
    schedule.changed()
    clock.now += 9
    schedule.began("box")
    clock.now += 1
    assert schedule.next() is Look.AROUND
    assert schedule.next() == WhileRunning("box")


def test_what_was_due_in_another_step_is_dropped(schedule, clock):
    schedule.saw("box", ENDED)
    schedule.ask()
    schedule.restart()
    clock.now += 10
    assert schedule.next() is Look.AROUND


@pytest.mark.parametrize(
    ("happens", "due"),
    [
        (lambda schedule: schedule.ask(), Look.ASKED),
        (lambda schedule: schedule.saw("box", ENDED), AtCommand("box", ENDED)),
        (lambda schedule: schedule.close(), None),
    ],
    ids=["asked", "seen", "closed"],
)
def test_one_that_waits_is_woken(schedule, happens, due):
    found = []
    waiting = threading.Thread(target=lambda: found.append(schedule.next()), daemon=True)
    waiting.start()
    assert wait_until(lambda: schedule.woken._waiters)
    happens(schedule)
    waiting.join(60)
    assert found == [due]


def test_nothing_is_due_after_the_end(schedule):
    schedule.ask()
    schedule.close()
    assert schedule.next() is None
