"""Who counts as a user of the private engine, with a stand-in for the engine."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest

from runner.engine.private import leases
from runner.engine.private.ending import Ending
from runner.engine.private.places import Places
from runner.engine.private.supervisor import Supervisor


@pytest.fixture
def places() -> Iterator[Places]:
    """Of an engine whose supervisor waits for its first user, and ends with the last one."""
    with TemporaryDirectory(dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as listener:
        places = Places.under(Path(folder))
        places.prepare()
        listener.bind(str(places.control))
        listener.listen()
        engine = SimpleNamespace(pid=os.getpid(), running=True, sweep=lambda: None)
        supervisor = Supervisor(places, engine, Ending())

        def serve() -> None:
            supervisor.serve(listener, expected=True)
            # Its process ends here, and closes its connections.
            there = [key.fileobj for key in supervisor._selector.get_map().values()]
            for connection in (*there, *supervisor._leaving):
                if isinstance(connection, socket.socket):
                    connection.close()

        served = threading.Thread(target=serve)
        served.start()
        yield places
        leases.stop(places)
        served.join()


def test_a_question_before_the_first_user_does_not_end_the_engine(places: Places) -> None:
    for _ in range(2):
        found = leases.status(places)
        assert found is not None
        assert (found.users, found.held) == (0, False)
    lease = leases.acquire(places)
    assert lease.lasts
    asked = leases.status(places)
    assert asked is not None
    assert asked.users == 1
    lease.release()
    assert leases.status(places) is None


def test_a_question_while_the_last_user_leaves_does_not_keep_the_engine(places: Places) -> None:
    lease = leases.acquire(places)
    with socket.socket(socket.AF_UNIX) as asks:
        asks.connect(str(places.control))
        assert json.loads(asks.recv(4096))["users"] == 1
        lease.release()
    assert not places.control.exists()


def test_a_second_user_keeps_it_for_the_first_that_leaves(places: Places) -> None:
    first, second = leases.acquire(places), leases.acquire(places)
    assert second.status.users == 1
    first.release()
    assert second.lasts
    second.release()
    assert not second.lasts
