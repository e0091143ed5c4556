"""Calls counted as they are read."""

import errno
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from runner.errors import UsageError
from runner.profile.calls.syscalls import Arch, find
from runner.profile.evidence.arguments import values
from runner.profile.evidence.model import Evidence, SeenCall
from runner.profile.evidence.reader import EvidenceReader
from runner.profile.simulation import Simulation
from runner.profile.views.verdicts import FAILURES, MOST_KINDS, Verdict, Verdicts
from runner.trace.counts import Key, counts_of
from runner.trace.own_seccomp import Own, OwnFound, OwnSeccomp
from runner.trace.stuck import EXITS, StuckProgram
from runner.trace.trace import MOST_VALUES, TELLING_ARGS, Began, Trace, TracedCall, in_order, telling_arg

_MOST_PROGRAMS = 200
_KILLED_BY_SECCOMP = 128 + signal.SIGSYS
_SUCCESS = frozenset(("0", "0x0"))
_EXECUTES = frozenset(("execve", "execveat"))
_ERRNOS = frozenset(errno.errorcode.values())


@dataclass(slots=True)
class Tally:
    """The record of one call that is examined closely; `count` is for calls whose name is not in the log."""

    count: int = 0
    number: int | None = None
    errors: dict[str, int] = field(default_factory=dict)
    first: tuple[int | None, ...] = ()
    last: tuple[int | None, ...] = ()
    values: set[int] = field(default_factory=set)
    unknown: bool = False
    """True if the evidence does not show the deciding argument of a call that was not refused."""


