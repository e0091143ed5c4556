"""Events, and logs that are closed after the test."""

import sqlite3
from dataclasses import replace
from pathlib import Path

from runner.record.event import CheckPassed, CheckTried, Event, Trial
from runner.record.sqlite.store import SqliteStore
from runner.record.store import MOST_EVENTS


def event(number: int = 0, learner: str = "me") -> Event:
    return Event(
        learner=learner,
        workshop="w",
        lab="l",
        step="s",
        time=number,
        happening=CheckPassed(str(number)),
    )


def perishable(number: int) -> Event:
    return replace(event(number), happening=CheckTried("c", Trial.FAILED))


OPENED: list[SqliteStore | sqlite3.Connection] = []


def opened(path: Path, *, most: int = MOST_EVENTS) -> SqliteStore:
    """A log that is closed after the test, as each of its users closes it."""
    OPENED.append(log := SqliteStore(path, most=most))
    return log


def connected(path: Path) -> sqlite3.Connection:
    """The file as another program has it open; each statement is a transaction unless one is begun."""
    OPENED.append(connection := sqlite3.connect(path, isolation_level=None))
    return connection
