"""How fast this machine is, shown by what it has done: time limits are stretched on one that is slow or busy.

Limits are written for a machine that does each unit of work in its `USUAL` time or less. One that takes longer (an
emulated or an overloaded one) gets so many times as much of every limit, so that what is only slow is not ended.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

MOST = 40.0
"""How many times a limit is stretched at most: also the slowest machine ends what hangs."""
_MEMORY = 5
_MEASURED_FOR = 10.0
_ROUNDS = 20_000


class Work(StrEnum):
    """A unit of work by which the pace is known."""

    CALCULATION = "a calculation"
    CONTAINER = "starting a container"
    SHELL = "a shell's first prompt"


USUAL = {Work.CALCULATION: 0.01, Work.CONTAINER: 1.0, Work.SHELL: 0.5}
"""Seconds, of which a machine of the present needs a third at most, so that one that is merely busy is not slow."""


class Pace:
    """What this process has seen of the machine; may be used from any thread."""

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
        """How many times as long as usual this machine takes now: a whole number from 1 to `MOST`."""
        self._measure()
        with self._lock:
            slowest = [
                sorted(seen)[len(seen) // 2] / USUAL[work] for work, seen in self._seen.items() if seen
            ]
            return _times(max(slowest))

    @property
    def processor(self) -> float:
        """The same of processor time alone, which other programs do not take away."""
        self._measure()
        return self._processor

    def stretched(self, seconds: float) -> float:
        """The limit for this machine of what may take `seconds` on a usual one."""
        return seconds * self.factor

    def note(self, work: Work, seconds: float) -> None:
        """Note how long this unit of work took."""
        with self._lock:
            self._seen[work].append(seconds)

    @contextmanager
    def timed(self, work: Work) -> Iterator[None]:
        """Note how long the block takes, unless it fails."""
        began = self._wall()
        yield
        self.note(work, self._wall() - began)

    def longest(self, work: Work) -> float | None:
        """The longest that this unit took of late, in seconds; None if it was not seen yet."""
        with self._lock:
            return max(self._seen[work], default=None)

    def _measure(self) -> None:
        """Calculate for a few milliseconds, where that was not done just now."""
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
"""The pace of this machine, as all parts of this process know it."""
