"""However the app is made to end, it does: soon, in order, and with nothing left behind."""

import os
import pty
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from runner.content import LABS
from runner.engine.private import leases
from runner.engine.private.places import Places
from runner.engine.processes import arguments, pids
from runner.folders import state_folder
from runner.pace import MACHINE
from tests.fakes import wait_until
from tests.tui.window import BENEATH, LEADER, Window

SOON = MACHINE.stretched(10.0)
"""Seconds; a second is what it takes, and what waits for something that does not come waits for ever."""
RESUMED = "\x1b[?1049h"
"""The app takes the terminal's other screen."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path / "state")}


@pytest.fixture
def open_window(environment) -> Iterator:
    windows: list[Window] = []

    def open_window(*, engine: str = "unix:///nowhere.sock", **options) -> Window:
        words = ["run", str(LABS / "seccomp"), "no-chmod", "--engine", engine]
        windows.append(Window(*words, environment=environment, **options))
        return windows[-1]

    yield open_window
    for window in windows:
        window.kill()


def recorded(environment: dict[str, str]) -> list[str]:
    """The kinds of the events that were saved."""
    with closing(sqlite3.connect(state_folder(environment) / "progress.sqlite3")) as log:
        return [kind for (kind,) in log.execute("SELECT kind FROM event ORDER BY id")]


@pytest.mark.parametrize(
    "signals",
    [
        [signal.SIGHUP],
        [signal.SIGTERM],
        [signal.SIGINT],
        [signal.SIGTERM, signal.SIGTERM],
        [signal.SIGHUP, signal.SIGCONT, signal.SIGTERM],
    ],
    ids=lambda signals: "+".join(number.name for number in signals),
)
def test_told_by_signals_with_a_question_open(open_window, environment, signals):
    window = open_window()
    window.wait_for("There is no engine")
    for number in signals:
        os.kill(window.pid, number)
    assert window.ended(SOON) == 130
    assert recorded(environment)[-1] == "closed"


@pytest.mark.parametrize("shell", [LEADER, BENEATH])
def test_the_window_is_closed(open_window, environment, shell):
    window = open_window(shell=shell)
    window.wait_for("There is no engine")
    window.close()
    assert window.ended(SOON) == 130
    assert recorded(environment)[-1] == "closed"


def test_the_output_goes_nowhere_any_more(open_window, environment):
    """As when only the program that shows the app has died, and the one that sends it keys has not."""
    master, slave = pty.openpty()
    window = open_window(output=os.ttyname(slave))
    window.wait_for("There is no engine", source=master)
    os.close(slave)
    os.close(master)
    assert window.ended(SOON) == 130
    assert recorded(environment)[-1] == "closed"


def test_unsaved_events_are_reported_at_the_end(open_window, environment):
    """Even at the end by a signal: the learner learns what is missing, and what to do."""
    state_folder(environment).mkdir(parents=True)
    (state_folder(environment) / "progress.sqlite3").mkdir()
    window = open_window()
    window.wait_for("There is no engine")
    os.kill(window.pid, signal.SIGTERM)
    window.wait_for("of your progress could not be saved")
    window.wait_for("workshop: interrupted")
    assert window.ended(SOON) == 130


def test_stopped_and_continued_it_has_its_terminal_once(open_window):
    """The signal does not make it read the keys twice, which would leave one of the readers behind."""
    window = open_window()
    window.wait_for("There is no engine")
    tasks = Path(f"/proc/{window.pid}/task")
    before = len(list(tasks.iterdir()))
    for _ in range(2):
        window.forget()
        os.kill(window.pid, signal.SIGSTOP)
        os.kill(window.pid, signal.SIGCONT)
        window.wait_for(RESUMED)
    window.wait_for("There is no engine")
    assert len(list(tasks.iterdir())) == before
    os.kill(window.pid, signal.SIGTERM)
    assert window.ended(SOON) == 130


def test_an_app_that_cannot_leave_is_cleaned_up_after(tmp_path):
    """As on a terminal that takes no more output, where all writers block."""
    script = """
        import sys, threading
        from pathlib import Path
        from runner.tui.shutdown import Shutdown

        with Shutdown(leave=lambda: None, clean_up=lambda: Path(sys.argv[1]).touch()):
            print("ready", flush=True)
            threading.Event().wait()
    """
    cleaned = tmp_path / "cleaned"
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), str(cleaned)], stdout=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        program.stdout.readline()
        program.terminate()
        assert program.wait(SOON) == 130
    assert cleaned.exists()


@pytest.mark.engine
class TestWithItsEngine:
    """The private engine, with the containers in it, goes with the app."""

    @pytest.fixture
    def places(self, environment) -> Iterator[Places]:
        folder = Path(tempfile.mkdtemp(prefix="workshop-test-", dir="/var/tmp"))
        folder.chmod(0o711)
        environment["WORKSHOP_ENGINE_DIR"] = str(folder)
        yield Places.under(folder)
        leases.stop(Places.under(folder))
        shutil.rmtree(folder, ignore_errors=True)

    def test_in_the_middle_of_a_lab(self, open_window, environment, places):
        window = open_window(engine="private", shell=BENEATH)
        window.wait_for("│  Docker ")
        window.press("l")
        window.wait_for("# ")
        window.close()
        assert window.ended(SOON) == 130
        assert not engine_processes(places)
        assert recorded(environment)[-1] == "closed"

    def test_while_it_starts(self, open_window, places):
        window = open_window(engine="private")
        window.wait_for("Starting the private engine")
        os.kill(window.pid, signal.SIGTERM)
        assert window.ended(SOON) == 130
        assert wait_until(lambda: not engine_processes(places))


def engine_processes(places: Places) -> list[int]:
    """The running processes of an engine."""
    return [pid for pid in pids() if any(str(places.runtime) in word for word in arguments(pid))]
