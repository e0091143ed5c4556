"""What could not be done at once is tried again."""

import threading

from runner.record.again import Again
from tests.fakes import wait_until


def test_it_is_tried_until_it_is_done_and_anew_when_it_is_wanted():
    answers = [False, False, True]
    tried: list[bool] = []

    def attempt() -> bool:
        tried.append(answers[len(tried) % 3])
        return tried[-1]

    again = Again(attempt, seconds=0.001)
    for _ in range(2):
        before = len(tried)
        again.begin()
        again.begin()
        assert wait_until(lambda before=before: len(tried) == before + 3 and not again.under_way)
    again.end()
    assert tried == answers * 2


def test_after_its_end_nothing_is_tried():
    under_way, go_on = threading.Event(), threading.Event()
    ended: list[bool] = []

    def attempt() -> bool:
        under_way.set()
        go_on.wait()
        ended.append(True)
        return False

    again = Again(attempt, seconds=0.001)
    again.begin()
    assert under_way.wait(60)
    threading.Timer(0.01, go_on.set).start()
    again.end()
    assert ended == [True], "the try that was under way has ended"
    again.begin()
    assert not again.under_way


def test_what_is_begun_as_a_try_ends_is_not_lost():
    """A try that has succeeded says nothing of what came while it was under way."""
    tried: list[bool] = []

    def attempt() -> bool:
        tried.append(True)
        if len(tried) == 1:
            again.begin()
        return True

    again = Again(attempt, seconds=0.001)
    again.begin()
    assert wait_until(lambda: not again.under_way)
    again.end()
    assert len(tried) == 2
