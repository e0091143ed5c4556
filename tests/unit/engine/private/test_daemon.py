import selectors
import signal
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from runner.engine.private import daemon, launch
from runner.engine.private.daemon import EngineProcess
from runner.engine.private.ending import Ending
from runner.engine.private.places import Places
from runner.engine.processes import arguments
from tests.fakes import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def places() -> "Iterator[Places]":
    """The folders of an engine, with paths that are short enough for sockets."""
    with TemporaryDirectory(prefix="w-") as folder:
        places = Places(Path(folder, "data"), Path(folder, "run"))
        places.prepare()
        yield places


@pytest.fixture
def ending() -> "Iterator[Ending]":
    """What has asked this process to end, as the supervisor notes it."""
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    before = {number: signal.getsignal(number) for number in numbers}
    ending = Ending()
    ending.listen()
    yield ending
    signal.set_wakeup_fd(-1)
    for number, handler in before.items():
        signal.signal(number, handler)


class Launched:
    """A program in place of the daemon, which does nothing; SIGTERM comes in the middle of the first look at it.

    Like a `Popen`, it takes a lock for each look, and lets it go in a block that begins an instruction later.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(["sleep", "600"])
        self._lock = threading.Lock()
        self._interrupted = False
        self.pid = self._process.pid
        self.kill, self.terminate = self._process.kill, self._process.terminate

    def poll(self) -> int | None:
        assert self._lock.acquire(timeout=5), "an earlier look has kept the lock"
        if not self._interrupted:
            self._interrupted = True
            signal.raise_signal(signal.SIGTERM)
        try:
            return self._process.poll()
        finally:
            self._lock.release()

    def wait(self) -> int:
        with self._lock:
            return self._process.wait()


def test_a_program_that_is_being_started_is_known_before_the_end(
    places: Places, ending: Ending, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Launched] = []

    def interrupted(*_: object) -> Launched:
        started.append(Launched())
        signal.raise_signal(signal.SIGTERM)
        return started[0]

    monkeypatch.setattr(launch, "launch", interrupted)
    engine = EngineProcess(places)
    assert not engine.start(called_off=lambda: ending.asked)
    assert ending.asked == "SIGTERM"
    assert engine.pid == started[0].pid
    engine.stop()
    assert started[0].poll() is not None


def test_a_signal_in_the_middle_of_a_look_at_the_daemon_ends_it(
    places: Places, ending: Ending, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = Launched()
    monkeypatch.setattr(launch, "launch", lambda *_: started)
    engine = EngineProcess(places)
    assert not engine.start(called_off=lambda: ending.asked)
    engine.stop()
    assert started.poll() is not None


def test_a_signal_wakes_what_waits_for_it(ending: Ending) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(ending, selectors.EVENT_READ)
        assert selector.select(0) == []
        signal.raise_signal(signal.SIGHUP)
        assert [key.fileobj for key, _ in selector.select(5)] == [ending]
        ending.settle()
        assert selector.select(0) == []
    assert ending.asked == "SIGHUP"


def test_what_outlived_its_supervisor_is_gone_before_its_files_are_removed(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be writing them."""
    code = "import time; time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", code, f"--exec-root={places.exec_root}"]) as stray:
        # Its command line is empty for a moment after it has begun.
        assert wait_until(lambda: arguments(stray.pid)[:1] == [sys.executable])
        alive: list[bool] = []
        monkeypatch.setattr(daemon, "remove_tree", lambda _folder: alive.append(stray.poll() is None))
        EngineProcess(places).stop()
    assert alive == [False, False]
