"""The starter's messages to the gateway."""

import json
import os
import socket
from pathlib import Path

import pytest

from runner.box.box import Content
from runner.box.keeper import Kept
from runner.box.resources import ClassResources
from runner.box.starter import Starter, _Box


class Keeper(Kept):
    """A keeper that is only asked."""

    def end(self) -> None: ...


def test_a_box_that_ends_as_it_begins_is_not_the_next_ones() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    told, gateway = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs, told, gateway:
        starter = Starter(ClassResources.under(Path("/class")), Content((), ()))
        starter._gateway = gateway
        box = starter._boxes[1] = _Box(Keeper(0, ours))
        opening = {"do": "open", "box": 1, "columns": 80, "rows": 24}
        starter._do({"do": "close", "box": 1})
        starter._do(opening)
        assert box.wanted is not None
        starter._do({"do": "forget", "box": 1})
        assert box.wanted is None, "who has asked for another one is not the one who comes next"
        starter._do(opening)
        socket.send_fds(theirs, [json.dumps({"is": "open"}).encode()], [theirs.fileno()])
        starter._hear_box(1)
        told.setblocking(False)
        try:
            said = told.recv(100)
        except BlockingIOError:
            said = b""
        assert said == b""
        assert box.terminal is not None
        os.close(box.terminal)
        starter._selector.close()


def test_a_machine_without_room_for_a_process_keeps_its_class(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("runner.box.keeper.os.fork", full)
    told, gateway = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with told, gateway:
        starter = Starter(ClassResources.under(Path("/class")), Content((), ()))
        starter._gateway = gateway
        starter._do({"do": "open", "box": 1, "columns": 80, "rows": 24})
        said = json.loads(told.recv(1000))
        assert (said["box"], said["is"]) == (1, "failed")
        assert "temporarily unavailable" in said["why"]
        assert not starter._boxes
        starter.close()
