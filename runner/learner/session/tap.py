"""A console's output, buffered for a screen that may not be there yet."""

import threading

from runner.shell.reader import Subscriber


class Tap:
    """Keeps the output until `connect`, and passes it on afterwards.

    Subscribes to the console's reader; `connect` may be called from any thread.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: list[bytes] = []
        self._screen: Subscriber | None = None

    def feed(self, data: bytes) -> None:
        """Take the next chunk; b"" is the end."""
        with self._lock:
            if self._screen is None:
                self._kept.append(data)
            else:
                self._screen(data)

    def connect(self, screen: Subscriber) -> None:
        """Pass everything to `screen`, beginning with the kept output."""
        with self._lock:
            for data in self._kept:
                screen(data)
            self._kept.clear()
            self._screen = screen