class Recorder:
    """Counts the calls in strace's log as it is fed, and judges them by the profile in force.

    With `gated`, calls before the first successful execve belong to the gate, and do not count. Calls that the profile
    allows with all arguments are examined once, and again if they fail; else they are only counted. All public methods
    may be called from any thread.
    """

    def __init__(
        self, simulation: Simulation, *, gated: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._arch = simulation.arch
        self._lock = threading.Lock()
        self._begun = not gated
        self._gated = gated
        self._programs: dict[str, None] = {}
        self._tallies: dict[Key, Tally] = {}
        self._before: dict[Key, int] = {}
        """The counts of the gate's own calls."""
        self.overflow = 0
        """The number of calls that came after `MOST_KINDS` kinds had been seen, and are not counted."""
        self._verdicts = Verdicts(simulation)
        self.stuck = StuckProgram(self._by_name, clock)
        self.own = OwnFound()
        """What the program's own seccomp did; read it after the end of the log."""
        self._own = OwnSeccomp(simulation.arch, refused=self.own.refused, put=self._put_itself)
        self._reader = EvidenceReader(
            simulation.arch, observer=self._see, wanted=self._wants, errnos=_ERRNOS, processes=self._own.told
        )

    def feed(self, data: bytes) -> None:
        """Read a further piece of the log."""
        with self._lock:
            self._reader.feed(data)

    def exited(self, status: int | None) -> None:
        """Take in the exit status of a container's first process, whose end strace does not see: it ends with that."""
        if status == _KILLED_BY_SECCOMP:
            with self._lock:
                self._own.first_ended("SIGSYS")

    def close(self) -> Evidence:
        """Return the evidence, after the end of the log."""
        with self._lock:
            return self._reader.close()

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts of the profile in force on the calls so far, in the order of the log."""
        with self._lock:
            return tuple(self._verdicts)

    def _wants(self, name: str, arch: Arch | None) -> bool:
        """True if each call of a name must be examined."""
        return (
            not self._begun
            or self._own.wants(name)
            or name in TELLING_ARGS
            or name in _EXECUTES
            or (name, (arch or self._arch).go) not in self._tallies
            or self._verdicts.may_deny(name, arch)
        )

    def _read(self) -> dict[Key, int]:
        return counts_of(self._reader, self._arch)

    def _by_name(self) -> dict[str, int]:
        with self._lock:
            found: Counter[str] = Counter()
            for (name, _), times in self._read().items():
                found[name] += times
            return found

    def counts(self) -> dict[Key, int]:
        """The counts of the program's calls so far."""
        with self._lock:
            return self._counts()

    def _counts(self) -> dict[Key, int]:
        counts = {key: tally.count for key, tally in self._tallies.items() if key[0].startswith("#")}
        for key, times in self._read().items():
            own = times - self._before.get(key, 0)
            if own > 0 and self._begun:
                counts[key] = own
        return counts

    def _see(self, seen: SeenCall) -> None:
        if not self._begun:
            self._begun = seen.name == "execve" and seen.result in _SUCCESS
            if self._begun:
                self._before = self._read()
                self._executed(seen)
                self.stuck.began(seen.pid)
            return
        verdict = self._judge(seen)
        arch = seen.arch or self._arch
        key = seen.name, arch.go
        if key not in self._tallies and len(self._tallies) >= MOST_KINDS:
            self.overflow += seen.times
            return
        tally = self._tallies.setdefault(key, Tally())
        tally.count += seen.times
        if tally.number is None:
            tally.number = seen.number if seen.number is not None else _number(seen.name, arch)
        if seen.errno in _ERRNOS:
            tally.errors[seen.errno] = tally.errors.get(seen.errno, 0) + seen.times
        args = values(seen, arch) if seen.args is not None else ()
        tally.first = tally.first or args
        tally.last = args or tally.last
        # A refused call must not be allowed merely because it was tried.
        if seen.errno not in FAILURES and not (verdict is not None and verdict.denied and verdict.certain):
            _note_value(tally, seen, arch, args)
        if seen.name in _EXECUTES and seen.result in _SUCCESS:
            self._executed(seen)

    def _judge(self, seen: SeenCall) -> Verdict | None:
        verdict = self._verdicts(seen)
        self._own.see(seen, verdict)
        # A call that kills ends the caller after all.
        if seen.name in EXITS and verdict is not None and verdict.denied and not verdict.decision.kills:
            self.stuck.denied(seen)
        return verdict

    def _put_itself(self, own: Own) -> None:
        """Note that the program put itself under seccomp: from now on each call is looked at, not only counted."""
        self.own.put(own)
        self._reader.forget_plain()

    def _executed(self, seen: SeenCall) -> None:
        if seen.args and len(self._programs) < _MOST_PROGRAMS:
            path = seen.args[1 if seen.name == "execveat" and len(seen.args) > 1 else 0].strip('"')
            self._programs[path] = None

    def trace(
        self, *, names: tuple[str, ...] = (), seconds: float = 0.0, notes: tuple[str, ...] = ()
    ) -> Trace:
        """The trace so far."""
        with self._lock:
            return self._trace(names, seconds, notes)

    def _trace(self, names: tuple[str, ...], seconds: float, notes: tuple[str, ...]) -> Trace:
        if self.overflow:
            more = f"{self.overflow:,} calls of further kinds came after {MOST_KINDS:,} kinds, and are not counted"
            notes = (*notes, more)
        counts = self._counts()
        calls = [
            TracedCall(
                name=name,
                arch=arch,
                count=max(counts.get((name, arch), 0), 1),
                number=tally.number,
                errors=dict(tally.errors),
                first=tally.first,
                last=tally.last,
                values=tuple(sorted(tally.values))[:MOST_VALUES],
                more=tally.unknown or len(tally.values) > MOST_VALUES,
            )
            for (name, arch), tally in self._tallies.items()
        ]
        return Trace(
            arch=self._arch.go,
            calls=in_order(calls),
            began=Began.START if self._gated else Began.ATTACHED,
            programs=tuple(self._programs),
            denied=self._never_passed(),
            seconds=seconds,
            names=names,
            notes=notes,
        )

    @property
    def began(self) -> bool:
        """True if the program's first instruction was seen."""
        return self._begun

    def _never_passed(self) -> dict[str, int]:
        """The calls that the profile denied each time, with the errno that they got."""
        denied: dict[str, int] = {}
        passed: set[str] = set()
        for verdict in self._verdicts:
            name = verdict.call.syscall.name
            if verdict.denied and verdict.certain:
                denied.setdefault(name, verdict.decision.errno_number or 0)
            else:
                passed.add(name)
        return {name: number for name, number in denied.items() if name not in passed}


def _note_value(tally: Tally, seen: SeenCall, arch: Arch, args: tuple[int | None, ...]) -> None:
    """Note the deciding argument of a call; a second sign of the same call tells nothing of it."""
    index = telling_arg(seen.name, arch.go)
    if index is None or not seen.times:
        return
    value = args[index] if args else None
    if value is None:
        tally.unknown = True
    elif len(tally.values) <= MOST_VALUES:
        tally.values.add(value)


def _number(name: str, arch: Arch) -> int | None:
    try:
        return find(name, arch).number
    except UsageError:
        return None
