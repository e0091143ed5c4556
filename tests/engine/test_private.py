"""The private engine's life: shared, found again, gone with its last user however that one ends."""

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from runner.engine import unix_http
from runner.engine.api import EngineUnavailable, Loss
from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.image.provide import provide
from runner.engine.private import leases
from runner.engine.private.daemon import EngineProcess
from runner.engine.private.ending import Ending
from runner.engine.private.launch import obstacle
from runner.engine.private.places import Places
from runner.engine.private.supervisor import Supervisor
from runner.errors import EngineError
from runner.lab.model.container import ContainerSpec
from runner.pace import MACHINE
from tests.engine.private_users import StartUser, assert_nothing_left, engine_of, processes, supervisors
from tests.fakes import new_session, wait_until

pytestmark = pytest.mark.engine


def test_it_is_shared_while_used_and_leaves_nothing(places: Places) -> None:
    first = leases.acquire(places)
    second = leases.acquire(places)
    assert second.status.pid == first.status.pid
    assert unix_http.answers(places.socket)
    first.release()
    assert unix_http.answers(places.socket)
    second.release()
    assert_nothing_left(places)


def test_the_next_one_starts_afresh_with_the_same_data(places: Places) -> None:
    leases.acquire(places).release()
    lease = leases.acquire(places)
    assert unix_http.answers(places.socket)
    lease.release()
    assert_nothing_left(places)


def test_processes_that_start_at_once_share_one_engine(places: Places, user: StartUser) -> None:
    users = [user() for _ in range(4)]
    assert len({engine_of(process) for process in users}) == 1
    for process in users:
        process.communicate()
    assert_nothing_left(places)


def test_it_ends_by_itself_when_its_only_user_is_killed(places: Places, user: StartUser) -> None:
    process = user()
    engine_of(process)
    process.send_signal(signal.SIGKILL)
    assert wait_until(lambda: processes(places) == [])
    assert_nothing_left(places)


def test_a_kill_of_one_user_leaves_it_to_the_others(places: Places, user: StartUser) -> None:
    lease = leases.acquire(places)
    process = user()
    assert engine_of(process) == lease.status.pid
    process.kill()
    process.communicate()
    status = leases.status(places)
    assert status is not None
    assert wait_until(lambda: getattr(leases.status(places), "users", None) == 1)
    lease.release()


def test_held_it_stays_until_it_is_stopped(places: Places) -> None:
    lease = leases.acquire(places)
    lease.hold()
    lease.release()
    status = leases.status(places)
    assert status is not None
    assert (status.held, status.users) == (True, 0)
    assert leases.stop(places)
    assert leases.status(places) is None
    assert not leases.stop(places)
    assert_nothing_left(places)


def test_killing_its_supervisor_kills_it_and_the_next_use_starts_it_again(places: Places) -> None:
    lease = leases.acquire(places)
    [supervisor] = supervisors(places)
    os.kill(supervisor, signal.SIGKILL)
    assert wait_until(lambda: processes(places) == [])
    lease.release()
    again = leases.acquire(places)
    assert unix_http.answers(places.socket)
    again.release()
    assert_nothing_left(places)


def test_told_to_terminate_it_ends_in_order(places: Places) -> None:
    lease = leases.acquire(places)
    [supervisor] = supervisors(places)
    os.kill(supervisor, signal.SIGTERM)
    assert wait_until(lambda: processes(places) == [])
    lease.release()
    assert_nothing_left(places)


def test_terminated_while_it_starts_it_leaves_nothing(places: Places) -> None:
    """As when the process that starts it is interrupted."""
    places.prepare()
    command = [sys.executable, "-m", "runner.engine.private.supervisor"]
    options = ["--data", str(places.data), "--runtime", str(places.runtime)]
    supervisor = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL)
    assert wait_until(lambda: len(processes(places)) > 1)
    supervisor.terminate()
    supervisor.wait()
    assert_nothing_left(places)


def test_started_for_somebody_who_has_gone_meanwhile_it_goes_no_further(places: Places) -> None:
    """On a busy machine the rest of the start takes long, and nobody would use the engine."""
    places.prepare()
    command = [sys.executable, "-m", "runner.engine.private.supervisor"]
    options = ["--data", str(places.data), "--runtime", str(places.runtime)]
    supervisor = subprocess.Popen([*command, *options], stdout=subprocess.PIPE)
    assert supervisor.stdout is not None
    supervisor.stdout.close()
    supervisor.wait()
    assert "API listen on" not in places.log.read_text()
    assert_nothing_left(places)


