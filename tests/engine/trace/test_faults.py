"""Programs and circumstances that make tracing hard: floods, binary, ends of all kinds, and what cannot be watched."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from runner.engine.api import SESSION_LABEL
from runner.engine.discovery import open_engine
from runner.lab.model.container import ContainerSpec
from tests.fakes import new_session, wait_until

pytestmark = pytest.mark.engine

SLEEP = ContainerSpec(command=("sleep", "60"), cap_add=("ALL",))
PERL = ("lab", "perl", "-e")


def calls(printed: str | bytes) -> dict[str, int]:
    return {call["name"]: call["count"] for call in json.loads(printed)["calls"]}


@contextlib.contextmanager
def beside(engine, act):
    """Do something once the tracing has begun: when there is one more container of any session."""

    def number() -> int:
        return len(engine.client.containers(filters={"label": SESSION_LABEL}))

    before = number()

    def run() -> None:
        if wait_until(lambda: number() > before):
            act()

    thread = threading.Thread(target=run)
    thread.start()
    yield
    thread.join()


@pytest.fixture
def other(engine_choice):
    """The same engine, for use beside."""
    with open_engine(engine_choice, new_session()) as engine:
        yield engine


@pytest.mark.parametrize(
    "forks", [200, pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]
)
def test_a_program_that_forks_again_and_again(workshop, forks):
    script = f"for (1..{forks}) {{ my $p = fork; exit unless $p; waitpid $p, 0 }}"
    code, printed, said = workshop("trace", "--json", *PERL, script)
    assert code == 0, said
    seen = calls(printed)
    assert seen["clone"] == forks
    assert seen["exit_group"] == forks + 1


@pytest.mark.parametrize(
    "size", ["4M", pytest.param("1G", marks=[pytest.mark.slow, pytest.mark.timeout(900)])]
)
def test_a_program_that_prints_without_end(workshop, size):
    code, printed, _ = workshop("trace", "--json", "lab", "head", "-c", size, "/dev/zero")
    assert code == 0
    assert calls(printed)["write"] >= int(size[:-1]) << (7 if size[-1] == "M" else 17)


def test_binary_is_passed_on_and_is_no_part_of_the_log(engine_variables):
    program = 'print join "", map { chr } 0..255; print STDERR "keyctl(3) = -1 EPERM (no call)\\n"'
    done = subprocess.run(
        [sys.executable, "-m", "runner", "profile", "trace", "--json", *PERL, program],
        env=os.environ | engine_variables,
        capture_output=True,
        check=True,
    )
    assert bytes(range(256)) in done.stderr
    assert calls(done.stdout)["write"] == 2
    assert "keyctl" not in calls(done.stdout)


def test_a_number_that_no_table_has_is_counted_and_denied(workshop):
    code, printed, _ = workshop("trace", "--json", *PERL, "syscall(2000, 1, 2) for 1..3")
    assert code == 0
    assert calls(printed)["#2000"] == 3
    assert "#2000" in json.loads(printed)["denied"]


def test_a_program_that_dies_at_once_and_one_that_is_not_there(workshop):
    code, printed, _ = workshop("trace", "--json", *PERL, "kill 9, $$")
    assert code == 0
    assert calls(printed)["kill"] == 1
    code, _, said = workshop("trace", "lab", "/no/such/program")
    assert code == 2
    assert "/no/such/program" in said


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C counts, also where the tests run in a script's background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_trace_keeps_what_was_traced(workshop, other, tmp_path):
    log = tmp_path / "log"

    def interrupt() -> None:
        if wait_until(lambda: log.exists() and log.stat().st_size):
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    script = "while :; do sleep 0.1; done"
    container = other.start(ContainerSpec(command=("sh", "-c", script)), seccomp="", timeout=20)
    with beside(other, interrupt):
        code, _, said = workshop("trace", "--format", "raw", "-o", str(log), "--attach", container.id)
    assert code == 0, said
    assert "it was interrupted" in said
    assert "strace: Process" in log.read_text()
    assert container.state().running


def test_a_container_that_goes_while_it_is_traced_leaves_what_was_seen(workshop, other):
    container = other.start(
        ContainerSpec(command=("sh", "-c", "while :; do sleep 0.1; done")), seccomp="", timeout=20
    )
    with beside(other, container.remove):
        code, printed, said = workshop("trace", "--json", "--attach", container.id)
    assert "Traceback" not in said
    assert code in {0, 2, 3}, said
    if code == 0:
        assert json.loads(printed)["trace"] == 1
    assert not other.client.containers(filters={"label": f"{SESSION_LABEL}={other.labels[SESSION_LABEL]}"})


def test_a_container_that_is_not_there_or_has_ended_is_named(workshop, other):
    code, _, said = workshop("trace", "--attach", "no-such-container")
    assert (code, "no-such-container" in said) == (2, True)
    container = other.start(ContainerSpec(command=("true",)), seccomp="", timeout=20)
    assert wait_until(lambda: not container.state().running)
    code, _, said = workshop("trace", "--attach", container.id)
    assert (code, "does not run" in said) == (2, True)


def test_who_traces_already_is_named(workshop, other):
    container = other.start(SLEEP, seccomp="", timeout=20)
    watching = container.watch()
    code, _, said = workshop("trace", "--attach", container.id)
    watching.remove()
    watching.release()
    assert code == 3
    assert "sleep, process 1 of the container, is watched already: by strace" in said
    assert "Traceback" not in said
