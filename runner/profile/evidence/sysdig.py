"""Lines of sysdig and csysdig: an event each, `>` as a call begins and `<` as it returns."""

import re
from typing import NamedTuple

_EVENT = re.compile(
    r"\d+ [\d:.]+ \d+ (?P<thread>.{1,40}?) \((?P<pid>\d{1,10})(?:[:.]\d+)?\) (?P<way>[<>]) (?P<name>[a-z_][a-z0-9_]*)\b"
)


class Event(NamedTuple):
    """An event of a process: a call that begins, or returns."""

    name: str
    pid: int
    thread: str
    begins: bool


def event(text: str) -> Event | None:
    """The event of a line, None for another line."""
    match = _EVENT.match(text.strip())
    return Event(match["name"], int(match["pid"]), match["thread"], match["way"] == ">") if match else None
