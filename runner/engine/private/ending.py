"""The signals that ask a supervisor to end, as something to look at and to wait for."""

import os
import signal
from contextlib import suppress

_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class Ending:
    """Notes the signals, and wakes a selector; `asked` is the name of the last one, "" before any.

    An exception would be raised between any two instructions: between taking a lock and what releases it, or between
    the end of a child and the note of its status.
    """

    def __init__(self) -> None:
        self.asked = ""
        self._woken, self._wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def listen(self) -> None:
        """Note the signals from now on; only for a process's first thread."""
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        for number in _SIGNALS:
            signal.signal(number, self._note)

    def fileno(self) -> int:
        """The descriptor that can be read once a signal has come; `settle` empties it."""
        return self._woken

    def settle(self) -> None:
        """Wait for further signals."""
        with suppress(BlockingIOError):
            os.read(self._woken, 64)

    def _note(self, number: int, _frame: object) -> None:
        self.asked = signal.Signals(number).name


def end_at_once() -> None:
    """Have the signals end this process, which has nothing to leave yet."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL)
