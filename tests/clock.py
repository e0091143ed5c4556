"""A clock that stands still, for tests of code that reads the time."""

from dataclasses import dataclass


@dataclass
class Clock:
    """A clock that goes on when a test says so; `now` is in seconds."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now
