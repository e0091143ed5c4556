"""A program that is denied its own end: exit_group is refused, and so it may go on for ever.

What follows a refused exit_group is a loop of more exits, or a crash that the kernel keeps from a traced first
process. The first process of a program has nothing left to do by then; where it is another one, the rest of the
program may still be at work, and is left alone while it makes calls.
"""

import threading
from collections.abc import Callable

from runner.profile.evidence.model import SeenCall

EXITS = frozenset(("exit_group", "exit"))
_WAITS = frozenset(("rt_sigtimedwait", "wait4", "waitid", "restart_syscall"))
"""What an init and a shell call while they wait for others."""
FIRST_SECONDS = 10.0
"""How long the program may go on after its first process was denied its end."""
QUIET_SECONDS = 30.0
"""How long nothing but exits may be called after another process was denied its end."""
_LOOK_SECONDS = 0.5


class Endless:
    """What a recorder sees of a program that cannot end; `why` says so once that is certain enough.

    `calls` gives the number of each name's calls so far; `clock` is in seconds. May be asked from another thread than
    the one that tells.
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
        """The program's first process has this number; None where no number is printed, since there is no other."""
        self._first = pid

    def denied(self, seen: SeenCall) -> None:
        """The profile denied this call of an exit."""
        with self._lock:
            of_first = seen.name == "exit_group" and seen.pid in (None, self._first or 1)
            if self._denied is None or (of_first and not self._of_first):
                self._denied = seen.name, self._clock()
                self._of_first = of_first

    @property
    def why(self) -> str:
        """Why the program cannot be expected to end by itself; empty while it can."""
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
    """Calls `stop` with the reason once a program cannot end; a context manager with a thread of its own."""

    def __init__(self, endless: Endless, stop: Callable[[str], object]) -> None:
        self._endless = endless
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
            if why := self._endless.why:
                self._stop(why)
                return
