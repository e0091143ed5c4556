"""Reads evidence of calls from a stream of any length, in constant memory.

Most lines of a long log are calls that have been seen before: one regular expression splits a whole block of lines, and
a dictionary counts them. Only lines that are new, wanted by the observer, or not plain calls are parsed in full.
"""

import errno
import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from runner.profile.calls.spelling import MACRO
from runner.profile.calls.syscalls import Arch
from runner.profile.evidence import strace_line
from runner.profile.evidence.colours import plain_bytes
from runner.profile.evidence.folded_call import Begun, FoldedCall
from runner.profile.evidence.ledger import Count, Ledger, Observer, Wanted
from runner.profile.evidence.meant_calls import MeantCalls
from runner.profile.evidence.model import Evidence, EvidenceKind, ProcessEvent, SeenCall
from runner.profile.evidence.modes import Modes
from runner.profile.evidence.names import depends_on_arguments, named
from runner.profile.evidence.unfinished import Unfinished, completed

if TYPE_CHECKING:
    from runner.profile.evidence.aside import Aside

BLOCK = 1 << 20
LONGEST_LINE = 16 << 20
ALL_KINDS = frozenset(EvidenceKind)
_MOST_ALIKE = 4096
_LIKELY_AGAIN = 120
"""The longest line (bytes) that is remembered, since it may come again unchanged."""

_INDIRECT = rf"\s*(?:(0x[0-9a-fA-F]{{1,8}}|\d{{1,10}})|&?({MACRO}))\s*(?:,|(?=\)))"
"""The call that a program makes through the C library's `syscall`."""
_SAID = re.compile(r"\)(?::? failed\b|: )")
"""A program that says of a call, as a message does, that it failed."""
_CALL_SHAPED = re.compile(r".*\)\s*= ?(?:-?\d|0x|\?)|.*<unfinished \.\.\.>|.*\) = ", re.DOTALL)


