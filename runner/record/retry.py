"""A failed call, repeated by a thread until it succeeds."""

import threading
from collections.abc import Callable


class Retry:
    """Calls `attempt` every few seconds from `begin` on, until it returns True or raises; for any thread."""

    def __init__(self, attempt: Callable[[], bool], *, seconds: float) -> None:
        self._attempt, self._seconds = attempt, seconds
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wanted = False
        """True if `begin` was called since the last try began."""
        self._ending = threading.Event()

    def begin(self) -> None:
        """Start trying; no effect after the end."""
        with self._lock:
            self._wanted = True
            if self._thread is None and not self._ending.is_set():
                self._thread = threading.Thread(target=self._run, name="retry", daemon=True)
                self._thread.start()

    def end(self) -> None:
        """Stop trying; returns once no try is under way, so a lock that `attempt` takes must not be held here."""
        self._ending.set()
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        try:
            self._go_on()
        except BaseException:
            # The next `begin` is to try again.
            with self._lock:
                self._thread = None
            raise

    def _go_on(self) -> None:
        while not self._ending.wait(self._seconds):
            with self._lock:
                self._wanted = False
            done = self._attempt()
            with self._lock:
                if done and not self._wanted:
                    self._thread = None
                    return