def test_who_leaves_as_somebody_comes_does_not_wait_for_the_end(places: Places) -> None:
    engine = EngineProcess(places)
    supervisor = Supervisor(places, engine, Ending())
    engine_is_there = subprocess.Popen(["sleep", "60"])
    engine._launched = engine_is_there  # a stand-in: the supervisor only watches the process
    places.prepare()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(places.control))
        listener.listen()
        first, second = (socket.socket(socket.AF_UNIX) for _ in range(2))
        for user in (first, second):
            user.connect(str(places.control))
            supervisor._accept(listener)
        there = [key.fileobj for key in supervisor._selector.get_map().values()]
        first.sendall(b"use leave\n")
        supervisor._hear(there[0])
        second.sendall(b"use\n")
        supervisor._hear(there[1])
        first.settimeout(MACHINE.stretched(5))
        while first.recv(256):
            pass
        assert supervisor._needed()
        for connection in (first, second, *there):
            connection.close()
    engine_is_there.kill()
    engine_is_there.wait()


def test_two_who_stop_it_at_once_both_see_it_stopped(places: Places) -> None:
    lease = leases.acquire(places)
    with ThreadPoolExecutor() as pool:
        assert list(pool.map(lambda _: leases.stop(places), range(2))) in (
            [True, True],
            [True, False],
            [False, True],
        )
    lease.release()
    assert_nothing_left(places)


# The SDK leaves a socket that it could not connect to the garbage collector, which the last line calls.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_engine_that_is_killed_during_a_call_is_reported_as_unavailable(places: Places) -> None:
    engine = open_engine(EngineChoice(engine="private", places=places), new_session())
    provide(engine.client, ["lab"], print)
    status = leases.status(places)
    assert status is not None
    killer = threading.Timer(1.0, os.kill, (status.pid, signal.SIGKILL))
    killer.start()
    began = time.monotonic()
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        engine.run(ContainerSpec(command=("sleep", "60")), seccomp="", timeout=30)
    assert time.monotonic() - began < MACHINE.stretched(15)
    assert engine.loss() == Loss("it was killed (signal 9)")
    engine.close()
    assert wait_until(lambda: processes(places) == [])
    assert_nothing_left(places)
    gc.collect()


def test_whose_engine_was_stopped_does_not_get_the_next_one_without_a_lease(places: Places) -> None:
    """Else it would lose that one too, when those leave for whom it was started."""
    choice = EngineChoice(engine="private", places=places)
    engine, lease = open_engine(choice, new_session()), leases.acquire(places)
    of_lab = engine.for_session(new_session())
    assert lease.lasts
    leases.stop(places)
    assert wait_until(lambda: not lease.lasts)
    assert of_lab.loss().wanted
    with open_engine(choice, new_session()) as another:
        another.sweep()
        for stale in (engine, of_lab, engine.for_session(new_session())):
            with pytest.raises(EngineUnavailable, match="it has been stopped"):
                stale.sweep()
            stale.close()
        another.sweep()
    lease.release()
    assert not lease.lasts
    assert_nothing_left(places)


def test_a_runtime_folder_with_too_long_a_path_is_refused_with_a_remedy(tmp_path: Path) -> None:
    places = Places.under(tmp_path / ("x" * 80))
    with pytest.raises(EngineError, match="too long") as raised:
        leases.acquire(places)
    assert "WORKSHOP_ENGINE_DIR" in raised.value.remedy


def test_data_may_be_below_a_folder_that_is_closed_to_others(places: Places) -> None:
    places.data.parent.chmod(0o700)
    with open_engine(EngineChoice(engine="private", places=places), new_session()) as engine:
        provide(engine.client, ["lab"], print)
        shown = engine.run(ContainerSpec(command=("echo", "there")), seccomp="", timeout=30)
    assert shown.output.split() == ["there"]
    assert_nothing_left(places)


def test_a_missing_program_is_named_with_its_package(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    def which(name: str, path: str) -> str | None:
        return None if name == "dockerd" else f"{path.split(':', maxsplit=1)[0]}/{name}"

    monkeypatch.setattr("runner.engine.programs.shutil.which", which)
    why = obstacle(places)
    assert why is not None
    assert "dockerd" in str(why)
    assert "docker.io" in why.remedy