class EvidenceReader:
    """Reads evidence piece by piece: call `feed` for each piece, then `close`.

    `arch` gives numbers their meaning where the evidence does not name an architecture. `observer` gets each call whose
    name is `wanted`, with its arguments, and with its result also where strace wrote that on another line. It also gets
    each call that failed with one of `errnos`; the others are only counted. `kinds` are the kinds of evidence to use.
    `processes` gets each beginning and end of a process that strace tells, in the order of the log.
    """

    def __init__(
        self,
        arch: Arch,
        *,
        observer: Observer | None = None,
        wanted: Wanted = lambda _, __: True,
        errnos: Collection[str] = (),
        kinds: frozenset[EvidenceKind] = ALL_KINDS,
        processes: Callable[[ProcessEvent], object] | None = None,
    ) -> None:
        self._arch = arch
        self._processes = processes
        self._kinds = kinds
        self._failed_as_asked = _failure(errnos).search
        self._ledger = Ledger(observer, wanted, frozenset(errnos))
        self._modes = Modes(arch)
        self._folded = FoldedCall()
        self._flushing = False
        """True while a call that was held back is handled without an end."""
        self._aside_reader: Aside | None = None
        self._partial = b""
        self._plain: dict[bytes, Count] = {}
        self._whole: dict[tuple[bytes, bytes], SeenCall] = {}
        """Calls by their lines without the prefix; such lines come again."""
        self._unfinished = Unfinished(self._ledger)
        self._meant = MeantCalls()

    def feed(self, data: bytes) -> None:
        """Read the next piece; a line may be split between pieces."""
        end = data.rfind(b"\n") + 1
        if end:
            block, self._partial = self._partial + data[:end], data[end:]
            self._block(block)
            return
        self._partial += data
        if len(self._partial) > LONGEST_LINE:
            self._block(self._partial + b"\n")
            self._partial = b""

    def so_far(self) -> Evidence:
        """The evidence read so far, without the calls whose results have not come."""
        return self._ledger.evidence()

    def close(self) -> Evidence:
        """Return all evidence, with the calls whose results never came."""
        if self._partial:
            self._block(self._partial + b"\n")
            self._partial = b""
        self._let_go()
        if self._aside_reader is not None:
            self._aside_reader.close()
        self._unfinished.close()
        return self._ledger.evidence()

    def _block(self, block: bytes) -> None:
        block = plain_bytes(block)
        self._ledger.tell_tracer(block)
        ledger, plain, used, failed_as_asked = self._ledger, self._plain, 0, self._failed_as_asked
        for prefix, resumed, name, rest, other in strace_line.ROW.findall(block):
            ledger.lines += 1
            if name:
                tally = plain.get(name)
                if tally is None or failed_as_asked(rest):
                    self.call(prefix, resumed, name, rest)
                else:
                    used += 1
                    if not resumed:
                        tally.times += 1
            elif other:
                if self._folded.begun is not None and self._goes_on(other):
                    continue
                if not self._unfinished.rest(other):
                    self._aside().line(other)
            else:
                self._let_go()
                if self._aside_reader is not None:
                    self._aside_reader.blank()
        ledger.used[EvidenceKind.STRACE] += used

    def call(
        self, prefix: bytes, resumed: bytes, name: bytes, rest: bytes, *, behind_words: bool = False
    ) -> None:
        """Handle a line in the form of a call whose name is new or wanted, or whose process uses another ABI."""
        if self._folded.begun is not None and self._is_part(prefix, resumed, name, rest):
            return
        pid, thread = strace_line.process(prefix)
        alike = (
            None if resumed or self._unfinished.any or self._modes.mixed else self._whole.get((name, rest))
        )
        if alike is not None:
            self._ledger.used[EvidenceKind.STRACE] += 1
            self._ledger.tally(alike).times += 1
            self._ledger.observe(alike._replace(line=self._ledger.lines, pid=pid, thread=thread))
            return
        arch = self._modes.of(pid)
        word, text = name.decode("ascii"), rest.decode("utf-8", "replace")
        marked = word.startswith("SYS_")
        # strace, too, writes SYS_439 for a call that it has no name for; words before a mark are a program's own.
        told_apart = marked and word[4:5].isalpha() and not behind_words
        indirect = re.match(_INDIRECT, text) if word == "syscall" else None
        if indirect:
            word, text = indirect[2] or f"#{indirect[1]}", text[indirect.end() :]
        shaped = bool(resumed) or _CALL_SHAPED.match(text) is not None
        found = named(word, arch or self._arch)
        if (
            found is None
            or EvidenceKind.STRACE not in self._kinds
            or not (found.known or shaped)
            or (not shaped and _SAID.search(text))
        ):
            self._no_call((prefix + resumed + name + b"(" + rest).decode("utf-8", "replace"), shaped=shaped)
            return
        self._ledger.of_ltrace |= told_apart
        by_name_alone = not depends_on_arguments(found)
        tail = strace_line.tail(text)
        found = self._meant.call(
            found, text, arch or self._arch, pid, begins=tail.unfinished, resumed=bool(resumed)
        )
        call = SeenCall(
            kind=EvidenceKind.STRACE,
            name=found.name,
            number=found.number,
            arch=arch or (found.arch if found.arch != self._arch else None),
            line=self._ledger.lines,
            pid=pid,
            thread=thread,
            marked=marked,
        )
        if not (resumed or tail.unfinished or self._flushing) and self._begins(
            Begun(prefix, name, rest, self._ledger.lines, behind_words), shaped=shaped
        ):
            return
        if found.number is not None and not found.known:
            whole = completed(call, tail)._replace(times=int(not resumed))
            self._ledger.unknown_number(whole, found, found.arch or self._arch)
            return
        direct = indirect is None and found.number is None and by_name_alone
        if direct and not (self._modes.mixed or self._ledger.watches(call.name, call.arch)):
            self._plain[name] = self._ledger.tally(call)
        if tail.result and not resumed and not self._modes.mixed and found.number is None:
            self._remember(name, rest, completed(call, tail))
        self._strace(call, tail, resumed=bool(resumed))
        # The message about a new process may cut a line.
        if self._processes is not None and (begun := strace_line.attached(rest)):
            self._processes(ProcessEvent(begun))

    def _remember(self, name: bytes, rest: bytes, call: SeenCall) -> None:
        """Remember a whole line, so that it is recognised when it comes again."""
        if len(rest) <= _LIKELY_AGAIN:
            if len(self._whole) >= _MOST_ALIKE:
                self._whole.clear()
            self._whole[name, rest] = call

    def _strace(self, call: SeenCall, tail: strace_line.Tail, *, resumed: bool) -> None:
        self._ledger.used[EvidenceKind.STRACE] += 1
        tally = self._ledger.tally(call)
        # The line that resumes a call counts only if the line that began it is missing.
        tally.times += not (resumed and tally.times)
        if self._ledger.watches(call.name, call.arch, tail.errno):
            self._unfinished.take(call, tail, resumed=resumed)

    def _begins(self, call: Begun, *, shaped: bool) -> bool:
        """Keep a call that may go on, on the next line; False for a whole one."""
        if shaped and not self._folded.is_cut(call.rest):
            return False
        return self._folded.begins(call)

    def _is_part(self, prefix: bytes, resumed: bytes, name: bytes, rest: bytes) -> bool:
        """True for a line that looks like a call, as `htons(80)` does, and belongs to the call that has begun."""
        found = named(name.decode("ascii"), self._arch)
        if found is None or not found.known:
            return self._goes_on(prefix + resumed + name + b"(" + rest)
        self._let_go()
        return False

    def _goes_on(self, part: bytes) -> bool:
        """Add a line to the call that has begun, and handle the call if it is whole now; False if it is no part."""
        if not self._folded.goes_on(part, self._ledger.lines):
            self._let_go()
            return False
        if call := self._folded.whole():
            self._joined(call)
        return True

    def _joined(self, call: Begun) -> None:
        """Handle a call that stood on several lines, as one on the first of them."""
        now, self._ledger.lines = self._ledger.lines, call.line
        self._ledger.tell_tracer(call.rest)
        self.call(call.prefix, b"", call.name, call.rest, behind_words=call.behind_words)
        self._ledger.lines = now

    def _let_go(self) -> None:
        """Handle a call whose end has not come, and then the lines after it."""
        if call := self._folded.whole(ended=True):
            self._joined(call)
            return
        call, parts = self._folded.take()
        if call is None:
            return
        now, self._flushing = self._ledger.lines, True
        self._joined(call)
        for part, self._ledger.lines in parts:
            self._aside().line(part)
        self._ledger.lines, self._flushing = now, False

    def _no_call(self, text: str, *, shaped: bool) -> None:
        """Handle a line that is not a call, or is a call that no kernel has or that was not asked for."""
        if not shaped:
            self._aside().text(text, search=False)
            return
        asked = EvidenceKind.STRACE in self._kinds
        if asked and self._aside().refused_without_number(text):
            return
        reason = "no name of a system call" if asked else "a call of strace's log, which was not asked for"
        self._ledger.waste(self._ledger.lines, reason, text)

    def inner_line(self, raw: bytes) -> None:
        """Read a line that stood within another."""
        self._ledger.tell_tracer(raw)
        match = strace_line.ROW.fullmatch(raw + b"\n")
        tally = self._plain.get(match[3] or b"") if match else None
        if tally is not None and match and not self._failed_as_asked(match[4]):
            self._ledger.used[EvidenceKind.STRACE] += 1
            tally.times += not match[2]
        elif match and match[3]:
            self.call(match[1], match[2] or b"", match[3], match[4])
        else:
            self._aside().text(raw.decode("utf-8", "replace"))

    def forget_plain(self) -> None:
        """From now on, parse all calls in full: their processes differ in their ABI."""
        self._plain.clear()

    def _aside(self) -> "Aside":
        """The parser for lines that are not calls, created at its first use: most short texts have none."""
        if self._aside_reader is None:
            from runner.profile.evidence.aside import Aside  # noqa: PLC0415 - slow to import, and not always needed

            self._aside_reader = Aside(
                self._arch, self._kinds, self._ledger, self._modes, self, processes=self._processes
            )
        return self._aside_reader


def read_evidence(
    text: str,
    arch: Arch,
    *,
    observer: Observer | None = None,
    wanted: Wanted = lambda _, __: True,
    errnos: Collection[str] = (),
    kinds: frozenset[EvidenceKind] = ALL_KINDS,
) -> Evidence:
    """Read the evidence in a text that is complete; see `EvidenceReader`."""
    reader = EvidenceReader(arch, observer=observer, wanted=wanted, errnos=errnos, kinds=kinds)
    reader.feed(text.encode())
    return reader.close()


def _failure(errnos: Collection[str]) -> re.Pattern[bytes]:
    """What the rest of a line says if the call failed with one of the errors.

    Both alternatives begin with `=`, so that the search skips to it.
    """
    if not errnos:
        return re.compile(rb"(?!)")
    names, numbers = "|".join(errnos), "|".join(str(getattr(errno, name, 0)) for name in errnos)
    return re.compile(rf"=(?: -1 (?:{names}) |(?<=errno=)(?:{numbers}) \()".encode())
