"""A queue of input for a program that may not be reading."""

import logging
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue

from runner.errors import WorkshopError
from runner.stream import Input

ANSWER_LIMIT = 64 * 1024
"""Bytes that may wait before answers are dropped: a program that asks without ever reading gets no more."""

_log = logging.getLogger(__name__)


class Outbox:
    """Sends in order from a thread of its own: neither the user interface nor the reader waits for a program.

    A reader that wrote answers itself could wait for ever for a program that waits until its output is read.
    The thread ends with `close`, or when the program no longer takes anything.
    """

    def __init__(self, program: Input) -> None:
        self._program = program
        self._queue: SimpleQueue[bytes | tuple[int, int] | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._waiting = 0
        self._thread = threading.Thread(target=self._run, name="terminal-outbox", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many bytes have not gone to the program."""
        return self._waiting

    def put(self, data: bytes) -> None:
        """Send what the user typed or pasted."""
        if not data:
            return
        with self._lock:
            self._waiting += len(data)
        self._queue.put(data)

    def type(self, text: bytes) -> None:
        """Send the text of one key: at once if nothing waits before it and the program takes it, else in turn."""
        if self._waiting or not self._program.write_now(text):
            self.put(text)

    def answer(self, data: bytes) -> None:
        """Send what the terminal answers, unless too much waits already."""
        with self._lock:
            if self._waiting > ANSWER_LIMIT:
                return
        self.put(data)

    def discard(self) -> None:
        """Forget what waits, but for the terminal's size; what is being sent goes on."""
        kept = []
        with suppress(Empty), self._lock:
            while True:
                item = self._queue.get_nowait()
                if isinstance(item, bytes):
                    self._waiting -= len(item)
                else:
                    kept.append(item)
        for item in kept:
            self._queue.put(item)

    def resize(self, columns: int, rows: int) -> None:
        """Send the terminal's size."""
        self._queue.put((columns, rows))

    def close(self) -> None:
        """Send what waits, then end; does not wait for it."""
        self._queue.put(None)

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            try:
                self._send(item)
            except (OSError, WorkshopError) as error:
                _log.debug("the program takes no more input: %s", error)
                return

    def _send(self, item: bytes | tuple[int, int]) -> None:
        if isinstance(item, tuple):
            self._program.resize(*item)
            return
        self._program.write(item)
        with self._lock:
            self._waiting -= len(item)
