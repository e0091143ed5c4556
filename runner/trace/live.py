"""Calls as they happen: counted by name, judged by the profile in force, and the recent failures."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple

from runner.errors import UsageError
from runner.profile.calls.groups import GROUP_OF
from runner.profile.evidence.model import SeenCall
from runner.profile.evidence.reader import EvidenceReader
from runner.profile.filter.simulate import Decision
from runner.profile.simulation import Simulation
from runner.profile.views.verdicts import FAILURES, Verdict, Verdicts

MOST_KEPT = 2000
"""The number of failed calls that are kept with their times, the latest ones."""
MOST_ROWS = 200
"""The number of different denials that are reported; further ones are only counted."""

Key = tuple[str, str]
"""A call's name and its architecture's Go name."""


class Judged(NamedTuple):
    """Calls of one kind, their count, and the decision: words for the verdict and for the rule."""

    name: str
    arch: str
    times: int
    verdict: str
    rule: str


class Snapshot(NamedTuple):
    """The calls so far. `others` failed like a denied call, although the profile allows them."""

    total: int
    denied: tuple[Judged, ...]
    others: tuple[Judged, ...]
    allowed: Mapping[str, tuple[Judged, ...]]
    """Allowed calls, by purpose."""
    verdicts: tuple[Verdict, ...]
    """The verdicts on `denied`, in its order."""


class LiveCalls:
    """Counts strace's log as it is fed; all methods may be called from any thread, and memory stays bounded."""

    def __init__(self, simulation: Simulation, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.simulation = simulation
        self._clock = clock
        self._lock = threading.Lock()
        self._now = 0.0
        self._verdicts = Verdicts(simulation)
        self._failed: deque[tuple[float, SeenCall]] = deque(maxlen=MOST_KEPT)
        self._reader = EvidenceReader(
            simulation.arch, observer=self._see, wanted=self._verdicts.may_deny, errnos=FAILURES
        )
        self._decisions: dict[Key, Decision | None] = {}
        self._odd: dict[Key, int] = {}
        self.tracing_refused = False
        """True if a program was refused permission to trace another one, perhaps because that one is traced already."""
        self.version = 0
        """A number that grows with each block of the log."""
        self.quiet_since = clock()
        """The time of the latest block."""

    def feed(self, data: bytes) -> None:
        """Read a further piece of the log."""
        with self._lock:
            self._now = self._clock()
            self._reader.feed(data)
            self.version += 1
            self.quiet_since = self._now

    def failed(self, begin: float, end: float) -> tuple[SeenCall, ...]:
        """The denied and failed calls that were read between two times of the clock."""
        with self._lock:
            return tuple(seen for at, seen in self._failed if begin <= at <= end)

    def snapshot(self) -> Snapshot:
        """The calls seen so far."""
        with self._lock:
            verdicts = list(self._verdicts)
            counts = self._counts()
        denied: dict[tuple[str, str, str, str], tuple[int, Verdict]] = {}
        others: dict[tuple[str, str, str, str], int] = {}
        refused: dict[Key, int] = {}
        for verdict in verdicts:
            key = verdict.call.syscall.name, verdict.call.arch.go
            if verdict.denied and verdict.certain:
                row = (*key, fate(verdict.decision), rule_of(verdict.decision))
                before, first = denied.get(row, (0, verdict))
                denied[row] = before + verdict.count, first
                refused[key] = refused.get(key, 0) + verdict.count
            elif verdict.first.errno in FAILURES and not verdict.denied:
                row = (*key, verdict.first.errno, "not by seccomp")
                others[row] = others.get(row, 0) + verdict.count
        ordered = sorted(denied.items(), key=lambda item: -item[1][0])[:MOST_ROWS]
        return Snapshot(
            total=sum(counts.values()),
            denied=tuple(_judged(row, count) for row, (count, _) in ordered),
            others=tuple(_judged(row, count) for row, count in others.items())[:MOST_ROWS],
            allowed=self._allowed(counts, refused),
            verdicts=tuple(verdict for _, (_, verdict) in ordered),
        )

    def _see(self, seen: SeenCall) -> None:
        verdict = self._verdicts(seen)
        if (verdict is not None and verdict.denied) or seen.errno in FAILURES:
            self._failed.append((self._now, seen))
        if seen.name == "ptrace" and seen.errno == "EPERM" and verdict is not None and not verdict.denied:
            self.tracing_refused = True
        if seen.name.startswith("#") and len(self._odd) < MOST_ROWS:
            key = seen.name, (seen.arch or self.simulation.arch).go
            self._odd[key] = self._odd.get(key, 0) + seen.times

    def _counts(self) -> dict[Key, int]:
        counts = dict(self._odd)
        for seen in self._reader.so_far().calls:
            key = seen.name, (seen.arch or self.simulation.arch).go
            counts[key] = counts.get(key, 0) + seen.times
        return counts

    def _allowed(
        self, counts: Mapping[Key, int], refused: Mapping[Key, int]
    ) -> dict[str, tuple[Judged, ...]]:
        groups: dict[str, list[Judged]] = {}
        for key, count in counts.items():
            passed = count - refused.get(key, 0)
            if passed > 0:
                name, arch = key
                decision = self._decision(name, arch)
                said = (fate(decision), rule_of(decision)) if decision else ("not denied", "")
                row = Judged(name, arch, passed, *said)
                title = GROUP_OF[name].title if name in GROUP_OF else "calls that no table knows"
                groups.setdefault(title, []).append(row)
        titles = dict.fromkeys(group.title for group in GROUP_OF.values())
        return {
            title: tuple(groups[title]) for title in (*titles, *(groups.keys() - titles)) if title in groups
        }

    def _decision(self, name: str, arch: str) -> Decision | None:
        """The profile's decision on a call that it has allowed; None for one that the architecture lacks."""
        key = name, arch
        if key not in self._decisions:
            try:
                call = self.simulation.call([name], arch)
            except UsageError:
                self._decisions[key] = None
                return None
            with self._lock:
                verdicts = list(self._verdicts)
            passed = (one for one in verdicts if one.call.syscall == call.syscall and not one.denied)
            found = next(passed, None)
            self._decisions[key] = found.decision if found else self.simulation.decide(call)
        return self._decisions[key]


def fate(decision: Decision) -> str:
    """The result for a call, in words."""
    if decision.executed:
        return "allowed" if decision.action == "allow" else "logged"
    return f"denied: {decision.errno or decision.action.replace('_', ' ')}"


def rule_of(decision: Decision) -> str:
    """The deciding rule, by its line, in a few words."""
    if decision.rule is not None:
        return f"line {decision.rule.source.at.line}" if decision.rule.source else f"rule {decision.index}"
    return {
        "default": "default action",
        "newer-than-profile": "newer than the profile",
        "foreign-architecture": "another architecture",
        "disabled": "no filter",
        "kernel": "never filtered",
    }.get(decision.cause.value, decision.cause.value)


def _judged(row: tuple[str, str, str, str], count: int) -> Judged:
    name, arch, verdict, rule = row
    return Judged(name, arch, count, verdict, rule)
