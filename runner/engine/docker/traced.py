"""Runs programs to their end while strace traces their calls."""

import re
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from runner.engine.api import Log, Tracer
from runner.engine.docker.streams import Demultiplexer, Hijacked, OutputTimeoutError
from runner.errors import EngineError
from runner.pace import MACHINE

_CHUNK = 64 * 1024
_REST_SECONDS = 10.0
"""The longest time for the rest of a log to arrive once its program has ended, on a usual machine, in seconds."""
_HOLD = 'echo "$0"; read -r _; exec "$@" </dev/null'
_WATCHED = re.compile(rb"strace: Process (\d+) attached")


class ShellGate:
    """A shell that holds a program in a running container until it is traced, and then becomes that program."""

    def __init__(self) -> None:
        self.word = f"workshop-gate-{secrets.token_hex(8)}"
        """A unique word in the waiting process's command line."""
        self.said = b""
        """The output before it waited, or instead of waiting."""

    def held(self, argv: Sequence[str]) -> list[str]:
        """The command line to run in the container."""
        return ["sh", "-c", _HOLD, self.word, *argv]

    def reached(self, connection: Hijacked, deadline: float) -> bool:
        """Wait until the shell waits; False if it has ended, with the reason in `said`. `deadline` is monotonic.

        Raises:
            OutputTimeoutError: neither happened in time.
        """
        frames = Demultiplexer()
        while not self.said.endswith(f"{self.word}\n".encode()):
            left = deadline - time.monotonic()
            if left <= 0:
                raise OutputTimeoutError(self.said)
            connection.socket.settimeout(left)
            try:
                data = connection.reader.read1(_CHUNK)
            except TimeoutError as error:
                raise OutputTimeoutError(self.said) from error
            if not data:
                return False
            self.said += frames.feed(data)
        return True

    def open(self, connection: Hijacked) -> None:
        """Let the program begin."""
        connection.socket.sendall(b"\n")


@contextmanager
def telling(tracer: Tracer, log: Log) -> Iterator[None]:
    """Pass on a tracer's output while the block runs its program, and the rest once the program has ended.

    The tracer is removed. An error of `log` replaces the result of the block.
    """
    reading = _Reading(tracer, log)
    reading.start()
    try:
        yield
        reading.ended.wait(MACHINE.stretched(_REST_SECONDS))
    finally:
        try:
            tracer.remove()
        finally:
            reading.join()
            tracer.release()
        if reading.failure is not None:
            raise reading.failure


class _Reading(threading.Thread):
    """Reads a log; `ended` is set at its end, or when the traced program has ended and left other processes."""

    def __init__(self, tracer: Tracer, log: Log) -> None:
        super().__init__(name="traced program", daemon=True)
        self.ended = threading.Event()
        self.failure: Exception | None = None
        self._tracer = tracer
        self._log = log
        self._last = b""
        self._end: re.Pattern[bytes] | None = None

    def run(self) -> None:
        try:
            for block in self._tracer.log():
                self._log(block)
                self._look(block)
        except Exception as error:  # noqa: BLE001 - it is raised where the program is waited for
            self.failure = error
            with suppress(EngineError):  # it is removed again, and told, where the program is waited for
                self._tracer.remove()
        finally:
            self.ended.set()

    def _look(self, block: bytes) -> None:
        text = self._last + block
        if self._end is None and (watched := _WATCHED.search(text)):
            # The line has no number if strace knows of no other process, or a child has not been reported
            # yet.
            self._end = re.compile(rb"^(\[pid +%s\] )?\+\+\+ " % watched[1], re.MULTILINE)
        if self._end is not None and self._end.search(text):
            self.ended.set()
        self._last = text[-100:]
