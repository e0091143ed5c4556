"""Parser for evidence lines that are not plain strace calls: tables, audit records, signals, messages."""

import re
from collections.abc import Callable
from typing import Protocol

from runner.errors import UsageError
from runner.profile.calls.syscalls import Arch, go_name
from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.evidence import audit, own_table, strace_line
from runner.profile.evidence.folded import Folded
from runner.profile.evidence.folded_message import FoldedMessage, Part
from runner.profile.evidence.ledger import Ledger
from runner.profile.evidence.messages import Told, reports_refusal, told
from runner.profile.evidence.messages.others import hidden_call
from runner.profile.evidence.model import EvidenceKind, ProcessEvent, SeenCall
from runner.profile.evidence.modes import Modes
from runner.profile.evidence.names import named, of_tool
from runner.profile.evidence.other_tracers import OtherTracers
from runner.profile.evidence.strace_table import Table, classic_row
from runner.profile.evidence.wrapping import unwrapped

_EVENT = re.compile(
    r"---|\+\+\+|strace: |Process \d+ (?:at|de|re|sus)|<\.\.\. resum|<pid changed"
    r"|\)[ \t]+= |\)[ \t]*\Z|> |\| |, [a-z_]+="
)
_FRAME = r"> (?:.*\[0x[0-9a-f]+\]|unexpected_backtracing_error)|\| [0-9a-f]{5,}  "
"""A caller as strace -k writes it, or a dump of bytes."""
_QUOTED = re.compile(rf"(?:(?!{_FRAME})[>|][ \t]+){{1,8}}")
"""What mails have before a line that they quote, and a table of Markdown before a cell; and strace before its own."""
_END = re.compile(r"\+\+\+ (?:superseded by execve in pid (\d{1,10})|(?:exited with|killed by) (\w+))")
_BEFORE = re.compile(strace_line.PREFIX)
_ODD_START = re.compile(rb"(?<![\w.])(<\.\.\. )?((?:SYS_)?[a-z_][a-z0-9_]{0,63})(?:\(| resumed>)")
"""A call after words that strace does not write, such as a service's name or a collector's time."""
_RESULT = re.compile(strace_line.RESULT.encode() + rb"|<unfinished \.\.\.>[ \t]*\Z")
_MOST_KILLED = 10_000
_KILLING = frozenset(("kill_process", "kill_thread", "trap"))
"""The actions that end a process by SIGSYS; the last unless it handles that."""
_SIGSYS = re.compile(r"--- SIGSYS \{.*si_syscall=([A-Za-z0-9_#]+), si_arch=AUDIT_ARCH_(\w+)")


class Calls(Protocol):
    """Callbacks for calls found inside other lines."""

    def call(
        self, prefix: bytes, resumed: bytes, name: bytes, rest: bytes, *, behind_words: bool = False
    ) -> None:
        """Handle a line in the form of a call, split into its parts; `behind_words` that no tracer writes."""

    def inner_line(self, raw: bytes) -> None:
        """Handle a whole line that stood within another."""

    def forget_plain(self) -> None:
        """Stop counting by name alone: the log now mixes ABIs."""


