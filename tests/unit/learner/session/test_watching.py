"""Watching a container: begun and ended at any moment, and leaving nothing behind."""

import json
import threading
import time
from types import SimpleNamespace

import pytest

from runner.engine.api import EngineUnavailable
from runner.errors import EngineError
from runner.lab.model.container import ContainerSpec
from runner.learner.session.watches import Watches
from runner.learner.session.watching import Phase, Watching
from tests.fakes import FakeEngine, wait_until

DENIES = json.dumps(
    {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ERRNO"}]},
    indent=1,
)
DENIED = b"chmod(0x55, 0x1ff) = -1 EPERM (Operation not permitted)\n"


@pytest.fixture
def engine():
    with FakeEngine() as engine:
        yield engine


@pytest.fixture
def container(engine):
    spec = ContainerSpec(command=("sh",), tty=True)
    return engine.start(spec, seccomp=DENIES, timeout=5)


@pytest.fixture
def watch(engine, container):
    def begin(**options) -> Watching:
        watching = Watching(container, engine.info, file="mine.json", **options)
        watching.begin()
        return watching

    return begin


def tracer_of(engine, count=1):
    assert wait_until(lambda: len(engine.watched) == count)
    return engine.watched[-1]


def over(watching) -> bool:
    watching.join(10)
    return watching.phase is Phase.OVER


def test_calls_are_told_as_they_are_made_and_nothing_is_left(engine, watch):
    watching = watch()
    assert watching.settle(5)
    tracer = tracer_of(engine)
    tracer.told.put(DENIED)
    assert wait_until(lambda: watching.calls.snapshot().denied)
    watching.end()
    assert over(watching)
    assert tracer.removed
    assert tracer.released
    assert watching.why == ""


def test_a_watch_stopped_before_it_began_leaves_nothing(engine, container, watch, monkeypatch):
    may_go_on, start = threading.Event(), container.watch

    def slowly():
        may_go_on.wait(10)
        return start()

    monkeypatch.setattr(container, "watch", slowly)
    watching = watch()
    watching.end()
    may_go_on.set()
    assert over(watching)
    assert all(tracer.removed and tracer.released for tracer in engine.watched)


def test_one_waits_for_the_end_of_the_other_however_fast_they_come(engine, container):
    watches = Watches(engine.info)
    for _ in range(20):
        last = watches.watch("box", container, "mine.json")
        watches.end()
    last = watches.watch("box", container, "mine.json")
    assert last.settle(10)
    assert watches.watch("box", container, "mine.json") is last
    *earlier, now = engine.watched
    assert all(tracer.removed for tracer in earlier)
    assert not now.removed
    watches.close()
    assert now.removed
    assert over(last)


def test_a_container_that_ends_is_said_to_have_ended(engine, container, watch):
    watching = watch()
    assert watching.settle(5)
    container.status = 3
    tracer_of(engine).told.put(b"")
    assert over(watching)
    assert watching.why == "The container has exited with status 3."


def test_an_engine_that_dies_is_said_to_have_died(engine, watch):
    watching = watch()
    assert watching.settle(5)
    engine.dead.set()
    tracer_of(engine).told.put(b"")
    assert over(watching)
    assert "The engine went away" in watching.why


@pytest.mark.parametrize("error", [EngineUnavailable("it is gone"), OSError("no connection")])
@pytest.mark.parametrize("way", ["remove", "release"])
def test_a_watching_is_over_even_if_nothing_of_it_can_be_removed(engine, watch, monkeypatch, way, error):
    def fail() -> None:
        raise error

    watching = watch()
    assert watching.settle(5)
    tracer = tracer_of(engine)
    monkeypatch.setattr(tracer, way, fail)
    engine.dead.set()
    tracer.told.put(b"")
    assert over(watching)
    assert "The engine went away" in watching.why


def test_a_removed_tracer_is_noticed(engine, watch):
    watching = watch()
    assert watching.settle(5)
    tracer_of(engine).told.put(b"")
    assert over(watching)
    assert "strace has ended" in watching.why


@pytest.mark.parametrize(
    "error",
    [
        EngineError("ptrace is refused by Yama", remedy="ask root"),
        EngineUnavailable("gone", remedy="ask root"),
    ],
)
def test_a_failed_watch_is_reported_with_a_remedy(engine, watch, error):
    engine.unwatchable = error
    watching = watch()
    assert not watching.settle(5)
    assert over(watching)
    assert watching.why == str(error)
    assert watching.remedy == "ask root"


def test_a_failed_command_is_explained_by_what_was_denied_while_it_ran(engine, watch):
    watching = watch()
    assert watching.settle(5)
    began = time.monotonic()
    tracer_of(engine).told.put(DENIED + b"mount(0, 0, 0, 0, 0) = -1 EPERM (Operation not permitted)\n")
    assert wait_until(lambda: watching.calls.version)
    ended = time.monotonic()
    assert watching.covers(began, ended)
    assert not watching.covers(began - 100, ended)
    told = watching.explain(began, ended)
    (denial,) = told.denied
    assert denial.verdict.call.syscall.name == "chmod"
    assert "mine.json:" in denial.reasons[0]
    assert [verdict.call.syscall.name for verdict in told.others] == ["mount"]
    assert not watching.explain(began - 100, began - 50).denied
    watching.end()
    assert over(watching)


@pytest.mark.parametrize(
    ("denied", "windows"), [(("chmod",), [1.0]), ((), [1.0, 5.0])], ids=["found", "none"]
)
def test_a_command_is_not_blamed_for_the_calls_of_the_next_one(watch, monkeypatch, denied, windows):
    """Calls that came long after its end count only where none came in time."""
    asked = []

    def explained(_calls, _begin, end):
        asked.append(end)
        return SimpleNamespace(denied=denied, own=(), stopped=(), others=())

    monkeypatch.setattr("runner.learner.session.watching.explained", explained)
    monkeypatch.setattr(
        "runner.learner.session.watching.MACHINE", SimpleNamespace(stretched=lambda limit: limit)
    )
    watching = watch()
    assert watching.settle(5)
    ended = time.monotonic() - 60
    watching.explain(ended - 1, ended)
    assert [round(end - ended, 3) for end in asked] == windows
    watching.end()
    assert over(watching)


def test_calls_that_are_reported_late_are_waited_for(engine, watch):
    """strace may report a command, after it was quiet for long, only once the shell says that it has ended."""
    watching = watch()
    assert watching.settle(5)
    watching.calls.quiet_since -= 60
    began = ended = time.monotonic()
    answers = []
    asked = threading.Thread(target=lambda: answers.append(watching.explain(began, ended)))
    asked.start()
    asked.join(1.2)
    assert asked.is_alive()
    tracer_of(engine).told.put(DENIED)
    asked.join(30)
    assert [denial.verdict.call.syscall.name for denial in answers[0].denied] == ["chmod"]
    again = watching.explain(began, ended)
    assert again.denied, "it is the same when it is asked for again"
    watching.end()
    assert over(watching)
