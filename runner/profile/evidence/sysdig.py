"""Lines of sysdig and csysdig: one event each, `>` where a call begins and `<` where it returns."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_EVENT = re.compile(
    r"\d+ (?:\d{4}-\d\d-\d\d )?[\d:.]+ \d+ "
    r"(?:\S{1,253} \([\w<>-]{1,64}\) (?=\S))?(?P<thread>.{1,40}?) \((?P<pid>\d{1,10})(?:[:.]\d+)?\) "
    r"(?P<way>[<>]) (?P<name>[a-z_][a-z0-9_]*)\b(?: (?:res|fd)=-\d{1,4}\((?P<errno>E[A-Z0-9]{1,15})\))?"
)
"""With `-pc` or `-pk`, the container and its number stand before the thread."""
_GENERIC = re.compile(r" ID=\d{1,5}(?:\(([a-z_][a-z0-9_]*)\))?(?:.*? nativeID=(\d{1,5})\b)?")
"""What sysdig tells of a call that it has no event for: the call's name, if it has one, and the kernel's number."""
_MOST_BEGUN = 100_000


class Event(NamedTuple):
    """An event of a thread: a call begins or returns; `errno` is the name of its error, empty without one."""

    name: str
    pid: int
    thread: str
    begins: bool
    errno: str


class PairedCall(NamedTuple):
    """A call found in the events, with the line where it began; `times` is 0 if only its return was seen."""

    event: Event
    line: int
    times: int


class Pairs:
    """Joins each call's return to its beginning; a thread makes one call at a time."""

    def __init__(self, *, most: int = _MOST_BEGUN) -> None:
        """Keep at most `most` calls that began and did not return; beyond that, give the oldest without a result."""
        self._most = most
        self._begun: dict[int, PairedCall] = {}

    def take(self, event: Event, line: int) -> Iterator[PairedCall]:
        """The calls that this event completes."""
        begun = self._begun.pop(event.pid, None)
        if begun is not None and not event.begins and begun.event.name == event.name:
            yield begun._replace(event=event)
            return
        if begun is not None:
            yield begun
        if event.begins:
            if len(self._begun) >= self._most:
                yield self._begun.pop(next(iter(self._begun)))
            self._begun[event.pid] = PairedCall(event, line, 1)
        else:
            yield PairedCall(event, line, 0)

    def rest(self) -> Iterator[PairedCall]:
        """The calls whose return was not seen."""
        yield from self._begun.values()
        self._begun.clear()


def event(text: str) -> Event | None:
    """The event of a line, None for another line."""
    match = _EVENT.match(text.strip())
    if match is None:
        return None
    name = match["name"]
    if name == "syscall" and (generic := _GENERIC.match(text.strip(), match.end())):
        name = generic[1] or (f"syscall_{generic[2]}" if generic[2] else name)
    return Event(name, int(match["pid"]), match["thread"], match["way"] == ">", match["errno"] or "")
