"""Calls as they happen: counted by name, judged by the profile in force, and the recent failures."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import NamedTuple

from runner.errors import UsageError
from runner.language import tr
from runner.profile.calls.groups import GROUP_OF
from runner.profile.calls.syscalls import Arch
from runner.profile.evidence.model import SeenCall
from runner.profile.evidence.reader import EvidenceReader
from runner.profile.filter.attribution import Cause
from runner.profile.filter.simulate import Decision
from runner.profile.simulation import Simulation
from runner.profile.views.verdicts import FAILURES, Verdict, Verdicts
from runner.trace.counts import Key, counts_of
from runner.trace.own_seccomp import Own, OwnRefusal, OwnSeccomp

MOST_KEPT = 2000
"""The number of failed calls that are kept with their times, the latest ones."""
MOST_ROWS = 200
"""The number of different denials that are reported; further ones are only counted."""
_UNKNOWN_CALLS = "calls that no table knows"
_CAUSES = {
    Cause.RULE: "rule",
    Cause.DEFAULT: "default action",
    Cause.NEWER_THAN_PROFILE: "newer than the profile",
    Cause.FOREIGN_ARCHITECTURE: "another architecture",
    Cause.DISABLED: "no filter",
    Cause.KERNEL: "never filtered",
}


class Judged(NamedTuple):
    """Calls of one kind, their count, and the decision: words for the verdict and for the rule."""

    name: str
    arch: str
    times: int
    verdict: str
    rule: str


class Snapshot(NamedTuple):
    """The calls so far. `others` failed like a denied call, although the profile allows them.

    `own` are calls that the profile allows, and that the program's own seccomp stopped.
    """

    total: int
    denied: tuple[Judged, ...]
    others: tuple[Judged, ...]
    allowed: Mapping[str, tuple[Judged, ...]]
    """Allowed calls, by purpose."""
    verdicts: tuple[Verdict, ...]
    """The verdicts on `denied`, in its order."""
    own: tuple[Judged, ...] = ()


class LiveCalls:
    """Counts strace's log as it is fed; all methods may be called from any thread, and memory stays bounded."""

    def __init__(self, simulation: Simulation, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.simulation = simulation
        self._clock = clock
        self._lock = threading.Lock()
        self._now = 0.0
        self._verdicts = Verdicts(simulation)
        self._failed: deque[tuple[float, SeenCall]] = deque(maxlen=MOST_KEPT)
        self._own = OwnSeccomp(simulation.arch, refused=self._refused_itself, put=self._put_itself)
        self._reader = EvidenceReader(
            simulation.arch, observer=self._see, wanted=self._wants, errnos=FAILURES, processes=self._own.told
        )
        self._own_refusals: deque[tuple[float, OwnRefusal]] = deque(maxlen=MOST_KEPT)
        self._own_counts: dict[tuple[str, str, str, str], int] = {}
        self._own_set: deque[tuple[float, Own]] = deque(maxlen=MOST_KEPT)
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

    def own(self, begin: float, end: float) -> tuple[OwnRefusal, ...]:
        """The calls that a program's own seccomp refused, or may have, as told between two times of the clock."""
        with self._lock:
            return tuple(refusal for at, refusal in self._own_refusals if begin <= at <= end)

    def own_filters(self, begin: float, end: float) -> bool:
        """True if a program asked to install a filter of its own between two times of the clock."""
        with self._lock:
            return any(own is Own.FILTER for at, own in self._own_set if begin <= at <= end)

    def snapshot(self) -> Snapshot:
        """The calls seen so far."""
        with self._lock:
            verdicts = list(self._verdicts)
            counts = self._counts()
            own = dict(self._own_counts)
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
            elif verdict.refused_otherwise:
                row = (*key, verdict.first.errno, tr("not by seccomp"))
                others[row] = others.get(row, 0) + verdict.count
        for (name, arch, said, _), count in own.items():
            if said in FAILURES:
                # It stands among the others with the same words, but for its cause.
                plain = name, arch, said, tr("not by seccomp")
                others[plain] = others.get(plain, 0) - count
            else:
                refused[name, arch] = refused.get((name, arch), 0) + count
        others = {row: count for row, count in others.items() if count > 0}
        others |= {row: count for row, count in own.items() if row[2] in FAILURES}
        ordered = sorted(denied.items(), key=lambda item: -item[1][0])[:MOST_ROWS]
        return Snapshot(
            total=sum(counts.values()),
            denied=tuple(_judged(row, count) for row, (count, _) in ordered),
            others=tuple(_judged(row, count) for row, count in others.items())[:MOST_ROWS],
            allowed=self._allowed(counts, refused),
            verdicts=tuple(verdict for _, (_, verdict) in ordered),
            own=tuple(_judged(row, count) for row, count in own.items() if row[2] not in FAILURES),
        )

    def _wants(self, name: str, arch: Arch | None) -> bool:
        return self._own.wants(name) or self._verdicts.may_deny(name, arch)

    def _see(self, seen: SeenCall) -> None:
        verdict = self._verdicts(seen)
        if (verdict is not None and verdict.denied) or seen.errno in FAILURES:
            self._failed.append((self._now, seen))
        self._own.see(seen, verdict)
        if seen.name == "ptrace" and seen.errno == "EPERM" and verdict is not None and not verdict.denied:
            self.tracing_refused = True
        if seen.name.startswith("#"):
            key = seen.name, (seen.arch or self.simulation.arch).go
            if key in self._odd or len(self._odd) < MOST_ROWS:
                self._odd[key] = self._odd.get(key, 0) + seen.times

    def _put_itself(self, own: Own) -> None:
        """Note that a program put itself under seccomp: from now on each call is looked at, not only counted."""
        self._own_set.append((self._now, own))
        self._reader.forget_plain()

    def _refused_itself(self, refusal: OwnRefusal) -> None:
        self._own_refusals.append((self._now, refusal))
        call = refusal.call
        cause = tr("its own strict mode") if refusal.own is Own.STRICT else tr("its own filter")
        row = (
            (call.name, (call.arch or self.simulation.arch).go, tr("denied: killed"), cause)
            if refusal.certain
            else (
                call.name,
                (call.arch or self.simulation.arch).go,
                call.errno,
                tr("its own filter, or the kernel"),
            )
        )
        if row in self._own_counts or len(self._own_counts) < MOST_ROWS:
            self._own_counts[row] = self._own_counts.get(row, 0) + 1

    def _counts(self) -> dict[Key, int]:
        return counts_of(self._reader, self.simulation.arch) + Counter(self._odd)

    def _allowed(
        self, counts: Mapping[Key, int], refused: Mapping[Key, int]
    ) -> dict[str, tuple[Judged, ...]]:
        groups: dict[str, list[Judged]] = {}
        for key, count in counts.items():
            passed = count - refused.get(key, 0)
            if passed > 0:
                name, arch = key
                decision = self._decision(name, arch)
                said = (fate(decision), rule_of(decision)) if decision else (tr("not denied"), "")
                row = Judged(name, arch, passed, *said)
                title = tr(GROUP_OF[name].title if name in GROUP_OF else _UNKNOWN_CALLS)
                groups.setdefault(title, []).append(row)
        titles = dict.fromkeys(tr(group.title) for group in GROUP_OF.values())
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
        return tr("allowed") if decision.action == "allow" else tr("logged")
    return tr("denied: {how}", how=decision.errno or decision.action.replace("_", " "))


def rule_of(decision: Decision) -> str:
    """The deciding rule, by its line, in a few words."""
    if decision.rule is not None:
        source = decision.rule.source
        return tr("line {line}", line=source.at.line) if source else tr("rule {index}", index=decision.index)
    return tr(_CAUSES[decision.cause])


def _judged(row: tuple[str, str, str, str], count: int) -> Judged:
    name, arch, verdict, rule = row
    return Judged(name, arch, count, verdict, rule)
