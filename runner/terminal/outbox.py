"""A queue of input for a program that may not be reading."""

import logging
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue

from runner.errors import WorkshopError
from runner.stream import Input

ANSWER_LIMIT = 64 * 1024
"""The number of waiting bytes above which answers are dropped: a program that asks without reading gets no more."""

_log = logging.getLogger(__name__)


class Outbox:
    """Sends input in order from a separate thread: neither the user interface nor the reader waits for a program.

    A reader that wrote answers itself could wait for ever for a program that waits until its output is read.
    The thread ends with `close`, or when the program takes no more input.
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
        """The number of bytes not yet sent to the program."""
        return self._waiting

    def put(self, data: bytes) -> None:
        """Send typed or pasted input."""
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
        """Send the terminal's answers, unless too much is waiting already."""
        with self._lock:
            if self._waiting > ANSWER_LIMIT:
                return
        self.put(data)

    def discard(self) -> None:
        """Drop the waiting input except the terminal's size; a write in progress goes on."""
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
        """Send the waiting input, then end; does not wait for that."""
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
