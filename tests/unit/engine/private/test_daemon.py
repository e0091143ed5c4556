import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from runner.engine.private import daemon, launch
from runner.engine.private.daemon import EngineProcess
from runner.engine.private.places import Places

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
def terminated() -> "Iterator[None]":
    """Have SIGTERM end this process in order, as the supervisor does."""

    def end(number: int, _frame: object) -> None:
        sys.exit(signal.Signals(number).name)

    before = signal.signal(signal.SIGTERM, end)
    yield
    signal.signal(signal.SIGTERM, before)


class Launched(subprocess.Popen[bytes]):
    """A program in place of the daemon, which does nothing."""

    def __init__(self) -> None:
        super().__init__(["sleep", "600"])


@pytest.mark.usefixtures("terminated")
def test_a_program_that_is_being_started_is_known_before_the_end(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Launched] = []

    def interrupted(*_: object) -> Launched:
        started.append(Launched())
        signal.raise_signal(signal.SIGTERM)
        return started[0]

    monkeypatch.setattr(launch, "launch", interrupted)
    engine = EngineProcess(places)
    with pytest.raises(SystemExit, match="SIGTERM"):
        engine.start()
    assert engine.pid == started[0].pid
    engine.stop()
    assert started[0].poll() is not None


def test_what_outlived_its_supervisor_is_gone_before_its_files_are_removed(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be writing them."""
    code = "import time; time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", code, f"--exec-root={places.exec_root}"]) as stray:
        alive: list[bool] = []
        monkeypatch.setattr(daemon, "remove_tree", lambda _folder: alive.append(stray.poll() is None))
        EngineProcess(places).stop()
    assert alive == [False, False]
