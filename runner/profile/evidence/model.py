"""The result of reading evidence: the calls seen, and lines that looked like evidence but were not used.

The small values are named tuples: there are many of them, and a named tuple's class is created ten times faster.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from runner.profile.calls.syscalls import Arch

if TYPE_CHECKING:
    from runner.profile.evidence.messages import Told


class EvidenceKind(StrEnum):
    """The source that a call was read from."""

    STRACE = "strace"
    """A line of strace's log."""
    COUNT = "strace-count"
    """A row of the table of `strace -c`."""
    AUDIT = "audit"
    """The kernel's record of a seccomp action, from its log, auditd's or the journal."""
    PERF = "perf-trace"
    """A line of `perf trace`."""
    SYSDIG = "sysdig"
    """A line of sysdig."""
    TRACEPOINT = "tracepoint"
    """A line of one of the kernel's tracepoints for calls."""
    TRACE = "trace"
    """A row of the table of `workshop profile trace`."""
    MESSAGE = "message"
    """An error message, which only hints at the call."""


TITLES = {
    EvidenceKind.STRACE: "strace's log",
    EvidenceKind.COUNT: "the table of strace -c",
    EvidenceKind.AUDIT: "audit records of seccomp",
    EvidenceKind.PERF: "perf trace's log",
    EvidenceKind.SYSDIG: "sysdig's log",
    EvidenceKind.TRACEPOINT: "lines of the kernel's tracepoints",
    EvidenceKind.TRACE: "the table of workshop profile trace",
    EvidenceKind.MESSAGE: "error messages",
}


class SeenCall(NamedTuple):
    """A call as the evidence shows it.

    `name` is the kernel's, `#403` for a number that no table has. `arch` is None if the evidence does not show the ABI.
    `args` are as printed, None if the evidence has none. `errno` is the name of the error that the program got
    (`EPERM`), empty for success or if unknown. `action` is seccomp's action by the kernel's record (as in
    `Decision.action`), empty if there is no record. `times` is 0 for a second sign of a call already counted. `marked`
    is true if its line tells it from a function of the C library, as ltrace's `SYS_read` does.
    """

    kind: EvidenceKind
    name: str
    line: int
    number: int | None = None
    arch: Arch | None = None
    args: tuple[str, ...] | None = None
    result: str = ""
    errno: str = ""
    action: str = ""
    pid: int | None = None
    thread: str = ""
    times: int = 1
    marked: bool = False


class ProcessEvent(NamedTuple):
    """A beginning or end that strace tells of a process: its number as printed, None for the only one.

    `how` is empty for one that begins, else its exit status or signal. `heir` is the number of the thread that goes on
    as this process, after its execve.
    """

    process: int | None
    how: str = ""
    heir: int | None = None

    @property
    def begins(self) -> bool:
        """True for a process that is traced from now on."""
        return not self.how


class Seen(NamedTuple):
    """The number of times that a call was seen, and the line where it was seen first."""

    name: str
    arch: Arch | None
    kind: EvidenceKind
    times: int
    line: int


class Unused(NamedTuple):
    """A line that looked like evidence but was not used, with the reason."""

    line: int
    reason: str
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}: {self.text}"


class Message(NamedTuple):
    """A line that reports a refusal without naming a call; `meaning` is None for words that are not known."""

    line: int
    text: str
    meaning: "Told | None"


class Evidence(NamedTuple):
    """The evidence in a whole text.

    `used` counts the lines that were used, by kind. `unused` are the first lines that were not, `unused_lines` is their
    number, and `expected_lines` the number of those that are no sign of damage, as they are normal beside good ones.
    """

    calls: tuple[Seen, ...]
    lines: int
    used: dict[EvidenceKind, int]
    unused: tuple[Unused, ...]
    unused_lines: int
    expected_lines: int
    notes: tuple[str, ...]
    messages: tuple[Message, ...]

    @property
    def used_lines(self) -> int:
        """The number of lines that were used."""
        return sum(self.used.values())

    @property
    def titles(self) -> str:
        """The kinds of evidence in the text, in words."""
        return " and ".join(TITLES[kind] for kind in EvidenceKind if self.used.get(kind))
