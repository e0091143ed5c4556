"""Processes that use a private engine, and that engine's traces on the machine."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from runner.engine.private.cgroup import EngineCgroup
from runner.engine.private.places import Places
from runner.engine.processes import arguments, pids

StartUser = Callable[[], subprocess.Popen[str]]

USER = """
import sys
from pathlib import Path
from runner.engine.private import leases
from runner.engine.private.places import Places
lease = leases.acquire(Places.under(Path(sys.argv[1])))
print(lease.status.pid, flush=True)
sys.stdin.read()
lease.release()
"""


def engine_of(process: subprocess.Popen[str]) -> int:
    """The engine that a user process got."""
    assert process.stdout is not None
    return int(process.stdout.readline())


def processes(places: Places) -> list[list[str]]:
    """The command lines that mention the places: supervisor, dockerd, containerd, shims."""
    here = str(places.data.parent)
    found = [arguments(pid) for pid in pids() if pid != os.getpid()]
    return [words for words in found if any(here in word for word in words) and USER not in words]


def supervisors(places: Places) -> list[int]:
    return [
        pid
        for pid in pids()
        if "runner.engine.private.supervisor" in arguments(pid) and str(places.data) in arguments(pid)
    ]


def assert_nothing_left(places: Places) -> None:
    assert processes(places) == []
    assert str(places.data.parent) not in Path("/proc/self/mounts").read_text()
    assert [path.name for path in places.runtime.iterdir() if path.is_socket()] == []
    assert not places.exec_root.exists()
    group = EngineCgroup.of(places.runtime)
    assert [
        str(path) for path in (group.root / group.name, *group.root.glob(f"*/{group.name}")) if path.exists()
    ] == []
