"""A connection to the private engine's supervisor: its greeting, and the words that are said to it."""

import socket
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.engine.private.places import Places
from runner.errors import EngineError
from runner.json_value import json_value
from runner.pace import MACHINE

STOP_SECONDS = 30.0
_ANSWER_SECONDS = 5.0
_CREDENTIALS = struct.Struct("iII")
"""A peer's process, user and group: unix(7), SO_PEERCRED."""
_LONGEST = 1 << 16
"""The most bytes of an answer that are read; a supervisor's takes a few hundred."""


@dataclass(frozen=True, slots=True)
class Status:
    """A running private engine: `users` are processes that hold a lease, `held` is set by `workshop engine start`."""

    endpoint: str
    pid: int
    users: int
    held: bool


class Connection:
    """A greeted process, which the supervisor counts as a user only after `use`."""

    def __init__(self, connection: socket.socket, status: Status) -> None:
        self.socket = connection
        self.status = status

    def use(self) -> bool:
        """Become a user of the engine until the connection is closed; False if the engine is ending."""
        return self.ask("use")

    def ask(self, word: str) -> bool:
        """Send a word; False if the supervisor does not answer it."""
        try:
            self.socket.sendall(f"{word}\n".encode())
            return bool(_line(self.socket))
        except OSError:
            return False

    def end(self, word: str) -> None:
        """Send a word, and wait until the supervisor closes the connection.

        Raises:
            TimeoutError: it has not closed it in time.
            OSError: the connection was lost before.
        """
        with self.socket:
            self.socket.settimeout(MACHINE.stretched(STOP_SECONDS))
            self.socket.sendall(f"{word}\n".encode())
            while self.socket.recv(256):
                pass

    def close(self) -> None:
        """Close it, which also ends the use of the engine."""
        self.socket.close()


def connect(places: Places) -> Connection | None:
    """Connect to the supervisor of the engine at `places`; None if none runs, or it is ending and greets nobody.

    Raises:
        EngineError: others could have put the socket there, or what answers is no supervisor of this release.
    """
    if not places.has_runtime():
        return None
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(MACHINE.stretched(_ANSWER_SECONDS))
        connection.connect(str(places.control))
        greeting = _line(connection)
        status = _status(greeting, connection, places.control) if greeting else None
    except OSError:
        connection.close()
        return None
    except BaseException:
        connection.close()
        raise
    if status is None:
        connection.close()
        return None
    return Connection(connection, status)


def _status(greeting: bytes, connection: socket.socket, control: Path) -> Status:
    try:
        told: dict[str, Any] = json_value(greeting)
        status = Status(told["endpoint"], told["pid"], told["users"], told["held"])
    except (ValueError, TypeError, KeyError) as error:
        raise _not_understood(connection, control) from error
    wanted = {"endpoint": str, "pid": int, "users": int, "held": bool}
    if any(type(getattr(status, name)) is not kind for name, kind in wanted.items()):
        raise _not_understood(connection, control)
    return status


def _not_understood(connection: socket.socket, control: Path) -> EngineError:
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    pid, _, _ = _CREDENTIALS.unpack(credentials)
    return EngineError(
        f"process {pid}, which answers at {control}, is not the private engine's supervisor, "
        "or that of another release",
        remedy=f"end it (`kill {pid}`), then try again",
    )


def _line(connection: socket.socket) -> bytes:
    """The next line that was sent; empty if the connection is closed before its end."""
    text = b""
    while not text.endswith(b"\n") and len(text) < _LONGEST:
        piece = connection.recv(4096)
        if not piece:
            return b""
        text += piece
    return text
