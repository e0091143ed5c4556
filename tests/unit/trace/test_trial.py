"""A workload is ended whatever comes of its check."""

import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from runner.errors import EngineError
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.trace.check import Command, Outcome
from runner.trace.recorder import Recorder
from runner.trace.trial import Plan, _Checking
from runner.trace.watch import Ended, Watch
from tests.fakes import INFO, wait_until


class Engine:
    """An engine that notes whether it was closed."""

    closed = False

    def for_session(self, _session):
        return self

    def close(self):
        self.closed = True
        raise EngineError("the engine is lost")


class Workload:
    """A workload that the engine ends by some of the ways."""

    def __init__(self, *ways):
        self._ways = ways
        self.ended = threading.Event()

    def stop(self, _seconds):
        self._end("stop")

    def remove(self):
        self._end("remove")

    def _end(self, way):
        if way not in self._ways:
            raise EngineError(f"{way} does not work")
        self.ended.set()


class Check:
    """A check with this result."""

    def __init__(self, result):
        self._result = result

    def tried(self, _engine, _workload, _seconds, _stop):
        if isinstance(self._result, Exception):
            raise self._result
        return self._result


def checking(result, workload):
    engine, watch = Engine(), SimpleNamespace(stop=lambda _why: workload.ended.set())
    plan = Plan(words=["lab"], docker="docker", check=Check(result), within=0)
    found = _Checking(engine, workload, plan, watch)
    # What reads strace's log goes on when this is set.
    assert workload.ended.wait(60)
    return engine, found


@pytest.mark.parametrize("ways", [["stop", "remove"], ["remove"], []])
@pytest.mark.parametrize("passed", [True, False])
def test_the_workload_ends_after_its_check(ways, passed):
    engine, found = checking(Outcome(passed, "seen"), Workload(*ways))
    assert found.outcome(Ended(1.0)) == Outcome(passed, "seen")
    assert engine.closed


@pytest.mark.parametrize("ways", [["stop", "remove"], ["remove"], []])
@pytest.mark.parametrize("error", [EngineError("no answer"), OSError("no memory"), ValueError("a fault")])
def test_the_workload_ends_after_a_check_that_could_not_be_made(ways, error):
    _, found = checking(error, Workload(*ways))
    with pytest.raises(type(error), match=str(error)):
        found.outcome(Ended(1.0))


def running(folder):
    """A check whose program runs, with its number in a file, and the workload."""

    class Running(Engine):
        info = INFO

    script = f"sleep 600 & echo $! >{folder}/pid; wait"
    workload = Workload("remove")
    workload.id = "workload"
    plan = Plan(words=["lab"], docker="docker", check=Command(script), within=600)
    found = _Checking(Running(), workload, plan, SimpleNamespace(stop=lambda _why: None))
    assert wait_until(lambda: (folder / "pid").exists() and (folder / "pid").read_text())
    return found, workload


def test_a_check_is_ended_with_its_program_if_the_tracing_ends_without_it(tmp_path):
    """Its time was over, or the engine broke."""
    found, _ = running(tmp_path)
    with pytest.raises(EngineError, match="the engine is lost"), found:
        raise EngineError("the engine is lost")
    assert not found._thread.is_alive()
    pid = (tmp_path / "pid").read_text().strip()
    assert wait_until(lambda: not Path("/proc", pid, "cwd").exists())


def test_an_interrupt_ends_the_check_with_its_program_and_the_workload(tmp_path):
    found, workload = running(tmp_path)
    assert found.outcome(Ended(1.0, why="it was interrupted", interrupted=True)) == Outcome(
        False, "it was interrupted"
    )
    assert workload.ended.is_set()
    assert not found._thread.is_alive()
    pid = (tmp_path / "pid").read_text().strip()
    assert wait_until(lambda: not Path("/proc", pid, "cwd").exists())


def test_an_interrupt_while_the_log_is_read_is_told_apart_from_other_ends():
    class Log:
        def log(self):
            yield b"read(3) = 1\n"
            raise KeyboardInterrupt

        def remove(self):
            pass

    recorder = Recorder(Simulation.of_text("{}", Target()))
    assert Watch(Log(), recorder).until_the_end().interrupted
