"""The engine's processes in /proc."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from runner.engine import processes
from tests.fakes import wait_until

NUMBERS = {
    10: [10, 3],  # the shim, in the engine's pid namespace
    20: [20, 7, 1],
    21: [21, 8, 9],  # as the container counts, its number is the engine's of the exec
    22: [22, 9, 4],  # the exec
    23: [23, 11, 5],  # its child
}
BELOW = {10: [20, 21, 22, 23], 22: [23]}


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that are killed in a container of a private engine that knows the exec as process 9."""
    ended: list[int] = []
    monkeypatch.setattr(processes, "shims", lambda _container: [10])
    monkeypatch.setattr(processes, "descendants", lambda pid: BELOW.get(pid, []))
    monkeypatch.setattr(processes, "namespaced", NUMBERS.get)
    monkeypatch.setattr(processes, "_kill", lambda pid: not ended.append(pid))
    return ended


def test_an_exec_is_distinguished_from_others_with_its_number_in_the_container(killed: list[int]) -> None:
    assert processes.kill_inside("c", 9)
    assert killed == [22, 23]


def test_without_such_a_process_nothing_is_killed(killed: list[int]) -> None:
    assert not processes.kill_inside("c", 4)
    assert killed == []


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Have a program of this machine be the runtime that is at work on the container."""
    with ExitStack() as cleanup:

        def be(*argv: str) -> None:
            program = cleanup.enter_context(subprocess.Popen(argv))
            cleanup.callback(program.kill)
            monkeypatch.setattr(processes, "shims", lambda _container: [1])
            monkeypatch.setattr(processes, "descendants", lambda _shim: [program.pid])
            monkeypatch.setattr(processes, "is_runtime", lambda _pid: True)

        yield be


def test_a_runtime_that_sleeps_stands_still(runtime: Callable[..., None]) -> None:
    runtime("sleep", "60")
    assert wait_until(lambda: processes.runtime_stands_still("c", seconds=0.3))


def test_a_runtime_that_calculates_does_not(runtime: Callable[..., None]) -> None:
    runtime("sh", "-c", "while :; do :; done")
    assert wait_until(lambda: not processes.runtime_stands_still("c", seconds=0.3))


def test_an_invisible_runtime_does_not_count_as_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "shims", lambda _container: [])
    assert not processes.runtime_stands_still("c", seconds=0.3)


def test_a_bundle_is_the_shims_folder_or_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "shims", lambda _container: [10])
    monkeypatch.setattr(processes, "arguments", lambda _pid: ["conmon", "-c", "c", "-b", "/run/bundle"])
    assert list(processes.bundles("c")) == [Path("/proc/10/root/run/bundle"), Path("/proc/10/cwd")]
    monkeypatch.setattr(processes, "arguments", lambda _pid: ["containerd-shim-runc-v2", "-id", "c"])
    assert list(processes.bundles("c")) == [Path("/proc/10/cwd")]
