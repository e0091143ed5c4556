"""The single reader of a terminal."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from runner.stream import Stream

_log = logging.getLogger(__name__)

Subscriber = Callable[[bytes], None]
"""Takes each chunk as it was read, and b"" once at the end of the stream."""


class Reader:
    """Reads a stream in a separate thread and passes every chunk to each subscriber, in the order of subscription.

    Subscribers are called in that thread and must not wait: one that has to, keeps a queue. The time that they take is
    the terminal's flow control, so a flood does not pile up in memory. One that raises is dropped and does not disturb
    the others.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._subscribers: list[Subscriber] = []
        self._changing = threading.RLock()
        self._ended = False
        self._thread = threading.Thread(target=self._read, name="terminal-reader", daemon=True)

    def start(self) -> None:
        """Begin to read; earlier subscribers get every byte."""
        self._thread.start()

    def subscribe(self, subscriber: Subscriber) -> None:
        """Add a subscriber; one that comes after the end gets b"" at once."""
        with self._changing:
            if not self._ended:
                self._subscribers.append(subscriber)
                return
        subscriber(b"")

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Drop a subscriber from the next chunk on; no error if it is not there."""
        with self._changing:
            self._subscribers = [other for other in self._subscribers if other != subscriber]

    @contextmanager
    def subscribed(self, subscriber: Subscriber) -> Iterator[None]:
        """A subscription while the block runs."""
        self.subscribe(subscriber)
        try:
            yield
        finally:
            self.unsubscribe(subscriber)

    def close(self) -> None:
        """Close the stream and wait for the thread, unless it is the caller's own."""
        self._stream.close()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join()

    def _read(self) -> None:
        data = b"-"
        while data:
            try:
                data = self._stream.read()
            except Exception as error:  # noqa: BLE001  # whatever it is, the subscribers hear of the end
                _log.warning("the terminal broke: %s", error)
                data = b""
            self._hand_out(data)

    def _hand_out(self, data: bytes) -> None:
        with self._changing:
            self._ended = not data
            current = list(self._subscribers)
        for subscriber in current:
            try:
                subscriber(data)
            except Exception:  # noqa: BLE001  # whatever it is, the others go on; it is logged
                _log.exception("a subscriber of the terminal failed and is left out")
                self.unsubscribe(subscriber)
