"""The engine's processes in /proc."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
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
    """Have a program of this machine be the runtime that is at work on the container, and another its hook."""
    with ExitStack() as cleanup:

        def be(*argv: str, hook: Sequence[str] = ("sleep", "60")) -> None:
            programs = [cleanup.enter_context(subprocess.Popen(words)) for words in (argv, hook)]
            for program in programs:
                cleanup.callback(program.kill)
            below = [program.pid for program in programs]
            monkeypatch.setattr(processes, "shims", lambda _container: below[:1])
            monkeypatch.setattr(processes, "descendants", lambda _shim: below)
            monkeypatch.setattr(processes, "is_runtime", lambda pid: pid == below[0])

        yield be


BUSY = ("sh", "-c", "while :; do :; done")


def test_a_runtime_that_sleeps_stands_still(runtime: Callable[..., None]) -> None:
    runtime("sleep", "60")
    assert wait_until(lambda: processes.runtime_stands_still("c", seconds=0.3))
    assert re.fullmatch(r"sleep in \w*nanosleep\w*", processes.waits_of_runtime("c"))


def test_a_runtime_that_calculates_does_not(runtime: Callable[..., None]) -> None:
    runtime(*BUSY)
    assert wait_until(lambda: not processes.runtime_stands_still("c", seconds=0.3))


def test_nor_does_one_whose_hook_calculates(runtime: Callable[..., None]) -> None:
    runtime("sleep", "60", hook=BUSY)
    assert wait_until(lambda: "nanosleep" in processes.waits_of_runtime("c"))
    assert not processes.runtime_stands_still("c", seconds=0.3)


def test_nor_does_one_that_waits_for_the_engine(runtime: Callable[..., None], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "exec.fifo")
    runtime("cat", str(tmp_path / "exec.fifo"))
    assert wait_until(lambda: "cat in" in processes.waits_of_runtime("c"))
    assert not processes.runtime_stands_still("c", seconds=0.3)


def test_the_kernel_need_not_tell_where_threads_wait(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Some kernels have no `wchan`."""
    thread = tmp_path / "1/task/1"
    thread.mkdir(parents=True)
    monkeypatch.setattr(processes, "_PROC", tmp_path)
    monkeypatch.setattr(processes, "shims", lambda _container: [1])
    monkeypatch.setattr(processes, "descendants", lambda _shim: [1])
    monkeypatch.setattr(processes, "is_runtime", lambda _pid: True)
    for state, still in [("R", False), ("S", True)]:
        (thread / "stat").write_text(f"1 (runc) {state} " + "0 " * 40)
        assert processes.runtime_stands_still("c", seconds=0.1) is still
        assert processes.waits_of_runtime("c") == ""


def test_an_invisible_runtime_does_not_count_as_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "shims", lambda _container: [])
    assert not processes.runtime_stands_still("c", seconds=0.3)


def test_a_bundle_is_the_shims_folder_or_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "shims", lambda _container: [10])
    monkeypatch.setattr(processes, "arguments", lambda _pid: ["conmon", "-c", "c", "-b", "/run/bundle"])
    assert list(processes.bundles("c")) == [Path("/proc/10/root/run/bundle"), Path("/proc/10/cwd")]
    monkeypatch.setattr(processes, "arguments", lambda _pid: ["containerd-shim-runc-v2", "-id", "c"])
    assert list(processes.bundles("c")) == [Path("/proc/10/cwd")]
