"""The greeting of a supervisor, and of whatever else listens in its place."""

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from runner.engine import discovery
from runner.engine.discovery import EngineChoice, Suitability
from runner.engine.private import leases
from runner.engine.private.control.connection import connect
from runner.engine.private.places import Places
from runner.errors import EngineError

GREETING = {"endpoint": "unix:///there.sock", "pid": 7, "users": 2, "held": False}
Greets = Callable[[bytes], Places]


@pytest.fixture
def greets() -> Iterator[Greets]:
    """Has something listen at a private engine's control socket, which greets once."""
    threads: list[threading.Thread] = []
    with TemporaryDirectory(dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as listener:
        places = Places.under(Path(folder))
        places.prepare()

        def greet(greeting: bytes) -> None:
            caller, _ = listener.accept()
            with caller:
                caller.sendall(greeting)

        def listen(greeting: bytes) -> Places:
            listener.bind(str(places.control))
            listener.listen()
            threads.append(threading.Thread(target=greet, args=(greeting,), daemon=True))
            threads[0].start()
            return places

        yield listen
        # A caller that was refused before it connected.
        with socket.socket(socket.AF_UNIX) as last:
            if threads and threads[0].is_alive():
                last.connect(str(places.control))
            for thread in threads:
                thread.join()


def test_a_supervisor_is_known_by_its_greeting(greets: Greets) -> None:
    found = leases.status(greets(json.dumps(GREETING).encode() + b"\n"))
    assert found is not None
    assert (found.endpoint, found.pid, found.users, found.held) == ("unix:///there.sock", 7, 2, False)


def test_one_that_is_ending_greets_nobody(greets: Greets) -> None:
    assert leases.status(greets(b"")) is None


@pytest.mark.parametrize(
    "greeting",
    [
        b"hello\n",
        b"{}\n",
        b"[]\n",
        b"7\n",
        b"\xff\xfe\n",
        b"[" * 60_000 + b"\n",
        json.dumps(GREETING | {"pid": "7"}).encode() + b"\n",
        b"x" * (1 << 17),
    ],
)
def test_whatever_else_answers_is_an_error_that_names_it(greets: Greets, greeting: bytes) -> None:
    with pytest.raises(EngineError, match=f"process {os.getpid()}, which answers at") as raised:
        connect(greets(greeting))
    assert f"kill {os.getpid()}" in raised.value.remedy


@pytest.mark.parametrize("mode", [0o770, 0o702])
def test_a_socket_that_others_can_have_put_there_is_not_connected_to(greets: Greets, mode: int) -> None:
    places = greets(json.dumps(GREETING).encode() + b"\n")
    places.runtime.chmod(mode)
    for use in (leases.acquire, leases.status, leases.stop):
        with pytest.raises(EngineError, match="other users may write"):
            use(places)


def test_a_folder_of_another_user_is_not_used_but_other_engines_are(
    greets: Greets, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = greets(json.dumps(GREETING).encode() + b"\n")
    mine = os.geteuid()
    monkeypatch.setattr("runner.engine.private.places.os.geteuid", lambda: mine + 1)
    with pytest.raises(EngineError, match="not a folder of this user"):
        leases.acquire(places)
    monkeypatch.setattr(discovery, "usual", lambda *_environ, **_uid: iter(()))
    [candidate] = discovery.survey(EngineChoice(places=places, environ={}))
    assert candidate.suitability is Suitability.UNUSABLE
    assert "WORKSHOP_ENGINE_DIR" in candidate.remedy
