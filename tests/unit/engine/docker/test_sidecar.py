"""A sidecar that two threads remove: the one that reads its log, and the one that waits for the program."""

import threading
from types import SimpleNamespace

import pytest

from runner.engine.docker import sidecar
from runner.errors import EngineError


class Attached(sidecar.Sidecar):
    """One that is there already."""

    def __init__(self) -> None:
        self._session = SimpleNamespace(client=None)
        self._id = "1234"
        self._removing = threading.Lock()
        self._own = self._log = None


def test_a_second_removal_waits_for_the_first_and_asks_nothing(monkeypatch):
    asked, entered, may_end = [], threading.Event(), threading.Event()

    def slowly(_client, identity):
        asked.append(identity)
        entered.set()
        assert may_end.wait(10)

    monkeypatch.setattr(sidecar, "remove", slowly)
    attached = Attached()
    threads = [threading.Thread(target=attached.remove) for _ in range(2)]
    threads[0].start()
    assert entered.wait(10)
    threads[1].start()
    may_end.set()
    for thread in threads:
        thread.join(10)
    assert asked == ["1234"]


def test_a_removal_that_failed_is_tried_again(monkeypatch):
    outcomes = [EngineError("no"), None]

    def once(_client, _identity):
        if (error := outcomes.pop(0)) is not None:
            raise error

    monkeypatch.setattr(sidecar, "remove", once)
    attached = Attached()
    with pytest.raises(EngineError):
        attached.remove()
    attached.remove()
    assert outcomes == []
