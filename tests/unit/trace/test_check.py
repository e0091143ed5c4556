"""Checks of a workload end in their time, say what was seen, and leave nothing behind."""

import os
import socket
import threading
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from types import SimpleNamespace

import pytest

from runner.engine.api import Completed, ProgramTimeout
from runner.shell.program import run_program
from runner.trace.check import Command, Http
from tests.fakes import INFO

WORKLOAD = SimpleNamespace(id="workload", status=lambda: None)


class HostEngine:
    """An engine whose containers are programs of this machine."""

    info = replace(INFO, endpoint="unix:///nowhere")

    def run(self, spec, *, seccomp, timeout):  # noqa: ARG002 - as an engine's
        argv = [*spec.entrypoint, *spec.command]
        status, output = run_program(argv, environment={"PATH": "/usr/bin:/bin"}, timeout=timeout)
        if status is None:
            raise ProgramTimeout("still running", output=output)
        return Completed(status, output)


@contextmanager
def server(*answers):
    """A server on loopback that gives one answer to each connection, and then none; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            with ExitStack() as taken, suppress(OSError):
                for answer in answers:
                    connection = taken.enter_context(listening.accept()[0])
                    connection.sendall(answer or b"")
                over.wait(60)

        over = threading.Event()
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize(
    ("answers", "passed", "said"),
    [
        ([None], False, "port {port} took the connection, and did not answer within"),
        ([None, b"HTTP/1.0 200 OK\r\n\r\n"], True, "/health answered with 200"),
        ([b"HTTP/1.1 204\r\n\r\n"], True, "/health answered with 204"),
        ([b"HTTP/1.0 503 No\r\n\r\n"] * 200, False, "port {port} answered last with '503'"),
    ],
    ids=["silent", "silent-at-first", "without-a-reason", "refusing"],
)
def test_what_a_server_answers_is_told(answers, passed, said):
    """Each request has its time; it takes longer on a busy machine."""
    for seconds in (1, 8, 64):
        with server(*answers) as port:
            outcome = Http(port, "/health").tried(HostEngine(), WORKLOAD, seconds)
        if outcome.said.startswith(said.format(port=port)):
            break
    assert outcome.passed is passed
    assert outcome.said.startswith(said.format(port=port))


def test_a_port_where_nobody_listens_is_told():
    with server() as port:
        pass
    outcome = Http(port).tried(HostEngine(), WORKLOAD, 0)
    assert (outcome.passed, "could not be connected to" in outcome.said) == (False, True)


def test_requests_that_end_too_late_were_made(monkeypatch):
    engine = HostEngine()

    def late(*_args, **_options):
        raise ProgramTimeout("late", output="connected\nanswered 500\n")

    monkeypatch.setattr(engine, "run", late)
    assert "answered last with '500'" in Http(80).tried(engine, WORKLOAD, 1).said


@pytest.mark.parametrize("command", ["{}; true", "setsid {} & sleep 60"])
def test_a_command_that_takes_too_long_leaves_no_process(tmp_path, command):
    lock = tmp_path / "lock"
    script = command.format(f"sh -c 'exec 9>{lock}; flock 9; sleep 61'")
    # On a busy machine it may take a while until the lock is there.
    for seconds in (1, 4, 16, 64):
        outcome = Command(script).tried(HostEngine(), WORKLOAD, seconds)
        assert (outcome.passed, outcome.said) == (
            False, f"`{script}` had not ended after {seconds} s"
        )  # fmt: skip
        if lock.exists():
            break
    assert lock.exists()
    free = ["flock", "--nonblock", str(lock), "true"]
    assert run_program(free, environment=os.environ, timeout=60).status == 0


def test_the_end_of_a_long_output_is_told():
    """An error comes last."""
    outcome = Command("head -c 2000000 /dev/zero | tr '\\0' a; echo refused; exit 1").tried(
        HostEngine(), WORKLOAD, 1
    )
    assert outcome.said.endswith("aaarefused")


def test_docker_in_a_command_reaches_this_engine_alone(monkeypatch):
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    told = Command('echo "$DOCKER_HOST,$DOCKER_TLS_VERIFY"').tried(HostEngine(), WORKLOAD, 5).said
    assert told == "unix:///nowhere,"


def test_a_command_passes_with_what_it_said():
    assert Command("echo $CONTAINER").tried(HostEngine(), WORKLOAD, 5).said == "workload"
