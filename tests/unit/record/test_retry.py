"""What could not be done at once is tried again."""

import threading

from runner.record.retry import Retry
from tests.fakes import wait_until


def test_it_is_tried_until_it_is_done_and_anew_when_it_is_wanted():
    answers = [False, False, True]
    tried: list[bool] = []

    def attempt() -> bool:
        tried.append(answers[len(tried) % 3])
        return tried[-1]

    retry = Retry(attempt, seconds=0.001)
    for _ in range(2):
        before = len(tried)
        retry.begin()
        retry.begin()
        assert wait_until(lambda before=before: len(tried) == before + 3 and not retry.under_way)
    retry.end()
    assert tried == answers * 2


def test_after_its_end_nothing_is_tried():
    begun, go_on = threading.Event(), threading.Event()
    ended: list[bool] = []

    def attempt() -> bool:
        begun.set()
        go_on.wait()
        ended.append(True)
        return False

    retry = Retry(attempt, seconds=0.001)
    retry.begin()
    assert begun.wait(60)
    # Not before the end is wanted: else it would be tried once more.
    letting_go = threading.Thread(target=lambda: wait_until(lambda: not retry.under_way) and go_on.set())
    letting_go.start()
    retry.end()
    letting_go.join()
    assert ended == [True], "the try that was under way has ended"
    retry.begin()
    assert not retry.under_way


def test_what_is_begun_as_a_try_ends_is_not_lost():
    """A try that has succeeded says nothing of what came while it was under way."""
    tried: list[bool] = []

    def attempt() -> bool:
        tried.append(True)
        if len(tried) == 1:
            retry.begin()
        return True

    retry = Retry(attempt, seconds=0.001)
    retry.begin()
    assert wait_until(lambda: not retry.under_way)
    retry.end()
    assert len(tried) == 2
