"""The steps of a scenario, and their results."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tools.machines.machine import MachineError
from tools.machines.terminal import ScreenError


class Wrong(Exception):
    """Something is not as it must be; the message describes it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scenario: the finding, in a line, and whether it is right."""

    name: str
    good: bool
    seconds: float
    found: str


def play(steps: Iterable[tuple[str, Callable[[], str]]], say: Callable[[str], None]) -> list[Step]:
    """Play every step, also after a failure, since later results are informative."""
    return [_done(name, step, say) for name, step in steps]


def _done(name: str, step: Callable[[], str], say: Callable[[str], None]) -> Step:
    began, good = time.monotonic(), True
    try:
        found = step()
    except (Wrong, MachineError, ScreenError, OSError, ValueError, LookupError) as error:
        found, good = f"{type(error).__name__}: {error}", False
    done = Step(name, good, time.monotonic() - began, found)
    say(f"  {'ok ' if good else 'BAD'} {name}: {found} ({done.seconds:.0f} s)")
    return done
