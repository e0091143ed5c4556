"""Calls as tracers other than strace write them: ltrace, perf, sysdig and the kernel's tracepoints."""

import re
from typing import Protocol

from runner.profile.calls.syscalls import Arch
from runner.profile.evidence import sysdig, tracepoint
from runner.profile.evidence.ledger import Ledger
from runner.profile.evidence.model import EvidenceKind, SeenCall
from runner.profile.evidence.names import named, of_tool

_PERF = re.compile(
    r"\s*(?:\d+\.\d+|\?)\s+\(\s*(?:\d+\.\d+ ms)?\s*\):\s+(?:(\S.{0,15})/(\d{1,10})\s+)?"
    r"(?:\.\.\. \[continued\]: )?([a-z_][a-z0-9_]*)\((.*)\Z"
)
_LTRACE = re.compile(r"(\s*(?:\[pid \d+\] |\d+ )?(?:[\d:.]+ )?)([a-z_][a-z0-9_]*)@SYS\((.*)\Z")
"""A system call as `ltrace -S` writes it."""
_QEMU = re.compile(r"(\s*(?:\d+ )?)Unknown syscall (\d{1,10})\s*\Z")
"""A call that QEMU does not know, as its -strace writes it."""
_PERF_ERRNO = re.compile(r"= -1 (E[A-Z0-9]+)")


class Calls(Protocol):
    """A callback for calls in the form of strace's."""

    def call(self, prefix: bytes, resumed: bytes, name: bytes, rest: bytes) -> None:
        """Handle a line in the form of a call, split into its parts."""


class OtherTracers:
    """Reads such lines, one at a time."""

    def __init__(self, arch: Arch, kinds: frozenset[EvidenceKind], ledger: Ledger, calls: Calls) -> None:
        self._arch = arch
        self._kinds = kinds
        self._ledger = ledger
        self._calls = calls
        self._sysdig_pairs = sysdig.Pairs()

    def close(self) -> None:
        """Finish at the end of the text: report calls that did not return."""
        for paired in self._sysdig_pairs.rest():
            self._sysdig_call(paired)

    def line(self, text: str) -> bool:
        """Handle a call as ltrace or perf writes it, or one that strace could not name; True if the line was one."""
        if "????(" in text:
            self._ledger.waste(self._ledger.lines, "strace could not tell which call this is", text)
            return True
        ltrace = _LTRACE.match(text)
        if ltrace is not None:
            # Older releases write SYS_read for read@SYS.
            self._calls.call(ltrace[1].encode(), b"", f"SYS_{ltrace[2]}".encode(), ltrace[3].encode())
            return True
        qemu = _QEMU.match(text)
        if qemu is not None:
            self._calls.call(qemu[1].encode(), b"", f"syscall_{qemu[2]}".encode(), b") = ?")
            return True
        perf = _PERF.match(text)
        if perf is not None:
            self._perf(perf, text)
            return True
        event = sysdig.event(text)
        if event is not None:
            self._sysdig(event)
            return True
        point = tracepoint.point(text) if "sys_" in text else None
        if point is not None:
            self._tracepoint(point)
        return point is not None

    def _tracepoint(self, point: tracepoint.Point) -> None:
        if point.times is None:
            reason = "names a tracepoint without a count or an event"
            self._ledger.waste(self._ledger.lines, reason, point.word)
            return
        found = named(point.word, self._arch) if point.word else None
        if EvidenceKind.TRACEPOINT not in self._kinds or (point.times and found is None):
            reason = "a tracepoint, which was not asked for or names no system call"
            self._ledger.waste(self._ledger.lines, reason, point.word)
        elif found is None or not point.times:
            self._ledger.used[EvidenceKind.TRACEPOINT] += 1
        else:
            self._ledger.add_named(
                SeenCall(
                    kind=EvidenceKind.TRACEPOINT,
                    name=found.name,
                    number=found.number,
                    line=self._ledger.lines,
                    times=point.times,
                ),
                self._arch,
            )

    def _sysdig(self, event: sysdig.Event) -> None:
        found = named(event.name, self._arch)
        if found is None or not found.known:
            return  # sysdig also prints switches between processes, signals and page faults
        if EvidenceKind.SYSDIG not in self._kinds:
            self._ledger.waste(self._ledger.lines, "a line of sysdig, which was not asked for", event.name)
            return
        found = of_tool(found, self._arch)
        self._ledger.used[EvidenceKind.SYSDIG] += 1
        for paired in self._sysdig_pairs.take(event._replace(name=found.name), self._ledger.lines):
            self._sysdig_call(paired)

    def _sysdig_call(self, paired: sysdig.PairedCall) -> None:
        # A log may begin with the return of an execve, which is the one sign of that call.
        event = paired.event
        call = SeenCall(
            kind=EvidenceKind.SYSDIG,
            name=event.name,
            line=paired.line,
            errno=event.errno,
            pid=event.pid,
            thread=event.thread,
            times=paired.times,
        )
        self._ledger.tally(call).times += call.times
        self._ledger.observe(call)

    def _perf(self, match: re.Match[str], text: str) -> None:
        found = named(match[3], self._arch)
        if EvidenceKind.PERF not in self._kinds or found is None or not found.known:
            reason = "a line of perf trace, which was not asked for or names no system call"
            self._ledger.waste(self._ledger.lines, reason, text)
            return
        found = of_tool(found, self._arch)
        errno = _PERF_ERRNO.search(match[4])
        call = SeenCall(
            kind=EvidenceKind.PERF,
            name=found.name,
            line=self._ledger.lines,
            errno=errno[1] if errno else "",
            pid=int(match[2]) if match[2] else None,
            thread=match[1] or "",
        )
        self._ledger.add(call)