class Aside:
    """Reads such lines, one at a time."""

    def __init__(
        self,
        arch: Arch,
        kinds: frozenset[EvidenceKind],
        ledger: Ledger,
        modes: Modes,
        calls: Calls,
        *,
        processes: Callable[[ProcessEvent], object] | None,
    ) -> None:
        self._arch = arch
        self._kinds = kinds
        self._ledger = ledger
        self._modes = modes
        self._calls = calls
        self._processes = processes
        self._table = Table()
        self._own_table = False
        """True while rows of the table of `workshop profile trace` are expected."""
        self._tracers = OtherTracers(arch, kinds, ledger, calls)
        self._folded = Folded()
        self._killed: set[int] = set()
        """The processes, not too many, that seccomp killed by its records."""
        self._folded_message = FoldedMessage()

    def blank(self) -> None:
        """Handle an empty line, which ends a table, and a record."""
        self._unfold()
        self._table.close()
        self._own_table = False

    def close(self) -> None:
        """Finish at the end of the text: report calls that did not return."""
        self._unfold()
        self._tracers.close()

    def line(self, raw: bytes) -> None:
        """Handle a line that is not a call by its form."""
        text = raw.decode("utf-8", "replace").rstrip("\r")
        if self._of_table(text):
            return
        if self._modes.told(text):
            self._calls.forget_plain()
            return
        # What strace puts before a call may look like a list of JSON.
        before = None if text.startswith("[{") else _BEFORE.match(raw)
        bare = raw[before.end() if before else 0 :].decode("utf-8", "replace").strip()
        if not bare or self._signal(bare, raw):
            return
        if quoted := _QUOTED.match(bare):
            text = bare = bare[quoted.end() :].strip()
        if _EVENT.match(bare):
            self._process_event(bare, raw)
            if bare.startswith("strace: "):
                self._message(text)
            return
        inner = unwrapped(text.strip())
        if inner is None:
            self.text(text)
        else:
            for content in inner:
                self._calls.inner_line(content.encode())

    def _of_table(self, text: str) -> bool:
        """Handle the heading or a row of a table, and return True if the line is one."""
        if self._table.begins(text):
            return True
        if own_table.is_heading(text):
            self._own_table = True
            return True
        if self._own_table and (own := own_table.row(text)) is not None:
            self._own_row(own)
            return True
        row = self._table.row(text) if self._table.open else None
        if row is not None:
            self._row(*row)
        return row is not None

    def _process_event(self, bare: str, raw: bytes) -> None:
        """Hand on a process's beginning or end."""
        if self._processes is None:
            return
        if begun := strace_line.attached(raw):
            self._processes(ProcessEvent(begun))
        elif end := _END.match(bare):
            number = strace_line.process(raw)[0]
            heir = int(end[1]) if end[1] else None
            self._processes(ProcessEvent(number, end[2] or "superseded", heir))

    def _signal(self, bare: str, raw: bytes) -> bool:
        """Handle the signal that seccomp sends, and return True if this is one; the call is on the line before."""
        signal = _SIGSYS.match(bare)
        if signal is None:
            return False
        try:
            arch = find_arch(go_name(f"AUDIT_ARCH_{signal[2]}"))
        except UsageError:
            arch = self._arch
        found = named(signal[1], arch)
        if found is None:
            self._ledger.waste(self._ledger.lines, "no system call in SIGSYS", bare)
            return True
        pid, thread = strace_line.process(raw)
        told = self._modes.of(pid) or (arch if arch != self._arch else None)
        call = SeenCall(
            kind=EvidenceKind.STRACE,
            name=found.name,
            number=found.number,
            arch=told,
            line=self._ledger.lines,
            action="trap",
            pid=pid,
            thread=thread,
            times=0,
            marked=True,
        )
        self._ledger.add(call)
        return True

    def _row(self, word: str, count: int) -> None:
        """Handle a row of a table."""
        if not word:
            return
        arch = self._modes.table
        found = named(word, arch or self._arch)
        if EvidenceKind.COUNT not in self._kinds:
            self._ledger.waste(self._ledger.lines, "a row of strace's table, which was not asked for", word)
        elif found is None:
            self._ledger.waste(
                self._ledger.lines, "no name of a system call in a row of strace's table", word
            )
        else:
            self._ledger.add_named(
                SeenCall(
                    kind=EvidenceKind.COUNT,
                    name=found.name,
                    number=found.number,
                    arch=arch,
                    line=self._ledger.lines,
                    times=count,
                ),
                self._arch,
            )

    def _own_row(self, row: own_table.Row) -> None:
        arch = find_arch(row.arch) if row.arch else None
        found = named(row.name, arch or self._arch)
        if EvidenceKind.TRACE not in self._kinds or found is None:
            reason = "a row of a trace's table, which was not asked for or names no system call"
            self._ledger.waste(self._ledger.lines, reason, row.name)
            return
        call = SeenCall(
            kind=EvidenceKind.TRACE,
            name=found.name,
            number=found.number,
            arch=arch,
            line=self._ledger.lines,
            errno=row.errno,
            action=row.action,
            times=row.times,
        )
        self._ledger.add_named(call, self._arch)

    def text(self, text: str, *, search: bool = True) -> None:
        """Handle a line that may hold a record, a row, a message or, with `search`, a call after other words."""
        if self._folds(text) or self._folds_message(text, search=search):
            return
        self._whole_text(text, search=search)

    def _whole_text(self, text: str, *, search: bool = True) -> None:
        row = classic_row(text)
        if row is not None:
            self._row("" if row[0] == "total" else row[0], row[1])
        elif not (self._audit(text) or self._tracers.line(text)):
            whole = text.encode() if search else b""
            end = max((found.start() for found in _RESULT.finditer(whole)), default=-1)
            odd = _ODD_START.search(whole, 0, end + 1)
            if odd is not None:
                self._behind_odd_words(odd, whole, text)
            elif not self._message(text) and b"(" in whole[: max(end, 0)]:
                reason = "looks like a call, but not as a known program writes it"
                self._ledger.waste(self._ledger.lines, reason, text, expected=True)

    def refused_without_number(self, text: str) -> bool:
        """Keep a call that a filter has refused and taken the number from; True if the line is one."""
        if found := hidden_call(text):
            self._ledger.hidden(self._ledger.lines)
            self._ledger.message(self._ledger.lines, text.strip(), Told((), found[0], step=found[1]))
        return found is not None

    def _folds(self, text: str) -> bool:
        """Keep a line of a record that is not whole; True if it is one."""
        if self._folded.goes_on(text, self._ledger.lines):
            if self._folded.is_whole:
                self._unfold()
            return True
        self._unfold_record()
        return ("audit(" in text or "auid=" in text) and self._folded.begins(text, self._ledger.lines)

    def _folds_message(self, text: str, *, search: bool) -> bool:
        """Keep a line of a message that may go on; True if it is one."""
        folded, part = self._folded_message, Part(text, self._ledger.lines, search)
        if folded.goes_on(part):
            if folded.is_whole:
                self._unfold_message()
            return True
        self._unfold_message()
        return folded.begins(part)

    def _unfold(self) -> None:
        """Handle what has been held back."""
        self._unfold_record()
        self._unfold_message()

    def _unfold_message(self) -> None:
        """Handle the message that has come in several lines, as one on the first of them; else its lines."""
        now = self._ledger.lines
        for part in self._folded_message.take():
            self._ledger.lines = part.line
            self._whole_text(part.text, search=part.search)
        self._ledger.lines = now

    def _unfold_record(self) -> None:
        """Handle the record that has come in several lines, as one on the first of them."""
        if record := self._folded.take():
            now, self._ledger.lines = self._ledger.lines, self._folded.line
            self._audit(record)
            self._ledger.lines = now

    def _message(self, text: str) -> bool:
        """Keep a message about a refusal; True if the line was one."""
        text = text.strip()
        if self._killed and audit.ended(text) in self._killed:
            reason = "the end of a process, beside the record that names its call"
            self._ledger.waste(self._ledger.lines, reason, text, expected=True)
            return True
        found = reports_refusal(text)
        if found:
            self._ledger.message(self._ledger.lines, text, told(text))
        return found

    def _audit(self, text: str) -> bool:
        """Handle an audit record, or the kernel's note on records that it dropped; True if the line was one."""
        ledger, line = self._ledger, self._ledger.lines
        signs = ("syscall=", "1326", "SECCOMP", "-seccomp-", "syscallName", ") compat=")
        record = audit.record(text) if any(sign in text for sign in signs) else None
        if isinstance(record, audit.Record):
            self._record(record, text)
        elif isinstance(record, audit.OtherRecord):
            ledger.waste(line, f"a record of type {record.kind}, not of seccomp", text, expected=True)
        elif record is not None:
            ledger.waste(line, record, text)
        lost = audit.dropped(text) if record is None else None
        if lost is not None:
            ledger.dropped(line, lost)
        return record is not None or lost is not None

    def _record(self, record: audit.Record, text: str) -> None:
        found = named(record.syscall, record.arch or self._arch)
        if EvidenceKind.AUDIT not in self._kinds:
            self._ledger.waste(self._ledger.lines, "an audit record, which was not asked for", text)
        elif found is None:
            self._ledger.waste(self._ledger.lines, f"{record.syscall[:40]!r} is not a system call", text)
        else:
            found = of_tool(found, record.arch or self._arch)
            kills = record.action in _KILLING or (not record.action and "sig=31" in text)
            if kills and found.known and record.pid is not None and len(self._killed) < _MOST_KILLED:
                self._killed.add(record.pid)
            self._ledger.add_named(
                SeenCall(
                    kind=EvidenceKind.AUDIT,
                    name=found.name,
                    number=found.number,
                    arch=found.arch if found.number is not None and record.arch else record.arch,
                    line=self._ledger.lines,
                    action=record.action,
                    pid=record.pid,
                    thread=record.thread,
                ),
                self._arch,
            )

    def _behind_odd_words(self, match: re.Match[bytes], whole: bytes, text: str) -> None:
        found = named(match[2].decode("ascii"), self._arch)
        if (
            found is None
            or not (found.known or found.number is not None)
            or EvidenceKind.STRACE not in self._kinds
        ):
            self._ledger.waste(self._ledger.lines, "looks like a call, but is not a known one", text)
            return
        self._ledger.odd(self._ledger.lines)
        self._calls.call(b"", match[1] or b"", match[2], whole[match.end() :], behind_words=True)
