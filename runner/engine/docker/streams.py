"""The byte streams of containers and execs: their connections and frames, collected in bounded memory."""

import io
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

MAX_OUTPUT = 2**20
"""How much of a program's output is kept, in bytes."""

_LONGEST_LINE = 64 * 1024
"""A line of more bytes is not waited for."""

_CHUNK = 64 * 1024
_HEADER = 8


@dataclass(slots=True)
class Demultiplexer:
    """Takes the payloads out of Docker's frames (stream, three zeros, big-endian length), however they are cut."""

    _pending: bytearray = field(default_factory=bytearray)
    _stream: int = 0
    _left: int = 0

    def feed(self, data: bytes) -> bytes:
        """The payload bytes that `data` completes, stdout and stderr in the order they came."""
        return b"".join(payload for _, payload in self.payloads(data))

    def payloads(self, data: bytes) -> list[tuple[int, bytes]]:
        """The same apart: the number of the stream, 1 or 2, before each payload or part of one."""
        self._pending += data
        payloads = []
        while self._pending:
            if self._left:
                taken = min(self._left, len(self._pending))
                payloads.append((self._stream, bytes(self._pending[:taken])))
                del self._pending[:taken]
                self._left -= taken
            elif len(self._pending) >= _HEADER:
                self._stream = self._pending[0]
                self._left = int.from_bytes(self._pending[4:_HEADER], "big")
                del self._pending[:_HEADER]
            else:
                break
        return payloads


@dataclass(slots=True)
class Output:
    """A program's stdout and stderr in one text, in the order they came, except that no line is torn by another's.

    The first `limit` bytes are kept. A program may write a line in pieces, and Docker may send what the other stream
    has printed between two of them.
    """

    limit: int
    _whole: bytearray = field(default_factory=bytearray)
    _unfinished: dict[int, bytearray] = field(default_factory=dict)
    """The line that each stream has begun, in the order of their beginnings."""

    def add(self, stream: int, data: bytes) -> None:
        """Take what a stream has printed."""
        line = self._unfinished.setdefault(stream, bytearray())
        line += data
        end = len(line) if len(line) > _LONGEST_LINE else line.rfind(b"\n") + 1
        self._whole += line[: min(end, self.limit - len(self._whole))]
        if end or not line:
            # What follows is a line that begins now.
            del self._unfinished[stream]
            if rest := line[end:]:
                self._unfinished[stream] = rest

    def so_far(self) -> bytes:
        """All of it, also lines that have not ended."""
        return bytes(self._whole + b"".join(self._unfinished.values()))[: self.limit]


@dataclass(frozen=True, slots=True)
class Hijacked:
    """A connection that HTTP has handed over. `owner` is the response, whose collection closes the socket.

    What came with the response's headers waits in `reader`, so the socket itself must not be read.
    """

    reader: io.BufferedReader
    socket: socket.socket
    owner: Any

    def close(self) -> None:
        """End both directions, waking anyone who reads."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        """Free the descriptor; only for the thread that reads, or when nobody does."""
        self.close()
        with suppress(OSError, ValueError):
            self.owner.close()


class OutputTimeoutError(Exception):
    """The program had not closed its output when the time was up; `output` is what came until then."""

    def __init__(self, output: bytes) -> None:
        super().__init__("output did not end in time")
        self.output = output


def collect(connection: Hijacked, *, deadline: float, limit: int = MAX_OUTPUT) -> bytes:
    """Read framed output to its end, keeping the first `limit` bytes; `deadline` is on the monotonic clock.

    The rest is read and dropped, so that a talkative program can still end.

    Raises:
        OutputTimeoutError: with what was kept.
        OSError: the connection broke.
    """
    frames, output = Demultiplexer(), Output(limit)
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise OutputTimeoutError(output.so_far())
        connection.socket.settimeout(left)
        try:
            data = connection.reader.read1(_CHUNK)
        except TimeoutError as error:
            raise OutputTimeoutError(output.so_far()) from error
        if not data:
            return output.so_far()
        for stream, payload in frames.payloads(data):
            output.add(stream, payload)


class TerminalStream:
    """The `Stream` of an attached terminal; `resizer` tells the engine the size."""

    def __init__(self, connection: Hijacked, resizer: Callable[[int, int], None]) -> None:
        self._connection = connection
        self._resizer = resizer
        self._state = threading.Lock()
        self._reading = False
        self._ended = False
        connection.socket.settimeout(None)

    def read(self) -> bytes:
        """Wait for more output; b"" at its end, when the descriptor is freed."""
        with self._state:
            if self._ended:
                return b""
            self._reading = True
        try:
            data = self._connection.reader.read1(_CHUNK)
        except (OSError, ValueError):
            data = b""
        with self._state:
            self._reading = False
            self._ended = self._ended or not data
            if self._ended:
                self._connection.release()
            return b"" if self._ended else data

    def write(self, data: bytes) -> None:
        """Send keys; they go nowhere once the terminal is gone."""
        with suppress(OSError):
            self._connection.socket.sendall(data)

    def write_now(self, data: bytes) -> bool:
        """Send a few keys if that takes no waiting; whether they went."""
        try:
            sent = self._connection.socket.send(data, socket.MSG_DONTWAIT)
        except OSError:
            return False
        if sent < len(data):
            self.write(data[sent:])
        return True

    def resize(self, columns: int, rows: int) -> None:
        """Tell the program the terminal's size."""
        self._resizer(columns, rows)

    def close(self) -> None:
        """Let go of the terminal; a pending read returns b"", and frees the descriptor."""
        with self._state:
            self._ended = True
            if self._reading:
                self._connection.close()
            else:
                self._connection.release()
