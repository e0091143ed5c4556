"""The part of rootlesskit's API that dockerd uses, answered for a network namespace without a network.

With `--net=host` rootlesskit names neither a network nor a port driver; dockerd 26 panics over that at each request for
its version, and dockerd 28 does not start. The answers from here report that there are none.
"""

import json
import socket
import threading
from contextlib import suppress
from pathlib import Path

from runner.engine.private.places import Places

_LONGEST_REQUEST = 65536


def folder(places: Places) -> Path:
    """The state directory that dockerd gets."""
    return places.exec_root / "api"


def serve(places: Places) -> None:
    """Answer requests in a thread for as long as this process lives."""
    state = folder(places)
    state.mkdir(exist_ok=True)
    path = state / "api.sock"
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    listener.listen(8)
    threading.Thread(
        target=_answer_all, args=(listener, answer(state)), name="rootlesskit", daemon=True
    ).start()


def answer(state: Path) -> bytes:
    """The HTTP response to `GET /v1/info`, the only request in use."""
    body = json.dumps(
        {
            "apiVersion": "1.1.1",
            "version": "2.0.0",
            "stateDir": str(state),
            "childPID": 1,
            "networkDriver": {"driver": "none", "dns": [], "childIP": "127.0.0.1", "dynamicChildIP": False},
            "portDriver": {"driver": "none", "protos": [], "disallowLoopbackChildIP": True},
        }
    ).encode()
    head = [
        "HTTP/1.1 200 OK",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


def _answer_all(listener: socket.socket, response: bytes) -> None:
    while True:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.settimeout(5)
            connection.recv(_LONGEST_REQUEST)
            connection.sendall(response)
