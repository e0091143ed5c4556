"""The speed of this machine, as measured from its own work: time limits are stretched on a slow or busy one.

Limits are written for a machine that does each unit of work in its `USUAL` time or less. On a slower one (emulated or
overloaded) every limit is stretched by the same factor, so that work that is only slow is not ended.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

MOST = 40.0
"""The largest factor by which a limit is stretched: hanging work ends even on the slowest machine."""
_MEMORY = 5
_MEASURED_FOR = 10.0
_ROUNDS = 20_000


class Work(StrEnum):
    """A unit of work by which the pace is measured."""

    CALCULATION = "a calculation"
    CONTAINER = "starting a container"
    SHELL = "a shell's first prompt"


USUAL = {Work.CALCULATION: 0.01, Work.CONTAINER: 1.0, Work.SHELL: 0.5}
"""Seconds; a present machine needs a third at most, so that one that is merely busy does not count as slow."""


class Pace:
    """This process's measurements of the machine; may be used from any thread."""

    def __init__(
        self, *, wall: Callable[[], float] = time.perf_counter, cpu: Callable[[], float] = time.thread_time
    ) -> None:
        self._wall, self._cpu = wall, cpu
        self._lock = threading.Lock()
        self._seen = {work: deque[float](maxlen=_MEMORY) for work in Work}
        self._measured_at = float("-inf")
        self._processor = 1.0

    @property
    def factor(self) -> float:
        """The factor by which this machine is slower than usual now: a whole number from 1 to `MOST`."""
        self._measure()
        with self._lock:
            slowest = [
                sorted(seen)[len(seen) // 2] / USUAL[work] for work, seen in self._seen.items() if seen
            ]
            return _times(max(slowest))

    @property
    def processor(self) -> float:
        """The same for processor time alone, which other programs do not reduce."""
        self._measure()
        return self._processor

    def stretched(self, seconds: float) -> float:
        """A limit of `seconds` on a usual machine, stretched for this one."""
        return seconds * self.factor

    def note(self, work: Work, seconds: float) -> None:
        """Record how long a unit of work took."""
        with self._lock:
            self._seen[work].append(seconds)

    @contextmanager
    def timed(self, work: Work) -> Iterator[None]:
        """Record how long the block takes, unless it fails."""
        began = self._wall()
        yield
        self.note(work, self._wall() - began)

    def longest(self, work: Work) -> float | None:
        """The longest recent duration of a unit, in seconds; None if it was not seen yet."""
        with self._lock:
            return max(self._seen[work], default=None)

    def _measure(self) -> None:
        """Calculate for a few milliseconds, unless that was done just now."""
        if self._wall() - self._measured_at < _MEASURED_FOR:
            return
        began, spent = self._wall(), self._cpu()
        total = 0
        for number in range(_ROUNDS):
            total += number ^ 0x55
        now = self._wall()
        self._processor = _times((self._cpu() - spent) / USUAL[Work.CALCULATION])
        self._measured_at = now
        self.note(Work.CALCULATION, now - began)


def _times(ratio: float) -> float:
    return min(max(1.0, float(round(ratio))), MOST)


MACHINE = Pace()
"""The pace of this machine, shared by all parts of this process."""
