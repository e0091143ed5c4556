"""The counts of a reading: calls, lines that were not used, notes."""

from collections import Counter
from collections.abc import Callable

from runner.language import counted
from runner.profile.calls.syscalls import Arch
from runner.profile.evidence.model import Evidence, EvidenceKind, Message, Seen, SeenCall, Unused
from runner.profile.evidence.names import Named, named, unknown
from runner.profile.evidence.strace_line import NAMED_ERROR

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.profile.evidence.audit import Dropped
    from runner.profile.evidence.messages import Told

MOST_KEPT = 1000
"""The largest number of unused lines, notes and messages that are kept; all are counted."""
_MOST_ALIKE = 20
"""The largest number of messages with one meaning that are kept: else a common one would crowd out the others."""
_LONGEST_TEXT = 200
_MOST_HELD = 10_000
"""The largest number of functions that are held back; what comes after them is handed on, since it may be a call."""

Observer = Callable[[SeenCall], object]
Wanted = Callable[[str, Arch | None], bool]
"""A predicate of a call's name and architecture (None: the machine's): True if the observer gets each such call."""
Key = tuple[str, Arch | None, EvidenceKind]
_MarkedKey = tuple[Key, bool]


class Count:
    """The number of times that something was seen, and the line where it was seen first."""

    __slots__ = ("line", "times")

    def __init__(self, line: int, times: int = 0) -> None:
        self.line = line
        self.times = times


