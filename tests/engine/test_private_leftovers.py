"""Containers of a private engine left by killed processes are removed by the next user."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runner.engine.discovery import EngineChoice, open_engine
from runner.engine.image.provide import provide
from runner.engine.private import leases
from runner.engine.private.places import Places
from runner.engine.processes import _is_leaderless, descendants
from runner.lab.model.container import ContainerSpec
from tests.engine.private_users import StartUser, assert_nothing_left, engine_of, processes, supervisors
from tests.fakes import new_session, wait_until

pytestmark = pytest.mark.engine


def test_containers_of_a_killed_user_are_swept_by_the_next(places: Places) -> None:
    lease = leases.acquire(places)
    choice = EngineChoice(engine="private", places=places)
    with open_engine(choice, new_session()) as engine:
        provide(engine.client, ["lab"], print)
        script = (
            "import os, signal, sys\n"
            "from pathlib import Path\n"
            "from runner.engine.discovery import *\n"
            "from runner.lab.model.container import ContainerSpec\n"
            "engine = open_engine(EngineChoice(engine='private', places=Places.under(Path(sys.argv[1]))), 'killed')\n"
            "engine.start(ContainerSpec(command=('sleep', '60')), seccomp='', timeout=20)\n"
            "os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        subprocess.run([sys.executable, "-c", script, str(places.data.parent)], check=False)
        assert len(engine.client.containers(all=True)) == 1
        with open_engine(choice, new_session()):
            assert engine.client.containers(all=True) == []
    lease.release()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root looks into the daemon's folders")
def test_a_container_that_the_next_daemon_cannot_read_leaves_nothing(places: Places) -> None:
    choice = EngineChoice(engine="private", places=places)
    engine = open_engine(choice, new_session())
    provide(engine.client, ["lab"], print)
    data = daemon_data(places)
    images = {path.name for path in data.glob("overlay2/*")}
    engine.start(ContainerSpec(command=("sleep", "60")), seccomp="", timeout=20)
    [described] = data.glob("containers/*/config.v2.json")
    described.write_text("")
    [supervisor] = supervisors(places)
    os.kill(supervisor, signal.SIGKILL)
    assert wait_until(lambda: processes(places) == [])
    engine.close()
    lease = leases.acquire(places)
    data = daemon_data(places)
    assert list(data.glob("containers/*")) == []
    assert "stale sandbox" not in places.log.read_text()
    assert {path.name for path in data.glob("overlay2/*")} == images
    lease.release()


@pytest.mark.skipif(os.geteuid() != 0, reason="only as root is the daemon's first process ours")
def test_what_a_removed_container_left_goes_when_somebody_leaves(places: Places, user: StartUser) -> None:
    """A process whose first thread was killed: the daemon takes it for dead, and its shim is gone."""
    lease = leases.acquire(places)
    other = user()
    engine_of(other)
    code = "import os, threading; threading.Thread(target=lambda: __import__('time').sleep(600)).start(); "
    code += "__import__('ctypes').CDLL(None).pthread_exit(None)"
    orphan = [
        "nsenter",
        "--target",
        str(lease.status.pid),
        "--pid",
        "sh",
        "-c",
        f'{sys.executable} -c "{code}" & exit',
    ]
    subprocess.run(orphan, check=True)
    assert wait_until(lambda: leaderless_below(lease.status.pid) != [])
    other.kill()
    other.communicate()
    assert wait_until(lambda: leaderless_below(lease.status.pid) == [])
    lease.release()
    assert_nothing_left(places)


def leaderless_below(init: int) -> list[int]:
    return [pid for pid in descendants(init) if _is_leaderless(pid)]


def daemon_data(places: Places) -> Path:
    """The data folder as the daemon sees it, which may be on a separate disk."""
    status = leases.status(places)
    assert status is not None
    root = Path(f"/proc/{status.pid}/root", places.docker_data.relative_to("/"))
    return next(root.glob("[0-9]*.[0-9]*"))
