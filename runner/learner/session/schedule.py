"""When a step's checks are looked at."""

import threading
import time
from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import NamedTuple

from runner.shell.recorder import CommandFinished

QUIET_SECONDS = 0.6
"""Seconds without activity before the expensive probes run."""
RUNNING_SECONDS = (1.0, 4.0, 15.0)
"""The ages of a command that still runs, at which the checks of its container are evaluated."""


class AtCommand(NamedTuple):
    """A look at what a command that has finished in the console `target` means for the checks."""

    target: str
    finished: CommandFinished


class WhileRunning(NamedTuple):
    """A look at the containers that a command may change which still runs in the console `target`."""

    target: str


class Look(Enum):
    """A look at the checks."""

    ASKED = auto()
    """At all of them, since somebody wants to know."""
    AROUND = auto()
    """At those that no command alone decides."""


Due = AtCommand | WhileRunning | Look


class Schedule:
    """The looks to come, for a thread that carries them out one after another.

    The learner's latest commands come first, then what was asked for, then what a moment without activity allows, and
    at last what a command that runs on may have changed.
    """

    def __init__(
        self,
        *,
        quiet: float = QUIET_SECONDS,
        ages: Sequence[float] = RUNNING_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._quiet = quiet
        self._ages = ages
        self._clock = clock
        self.woken = threading.Condition()
        """Guards the looks to come; held by others, none is taken."""
        self._finished: list[AtCommand] = []
        self._running: dict[str, list[float]] = {}
        """The next looks at the containers of commands that still run, by console: times of the clock."""
        self._asked = False
        self._around: float | None = None
        """The time of the next look around."""
        self.closed = False

    def restart(self) -> None:
        """Drop what was to be looked at in another step."""
        with self.woken:
            self._finished.clear()
            self._asked = False

    def changed(self) -> None:
        """Note activity: a look around is due when it is quiet again."""
        with self.woken:
            self._around = self._clock() + self._quiet
            self.woken.notify()

    def began(self, target: str) -> None:
        """Note that a command has started in the console `target`."""
        with self.woken:
            now = self._clock()
            self._running[target] = [now + age for age in self._ages]
            self.woken.notify()

    def saw(self, target: str, finished: CommandFinished) -> None:
        """Note that a command has finished in the console `target`."""
        with self.woken:
            self._running.pop(target, None)
            self._finished.append(AtCommand(target, finished))
            self.changed()

    def ask(self) -> None:
        """Have all checks looked at."""
        with self.woken:
            self._asked = True
            self.woken.notify()

    def close(self) -> None:
        """End the waiting for looks."""
        with self.woken:
            self.closed = True
            self.woken.notify()

    def next(self) -> Due | None:
        """Wait for the next look; None at the end."""
        with self.woken:
            while not self.closed:
                now = self._clock()
                if self._finished:
                    return self._finished.pop(0)
                if self._asked:
                    self._asked, self._around = False, None
                    return Look.ASKED
                if self._around is not None and now >= self._around:
                    self._around = None
                    return Look.AROUND
                due = [(looks[0], target) for target, looks in self._running.items() if looks]
                first, console = min(due, default=(None, ""))
                if first is not None and now >= first:
                    self._running[console].pop(0)
                    return WhileRunning(console)
                waits = [at - now for at in (self._around, first) if at is not None]
                self.woken.wait(min(waits, default=None))
            return None
