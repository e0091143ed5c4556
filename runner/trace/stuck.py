"""Detects a program that cannot end, because its profile denies exit_group: it may run for ever.

After a refused exit_group the program loops over further exits, or crashes, which the kernel prevents for a traced
first process. A program's first process has finished its work by then. If it is another process, the rest of the
program may still be working, and is left alone while it makes calls.
"""

import threading
from collections.abc import Callable

from runner.profile.evidence.model import SeenCall

EXITS = frozenset(("exit_group", "exit"))
_WAITS = frozenset(("rt_sigtimedwait", "wait4", "waitid", "restart_syscall"))
"""The calls that an init and a shell make while they wait for others."""
FIRST_SECONDS = 10.0
"""The longest time that the program may go on after its first process was denied its end."""
QUIET_SECONDS = 30.0
"""The time without any calls but exits, after another process was denied its end, that proves the program stuck."""
_LOOK_SECONDS = 0.5


class StuckProgram:
    """The signs of a program that cannot end; `why` returns the reason once it is certain enough.

    `calls` gives the number of each name's calls so far; `clock` is in seconds. The methods may be called from
    different threads.
    """

    def __init__(self, calls: Callable[[], dict[str, int]], clock: Callable[[], float]) -> None:
        self._calls = calls
        self._clock = clock
        self._lock = threading.Lock()
        self._first: int | None = None
        self._denied: tuple[str, float] | None = None
        self._of_first = False
        self._others = -1
        self._quiet_since = 0.0

    def began(self, pid: int | None) -> None:
        """Note the number of the program's first process; None if no number is printed, as for a single process."""
        self._first = pid

    def denied(self, seen: SeenCall) -> None:
        """Note that the profile denied this exit call."""
        with self._lock:
            of_first = seen.name == "exit_group" and seen.pid in (None, self._first or 1)
            if self._denied is None or (of_first and not self._of_first):
                self._denied = seen.name, self._clock()
                self._of_first = of_first

    @property
    def why(self) -> str:
        """The reason why the program will not end by itself; empty while it can."""
        with self._lock:
            if self._denied is None:
                return ""
            name, since = self._denied
            of_first = self._of_first
        now = self._clock()
        if of_first:
            if now - since < FIRST_SECONDS:
                return ""
            return f"it went on for {FIRST_SECONDS:g} s after it had called {name}, which the profile denies"
        others = sum(times for call, times in self._calls().items() if call not in EXITS | _WAITS)
        if others != self._others:
            self._others, self._quiet_since = others, now
        if now - self._quiet_since < QUIET_SECONDS:
            return ""
        return (
            f"one of its processes had called {name}, which the profile denies, and for {QUIET_SECONDS:g} s "
            "the program called nothing else"
        )


class Ender:
    """Calls `stop` with the reason once a program cannot end; a context manager with its own thread."""

    def __init__(self, stuck: StuckProgram, stop: Callable[[str], object]) -> None:
        self._stuck = stuck
        self._stop = stop
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Ender":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            if why := self._stuck.why:
                self._stop(why)
                return
