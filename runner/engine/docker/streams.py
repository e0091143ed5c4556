"""The byte streams of containers and execs: connections and frames, collected in bounded memory."""

import io
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

MAX_OUTPUT = 2**20
"""The largest part of a program's output that is kept, in bytes."""

_LONGEST_LINE = 64 * 1024
"""The longest line, in bytes, whose end is waited for."""

_CHUNK = 64 * 1024
_HEADER = 8


@dataclass(slots=True)
class Demultiplexer:
    """Extracts the payloads from Docker's frames (stream, three zeros, big-endian length), cut at any byte."""

    _pending: bytearray = field(default_factory=bytearray)
    _stream: int = 0
    _left: int = 0

    def feed(self, data: bytes) -> bytes:
        """The payload bytes that `data` completes, stdout and stderr in order of arrival."""
        return b"".join(payload for _, payload in self.payloads(data))

    def payloads(self, data: bytes) -> list[tuple[int, bytes]]:
        """The payload bytes that `data` completes, in parts, each with the number of its stream, 1 or 2."""
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
    """A program's stdout and stderr in one text, in order of arrival, except that lines are kept whole.

    The first `limit` bytes are kept. A program may write a line in pieces, and Docker may send output of the other
    stream between two of them.
    """

    limit: int
    _whole: bytearray = field(default_factory=bytearray)
    _unfinished: dict[int, bytearray] = field(default_factory=dict)
    """The unfinished line of each stream, in the order of their beginnings."""

    def add(self, stream: int, data: bytes) -> None:
        """Add output of a stream."""
        line = self._unfinished.setdefault(stream, bytearray())
        line += data
        end = len(line) if len(line) > _LONGEST_LINE else line.rfind(b"\n") + 1
        self._whole += line[: min(end, self.limit - len(self._whole))]
        if end or not line:
            # The rest is the beginning of a new line.
            del self._unfinished[stream]
            if rest := line[end:]:
                self._unfinished[stream] = rest

    def so_far(self) -> bytes:
        """All output so far, also unfinished lines."""
        return bytes(self._whole + b"".join(self._unfinished.values()))[: self.limit]


@dataclass(frozen=True, slots=True)
class Hijacked:
    """A connection taken over from HTTP. `owner` is the response: if it were collected, the socket would close.

    Data that came with the response's headers are in `reader`, so the socket itself must not be read.
    """

    reader: io.BufferedReader
    socket: socket.socket
    owner: Any

    def close(self) -> None:
        """End both directions, waking any reader."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        """Free the descriptor; only for the reading thread, or when nobody reads."""
        self.close()
        with suppress(OSError, ValueError):
            self.owner.close()


class OutputTimeoutError(Exception):
    """The program had not closed its output in time; `output` is the output until then."""

    def __init__(self, output: bytes) -> None:
        super().__init__("output did not end in time")
        self.output = output


def collect(connection: Hijacked, *, deadline: float, limit: int = MAX_OUTPUT) -> bytes:
    """Read framed output to its end, keeping the first `limit` bytes; `deadline` is on the monotonic clock.

    The rest is read and dropped, so that a talkative program can still end.

    Raises:
        OutputTimeoutError: with the output kept.
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
    """The `Stream` of an attached terminal; `resizer` sends the size to the engine."""

    def __init__(self, connection: Hijacked, resizer: Callable[[int, int], None]) -> None:
        self._connection = connection
        self._resizer = resizer
        self._state = threading.Lock()
        self._reading = False
        self._ended = False
        connection.socket.settimeout(None)

    def read(self) -> bytes:
        """Wait for more output; b"" at its end, where the descriptor is freed."""
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
        """Send keys; they are dropped once the terminal is gone."""
        with suppress(OSError):
            self._connection.socket.sendall(data)

    def write_now(self, data: bytes) -> bool:
        """Send a few keys if that needs no waiting; True if they were sent."""
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
        """Release the terminal; a pending read returns b"", and frees the descriptor."""
        with self._state:
            self._ended = True
            if self._reading:
                self._connection.close()
            else:
                self._connection.release()
