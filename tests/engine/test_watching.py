"""Tracing real containers: the calls are reported, and it ends with a reason and leaves nothing."""

import json
import threading
import time

import pytest

from runner.engine.api import SESSION_LABEL
from runner.engine.docker import sidecar
from runner.errors import EngineError
from runner.lab.model.container import ContainerSpec
from runner.learner.session.watches import Watches
from runner.learner.session.watching import Phase, Watching
from runner.pace import MACHINE
from tests.fakes import wait_until

pytestmark = pytest.mark.engine

SLEEP = ContainerSpec(command=("sleep", "60"), cap_add=("ALL",), security_opt=("apparmor=unconfined",))
NO_MKDIR = json.dumps(
    {
        "defaultAction": "SCMP_ACT_ALLOW",
        "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}],
    }
)


@pytest.fixture
def watch(engine):
    begun = []

    def begin(container) -> Watching:
        watching = Watching(container, engine.info, file="mine.json")
        begun.append(watching)
        watching.begin()
        return watching

    yield begin
    for watching in begun:
        watching.end()
        watching.join(60)
        assert watching.phase is Phase.OVER


def containers(engine) -> int:
    label = f"{SESSION_LABEL}={engine.labels[SESSION_LABEL]}"
    return len(engine.client.containers(all=True, filters={"label": label}))


def looping(engine, script: str):
    """A container whose shell does the same again and again."""
    spec = ContainerSpec(command=("sh", "-c", f"while :; do {script}; done"), cap_add=("ALL",))
    return engine.start(spec, seccomp=NO_MKDIR, timeout=20)


def test_denied_calls_are_told_while_they_are_made_and_the_container_goes_on(engine, watch):
    container = looping(engine, "mkdir /tmp/x 2>/dev/null; sleep 0.05")
    watching = watch(container)
    assert watching.settle(60), watching.why
    assert wait_until(lambda: watching.calls.snapshot().denied)
    (row,) = watching.calls.snapshot().denied
    assert (row.name, row.verdict) == ("mkdir", "denied: EPERM")
    watching.end()
    watching.join(30)
    assert container.state().running
    assert containers(engine) == 1


def test_a_flood_of_calls_takes_little_memory_and_the_end_comes_at_once(engine, watch):
    watching = watch(looping(engine, "mkdir /tmp/x 2>/dev/null; ls -R /usr >/dev/null"))
    assert watching.settle(60), watching.why
    assert wait_until(lambda: watching.calls.snapshot().total > 20_000)
    began = time.monotonic()
    watching.end()
    watching.join(60)
    assert watching.phase is Phase.OVER
    assert time.monotonic() - began < MACHINE.stretched(30)


def test_a_container_that_goes_while_it_is_watched_ends_the_watching_with_its_reason(engine, watch):
    container = engine.start(SLEEP, seccomp="", timeout=20)
    watching = watch(container)
    assert watching.settle(60), watching.why
    container.remove()
    watching.join(60)
    assert watching.phase is Phase.OVER
    # Whether the engine has forgotten it by then does not matter.
    assert watching.why in {"The container is gone.", "The container has exited with status 137."}
    assert containers(engine) == 0


def test_begun_and_ended_again_and_again_it_leaves_one_or_none(engine):
    container = engine.start(SLEEP, seccomp="", timeout=20)
    watches = Watches(engine.info)
    for turn in range(4):
        watches.watch("box", container, "").settle(turn / 8)
        watches.end()
    last = watches.watch("box", container, "")
    assert last.settle(120), last.why
    assert wait_until(lambda: containers(engine) == 3)  # strace's, and the one that passes on its log
    closing = threading.Thread(target=watches.close)
    closing.start()
    closing.join(60)
    assert not closing.is_alive()
    assert containers(engine) == 1
    assert container.state().running


def test_the_last_calls_of_a_container_are_told(engine):
    script = "select undef, undef, undef, 0.05 until -e '/tmp/go'; getppid for 1..5000"
    container = engine.start(ContainerSpec(command=("perl", "-e", script)), seccomp="", timeout=20)
    tracer = container.watch()
    try:
        container.exec(["touch", "/tmp/go"], timeout=60)
        assert b"".join(tracer.log()).count(b"getppid()") == 5000
    finally:
        tracer.remove()
        tracer.release()
    assert containers(engine) == 1


def test_a_watching_container_that_ends_before_it_says_anything_is_waited_for_a_moment(engine, monkeypatch):
    monkeypatch.setattr(sidecar, "_WATCH", "exit 1")
    monkeypatch.setattr(sidecar, "_REST_SECONDS", 0.1)
    container = engine.start(SLEEP, seccomp="", timeout=20)
    with pytest.raises(EngineError, match="ended at once: it printed nothing"):
        container.watch()
    assert containers(engine) == 1
