"""Evidence of calls read from a stream of any length, in memory that does not grow with it.

Most lines of a long log are calls that have been seen before: one regular expression splits a whole block of lines,
and a dictionary counts them. Only what is new, asked for, or no plain call is looked at closely.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import BinaryIO

from runner.profile.calls.syscalls import Arch
from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.evidence import audit, strace_line
from runner.profile.evidence.ledger import Ledger, Observer
from runner.profile.evidence.model import Evidence, Kind, SeenCall
from runner.profile.evidence.modes import Modes
from runner.profile.evidence.names import named
from runner.profile.evidence.strace_table import Table, classic_row
from runner.profile.evidence.wrapping import unwrapped

BLOCK = 1 << 20
LONGEST_LINE = 16 << 20
ALL_KINDS = frozenset(Kind)
_MOST_PENDING = 100_000

_EVENT = re.compile(
    r"---|\+\+\+|strace: |Process \d+ (?:at|de|re|sus)|<\.\.\. resum|<pid changed"
    r"|\)[ \t]+= |\)[ \t]*\Z|> |\| |, [a-z_]+="
)
_SIGSYS = re.compile(r"--- SIGSYS \{.*si_syscall=([A-Za-z0-9_#]+), si_arch=AUDIT_ARCH_(\w+)")
_PERF = re.compile(
    r"\s*(?:\d+\.\d+|\?)\s+\(\s*(?:\d+\.\d+ ms)?\s*\):\s+(?:(\S.{0,15})/(\d{1,10})\s+)?"
    r"(?:\.\.\. \[continued\]: )?([a-z_][a-z0-9_]*)\((.*)\Z"
)
_PERF_ERRNO = re.compile(r"= -1 (E[A-Z0-9]+)")
_REFUSED = re.compile(
    r"(?i)not permitted|permission denied|bad system call|function not implemented|seccomp|errno ?[=:] ?1\b|EPERM"
    r"|stopped process|pthread_create"
)
_INDIRECT = re.compile(r"\s*(0x[0-9a-fA-F]{1,8}|\d{1,10})\s*(?:,|(?=\)))")
_CALL_SHAPED = re.compile(r".*\)\s+= (?:-?\d|0x|\?)|.*<unfinished \.\.\.>|.*\) = ", re.DOTALL)
_AUDIT_ARCHES = {"X86_64": "amd64", "I386": "386", "AARCH64": "arm64", "ARM": "arm", "RISCV64": "riscv64"}


class EvidenceReader:
    """Reads evidence as it comes; `feed` it, then `close` it.

    `arch` is what numbers mean where the evidence does not say. `observer` gets each call whose name is `wanted`, with
    its arguments and, where strace wrote it on another line, its result, and each that failed with one of `errnos`;
    the others are only counted. `kinds` limits what is taken for evidence.
    """

    def __init__(
        self,
        arch: Arch,
        *,
        observer: Observer | None = None,
        wanted: Callable[[str], bool] = lambda _: True,
        errnos: Collection[str] = (),
        kinds: frozenset[Kind] = ALL_KINDS,
    ) -> None:
        self._arch = arch
        self._kinds = kinds
        self._failed = tuple(f"= -1 {errno} ".encode() for errno in errnos)
        self._ledger = Ledger(observer, wanted, frozenset(errnos))
        self._modes = Modes(arch)
        self._table = Table()
        self._partial = b""
        self._plain: dict[bytes, list[int]] = {}
        self._pending: dict[tuple[int | None, str], SeenCall] = {}

    def feed(self, data: bytes) -> None:
        """Read what came next; a line may come in pieces."""
        end = data.rfind(b"\n") + 1
        if end:
            block, self._partial = self._partial + data[:end], data[end:]
            self._block(block)
            return
        self._partial += data
        if len(self._partial) > LONGEST_LINE:
            self._block(self._partial + b"\n")
            self._partial = b""

    def close(self) -> Evidence:
        """What was read, with the calls whose results never came."""
        if self._partial:
            self._block(self._partial + b"\n")
            self._partial = b""
        for call in self._pending.values():
            self._ledger.observe(call)
        self._pending.clear()
        return self._ledger.evidence()

    def _block(self, block: bytes) -> None:
        ledger, plain, used, failed = self._ledger, self._plain, 0, self._failed
        for prefix, resumed, name, rest, other in strace_line.ROW.findall(block):
            ledger.lines += 1
            if name:
                tally = plain.get(name)
                if tally is None or (
                    failed and b"= -1 E" in rest and any(failure in rest for failure in failed)
                ):
                    self._call(prefix, resumed, name, rest)
                else:
                    used += 1
                    if not resumed:
                        tally[0] += 1
            elif other:
                self._other(other)
            elif self._table.open:
                self._table.close()
        ledger.used[Kind.STRACE] += used

    def _call(self, prefix: bytes, resumed: bytes, name: bytes, rest: bytes) -> None:
        """A line in the form of a call: its name is new or asked for, or a process runs in another mode."""
        pid, thread = strace_line.process(prefix)
        arch = self._modes.of(pid)
        word, text = name.decode("ascii"), rest.decode("utf-8", "replace")
        indirect = _INDIRECT.match(text) if word == "syscall" else None
        if indirect:
            word, text = f"#{indirect[1]}", text[indirect.end() :]
        shaped = bool(resumed) or _CALL_SHAPED.match(text) is not None
        found = named(word, arch or self._arch)
        if found is None or Kind.STRACE not in self._kinds or not (found.known or shaped):
            self._no_call((prefix + resumed + name + b"(" + rest).decode("utf-8", "replace"), shaped=shaped)
            return
        call = SeenCall(
            kind=Kind.STRACE,
            name=found.name,
            number=found.number,
            arch=arch or (found.arch if found.arch != self._arch else None),
            line=self._ledger.lines,
            pid=pid,
            thread=thread,
        )
        tail = strace_line.tail(text)
        if found.number is not None and not found.known:
            self._ledger.unknown_number(_completed(call, tail), found, found.arch or self._arch)
            return
        if not (self._modes.mixed or self._ledger.watches(call.name) or found.number is not None):
            self._plain[name] = self._ledger.tally(call)
        self._strace(call, tail, resumed=bool(resumed))

    def _strace(self, call: SeenCall, tail: strace_line.Tail, *, resumed: bool) -> None:
        self._ledger.used[Kind.STRACE] += 1
        tally = self._ledger.tally(call)
        # The line that resumes a call counts only where the one that began it is not there.
        tally[0] += not (resumed and tally[0])
        if not self._ledger.watches(call.name, tail.errno):
            return
        key = (call.pid, call.name)
        begun = self._pending.pop(key, None)
        if resumed:
            whole = _completed(begun, tail) if begun else replace(_completed(call, tail), args=None)
            self._ledger.observe(whole)
            return
        if begun:
            self._ledger.observe(begun)
        call = _completed(call, tail)
        if tail.unfinished and len(self._pending) < _MOST_PENDING:
            self._pending[key] = call
        else:
            self._ledger.observe(call)

    def _no_call(self, text: str, *, shaped: bool) -> None:
        """What is in the form of a call, and is none that a kernel has, or none that was asked for."""
        if not shaped:
            self._text(text, search=False)
            return
        asked = Kind.STRACE in self._kinds
        reason = "no name of a system call" if asked else "a call of strace's log, which was not asked for"
        self._ledger.waste(self._ledger.lines, reason, text)

    def _other(self, raw: bytes) -> None:
        """A line that is no call by its form."""
        text = raw.decode("utf-8", "replace").rstrip("\r")
        if self._table.begins(text):
            return
        if self._table.open:
            row = self._table.row(text)
            if row is not None:
                self._row(*row)
                return
        if self._modes.told(text):
            self._plain.clear()
            return
        before = strace_line.BEFORE.match(raw)
        bare = raw[before.end() if before else 0 :].decode("utf-8", "replace").strip()
        if not bare or self._signal(bare, raw) or _EVENT.match(bare):
            return
        inner = unwrapped(text.strip())
        if inner is None:
            self._text(text)
        else:
            for content in inner:
                self._line(content.encode())

    def _line(self, raw: bytes) -> None:
        """One line that stood within another."""
        match = strace_line.ROW.fullmatch(raw + b"\n")
        tally = self._plain.get(match[3] or b"") if match else None
        if tally is not None and match:
            self._ledger.used[Kind.STRACE] += 1
            tally[0] += not match[2]
        elif match and match[3]:
            self._call(match[1], match[2] or b"", match[3], match[4])
        else:
            self._text(raw.decode("utf-8", "replace"))

    def _signal(self, bare: str, raw: bytes) -> bool:
        """Whether this is the signal that seccomp sends; the call itself stands on the line before."""
        signal = _SIGSYS.match(bare)
        if signal is None:
            return False
        go = _AUDIT_ARCHES.get(signal[2])
        arch = find_arch(go) if go else self._arch
        found = named(signal[1], arch)
        if found is None:
            self._ledger.waste(self._ledger.lines, "no system call in SIGSYS", bare)
            return True
        pid, thread = strace_line.process(raw)
        told = self._modes.of(pid) or (arch if arch != self._arch else None)
        call = SeenCall(
            kind=Kind.STRACE,
            name=found.name,
            number=found.number,
            arch=told,
            line=self._ledger.lines,
            action="trap",
            pid=pid,
            thread=thread,
            count=0,
        )
        self._ledger.add(call)
        return True

    def _row(self, word: str, count: int) -> None:
        """A row of a table."""
        if not word:
            return
        arch = self._modes.table
        found = named(word, arch or self._arch)
        if Kind.COUNT not in self._kinds:
            self._ledger.waste(self._ledger.lines, "a row of strace's table, which was not asked for", word)
        elif found is None:
            self._ledger.waste(
                self._ledger.lines, "no name of a system call in a row of strace's table", word
            )
        else:
            self._found(
                SeenCall(
                    kind=Kind.COUNT,
                    name=found.name,
                    number=found.number,
                    arch=arch,
                    line=self._ledger.lines,
                    count=count,
                )
            )

    def _text(self, text: str, *, search: bool = True) -> None:
        """A line in which a record, a row, a call behind odd words (where `search` says so), or a message may stand."""
        ledger, line = self._ledger, self._ledger.lines
        row = classic_row(text)
        if row is not None:
            self._row("" if row[0] == "total" else row[0], row[1])
            return
        record = audit.record(text) if "syscall=" in text or "1326" in text or "SECCOMP" in text else None
        if isinstance(record, str):
            ledger.waste(line, record, text)
            return
        if record is not None:
            self._record(record, text)
            return
        lost = audit.suppressed(text)
        if lost is not None:
            ledger.dropped(line, lost)
            return
        perf = _PERF.match(text)
        if perf is not None:
            self._perf(perf, text)
            return
        odd = strace_line.ODD_PREFIX.search(text.encode()) if search else None
        if odd is not None:
            self._behind_odd_words(odd, text)
        elif _REFUSED.search(text):
            ledger.message(line, text)

    def _record(self, record: audit.Record, text: str) -> None:
        found = named(record.syscall, record.arch or self._arch)
        if Kind.AUDIT not in self._kinds:
            self._ledger.waste(self._ledger.lines, "an audit record, which was not asked for", text)
        elif found is None:
            self._ledger.waste(self._ledger.lines, f"{record.syscall[:40]!r} is no system call", text)
        else:
            self._found(
                SeenCall(
                    kind=Kind.AUDIT,
                    name=found.name,
                    number=found.number,
                    arch=found.arch if found.number is not None and record.arch else record.arch,
                    line=self._ledger.lines,
                    action=record.action,
                    pid=record.pid,
                    thread=record.thread,
                )
            )

    def _perf(self, match: re.Match[str], text: str) -> None:
        found = named(match[3], self._arch)
        if Kind.PERF not in self._kinds or found is None or not found.known:
            reason = "a line of perf trace, which was not asked for or names no system call"
            self._ledger.waste(self._ledger.lines, reason, text)
            return
        errno = _PERF_ERRNO.search(match[4])
        call = SeenCall(
            kind=Kind.PERF,
            name=found.name,
            line=self._ledger.lines,
            errno=errno[1] if errno else "",
            pid=int(match[2]) if match[2] else None,
            thread=match[1] or "",
        )
        self._ledger.add(call)

    def _behind_odd_words(self, match: re.Match[bytes], text: str) -> None:
        found = named(match[2].decode("ascii"), self._arch)
        if found is None or not (found.known or found.number is not None) or Kind.STRACE not in self._kinds:
            self._ledger.waste(self._ledger.lines, "looks like a call, and is none that is known", text)
            return
        self._ledger.odd(self._ledger.lines)
        self._call(b"", match[1] or b"", match[2], match[3])

    def _found(self, call: SeenCall) -> None:
        """A call of a record or a table."""
        found = named(call.name if call.number is None else f"#{call.number}", call.arch or self._arch)
        if found is not None and found.number is not None and not found.known:
            self._ledger.unknown_number(call, found, found.arch or self._arch)
        else:
            self._ledger.add(call)


def read_evidence(
    stream: BinaryIO,
    arch: Arch,
    *,
    observer: Observer | None = None,
    wanted: Callable[[str], bool] = lambda _: True,
    errnos: Collection[str] = (),
    kinds: frozenset[Kind] = ALL_KINDS,
) -> Evidence:
    """Read a whole stream; see `EvidenceReader`."""
    reader = EvidenceReader(arch, observer=observer, wanted=wanted, errnos=errnos, kinds=kinds)
    while data := stream.read(BLOCK):
        reader.feed(data)
    return reader.close()


def _completed(call: SeenCall, tail: strace_line.Tail) -> SeenCall:
    """The call with what a line tells of its arguments and its result."""
    args = (*(call.args or ()), *strace_line.split_args(tail.args))
    return replace(call, args=args, result=tail.result, errno=tail.errno)
