"""`runner.record.retry`: a failed call is tried again until it succeeds."""

import threading

import pytest

from runner.record.retry import Retry
from tests.fakes import wait_until


def test_a_call_is_repeated_until_it_succeeds_and_again_after_the_next_begin() -> None:
    answers = [False, False, True]
    tried: list[bool] = []
    begun = threading.Event()

    def attempt() -> bool:
        begun.wait()
        tried.append(answers[len(tried) % 3])
        return tried[-1]

    retry = Retry(attempt, seconds=0.001)
    for number in (3, 6):
        begun.clear()
        retry.begin()
        retry.begin()
        begun.set()
        assert wait_until(lambda number=number: len(tried) == number)
    retry.end()
    assert tried == answers * 2


def test_nothing_is_tried_after_the_end() -> None:
    begun, go_on = threading.Event(), threading.Event()
    tries = [0, 0]

    def attempt() -> bool:
        tries[0] += 1
        begun.set()
        go_on.wait()
        tries[1] += 1
        return False

    retry = Retry(attempt, seconds=0.001)
    retry.begin()
    assert begun.wait(60)
    ending = threading.Thread(target=retry.end)
    ending.start()
    ending.join(0.05)
    assert ending.is_alive(), "the end waits for the try that is under way"
    go_on.set()
    ending.join()
    assert tries[0] == tries[1] > 0
    before = set(threading.enumerate())
    retry.begin()
    assert set(threading.enumerate()) <= before


def test_a_begin_while_a_try_succeeds_is_not_lost() -> None:
    """A try that has succeeded does not cover a request made while it was under way."""
    tried: list[bool] = []

    def attempt() -> bool:
        tried.append(True)
        if len(tried) == 1:
            retry.begin()
        return True

    retry = Retry(attempt, seconds=0.001)
    retry.begin()
    assert wait_until(lambda: len(tried) == 2)
    retry.end()
    assert len(tried) == 2


def test_a_call_that_raises_is_tried_again_after_the_next_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda what: said.append(str(what.exc_value)))
    tried: list[bool] = []

    def attempt() -> bool:
        tried.append(True)
        if len(tried) == 1:
            raise RuntimeError("a fault")
        return True

    retry = Retry(attempt, seconds=0.001)
    retry.begin()
    assert wait_until(lambda: said == ["a fault"])
    retry.begin()
    assert wait_until(lambda: len(tried) == 2)
    retry.end()
