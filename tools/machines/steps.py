"""What was tried, step by step, and what came of it."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tools.machines.machine import MachineError
from tools.machines.terminal import ScreenError


class Wrong(Exception):
    """Something is not as it must be; the message says what it is like."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a scenario: what was found, in a line, and whether that is right."""

    name: str
    good: bool
    seconds: float
    found: str


def play(steps: Iterable[tuple[str, Callable[[], str]]], say: Callable[[str], None]) -> list[Step]:
    """Do every step, also after one that failed, since that tells more."""
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