class Ledger:
    """Counts calls, and hands to `observer` those whose name is `wanted`, or that failed with one of `errnos`."""

    def __init__(
        self, observer: Observer | None, wanted: Wanted, errnos: frozenset[str] = frozenset()
    ) -> None:
        self.lines = 0
        self.used: Counter[EvidenceKind] = Counter()
        self._observer = observer
        self._wanted = wanted
        self._errnos = errnos
        self._tallies: dict[_MarkedKey, Count] = {}
        self._unused: list[Unused] = []
        self._unused_lines = 0
        self._expected_lines = 0
        self._notes: dict[str, None] = {}
        self._unknown_numbers: dict[tuple[int, Arch, bool], Count] = {}
        """By a number that no table has, its architecture, and whether the evidence names that."""
        self._messages: list[Message] = []
        self._meanings: Counter[Told | None] = Counter()
        self._odd = Count(line=0)
        self._hidden = Count(line=0)
        self.of_ltrace = False
        """True if the log marks calls, as ltrace does, whose others are functions of the C library: `SYS_read`, `read`.
        """
        self._of_strace = False
        """True if the log names an error, as strace does, which marks no call: then the others are calls, too."""
        self._held: list[SeenCall] = []
        """Functions that the observer gets if they turn out to be calls."""
        self._dropped = 0
        self._lost = 0
        """The kernel's own count of what it dropped since it started, as it was last told."""

    def tell_tracer(self, log: bytes) -> None:
        """Look in a piece of the log for a sign that strace wrote it, or a part of it."""
        if self._of_strace or not NAMED_ERROR.search(log):
            return
        self._of_strace = True
        for call in self._held:
            self.observe(call)
        self._held.clear()

    def _is_function(self, kind: EvidenceKind, *, marked: bool) -> bool:
        return self.of_ltrace and not self._of_strace and kind is EvidenceKind.STRACE and not marked

    def watches(self, name: str, arch: Arch | None, errno: str = "") -> bool:
        """True if the observer wants each call of this name, or this one because of its errno."""
        return self._observer is not None and (self._wanted(name, arch) or errno in self._errnos)

    def tally(self, call: SeenCall) -> Count:
        """The call's count, which may be added to in place."""
        key = ((call.name, call.arch, call.kind), call.marked)
        tally = self._tallies.get(key)
        if tally is None:
            tally = self._tallies[key] = Count(call.line)
        return tally

    def add(self, call: SeenCall) -> None:
        """Count a call that stands whole on its line."""
        self.used[call.kind] += 1
        self.tally(call).times += call.times
        self.observe(call)

    def add_named(self, call: SeenCall, arch: Arch) -> None:
        """Count a call of a record or a table, whose number has a name or not; `arch` is the machine's."""
        found = named(call.name if call.number is None else f"#{call.number}", call.arch or arch)
        if found is not None and found.number is not None and not found.known:
            self.unknown_number(call, found, found.arch or arch)
        else:
            self.add(call)

    def observe(self, call: SeenCall) -> None:
        """Hand on a call that was counted before; also one of which seccomp's own action is known."""
        if self._is_function(call.kind, marked=call.marked) and len(self._held) < _MOST_HELD:
            self._held.append(call)
            return
        if self._observer is not None and (call.action or self.watches(call.name, call.arch, call.errno)):
            self._observer(call)

    def unknown_number(self, call: SeenCall, found: Named, arch: Arch) -> None:
        """Count a call with a number that no table has, and note its line; reading goes on."""
        self.used[call.kind] += 1
        key = (found.number or 0, arch, call.arch is not None)
        if key in self._unknown_numbers:
            self._unknown_numbers[key].times += call.times
        elif len(self._unknown_numbers) < MOST_KEPT:
            self._unknown_numbers[key] = Count(call.line, call.times)
        if self._observer is not None:
            self._observer(call)

    def waste(self, line: int, reason: str, text: str, *, expected: bool = False) -> None:
        """Note a line that looked like evidence but is not used; `expected` if it is normal beside good ones."""
        self._unused_lines += 1
        self._expected_lines += expected
        if len(self._unused) < MOST_KEPT:
            shown = text.strip()
            shown = shown if len(shown) <= _LONGEST_TEXT else shown[:_LONGEST_TEXT] + "…"
            self._unused.append(Unused(line, reason, shown))

    def note(self, text: str) -> None:
        """Note something to know of the evidence."""
        if len(self._notes) < MOST_KEPT:
            self._notes[text] = None

    def message(self, line: int, text: str, meaning: "Told | None") -> None:
        """Note a line that reports a refusal without naming a call; of many that mean the same, the first ones."""
        self._meanings[meaning] += 1
        if len(self._messages) < MOST_KEPT and self._meanings[meaning] <= _MOST_ALIKE:
            self._messages.append(Message(line, text, meaning))

    def odd(self, line: int) -> None:
        """Count a call that was read after words that strace does not write."""
        self._odd.times += 1
        self._odd.line = self._odd.line or line

    def hidden(self, line: int) -> None:
        """Count a call whose number a filter has replaced by -1."""
        self._hidden.times += 1
        self._hidden.line = self._hidden.line or line

    def dropped(self, line: int, lost: "Dropped") -> None:
        """Note that the kernel dropped this many records."""
        if not lost.since_start:
            self._dropped += lost.records
            self.note(f"line {line}: the kernel says that it dropped {lost.records or 'some'} records here")
            return
        # The count of a kernel that was started later begins again.
        self._dropped += lost.records - (self._lost if lost.records >= self._lost else 0)
        self._lost = lost.records
        self.note(f"line {line}: the kernel says that it has dropped {lost.records} records since it started")

    def evidence(self) -> Evidence:
        """All evidence so far."""
        notes = [
            f"line {count.line}: {unknown(number, arch, named=by_name)}"
            + (f", made {count.times} times" if count.times > 1 else "")
            for (number, arch, by_name), count in self._unknown_numbers.items()
        ]
        notes += self._notes
        if odd := self._odd.times:
            notes.append(
                f"{odd} {'call stands' if odd == 1 else 'calls stand'} behind words that are not strace's, "
                f"first on line {self._odd.line}; read all the same"
            )
        if hidden := self._hidden.times:
            notes.append(
                f"{counted(hidden, 'calls')} that seccomp refused {'has' if hidden == 1 else 'have'} -1 in place of a "
                f"number, first on line {self._hidden.line}, and cannot be named; a log of the program without a "
                "profile names them all"
            )
        if more := self._meanings.total() - len(self._messages):
            notes.append(f"{more} more messages of the same kinds are left out")
        if self._dropped:
            notes.append(f"the kernel dropped {self._dropped} records in all: calls may be missing")
        calls, functions = self._calls_and_functions()
        if functions:
            notes.append(
                f"{counted(len(functions), 'functions')} of the C library in ltrace's log "
                f"{'is no call' if len(functions) == 1 else 'are no calls'} and left out, {functions[0]} the first"
            )
        return Evidence(
            calls=tuple(
                Seen(name, arch, kind, max(count.times, 1), count.line)
                for (name, arch, kind), count in calls.items()
            ),
            lines=self.lines,
            used={kind: count for kind, count in self.used.items() if count},
            unused=tuple(self._unused),
            unused_lines=self._unused_lines,
            expected_lines=self._expected_lines,
            notes=tuple(notes),
            messages=tuple(self._messages),
        )

    def _calls_and_functions(self) -> tuple[dict[Key, Count], list[str]]:
        """The counts of calls, in the order of the text, and the names of ltrace's functions, which are none."""
        calls: dict[Key, Count] = {}
        functions: dict[str, None] = {}
        for (key, marked), count in sorted(self._tallies.items(), key=lambda item: item[1].line):
            name, _, kind = key
            if self._is_function(kind, marked=marked):
                functions[name] = None
            elif key in calls:
                calls[key] = Count(calls[key].line, calls[key].times + count.times)
            else:
                calls[key] = count
        return calls, list(functions)
