"""What evidence says: calls that were seen, and what looked like evidence and was not used.

The small values are named tuples: there are many of them, and their classes are made in a tenth of the time.
"""

from enum import StrEnum
from typing import NamedTuple

from runner.profile.calls.syscalls import Arch


class Kind(StrEnum):
    """Where a call was read from."""

    STRACE = "strace"
    """A line of strace's log."""
    COUNT = "strace-count"
    """A row of the table of `strace -c`."""
    AUDIT = "audit"
    """The kernel's record of what seccomp did, from its log, auditd's or the journal."""
    PERF = "perf-trace"
    """A line of `perf trace`."""
    SYSDIG = "sysdig"
    """A line of sysdig."""
    TRACE = "trace"
    """A row of the table of `workshop profile trace`."""
    MESSAGE = "message"
    """An error message, which only hints at the call."""


TITLES = {
    Kind.STRACE: "strace's log",
    Kind.COUNT: "the table of strace -c",
    Kind.AUDIT: "audit records of seccomp",
    Kind.PERF: "perf trace's log",
    Kind.SYSDIG: "sysdig's log",
    Kind.TRACE: "the table of workshop profile trace",
    Kind.MESSAGE: "error messages",
}


class SeenCall(NamedTuple):
    """A call as the evidence shows it.

    `name` is the kernel's, `#403` for a number that no table has. `arch` is None where the evidence does not say
    which way the call was made, `args` are as printed, None where it has none. `errno` names what the program got
    (`EPERM`), empty for success or where that is not said. `action` is what the kernel says that seccomp did (the
    words of `Decision.action`), empty where it says nothing. `times` is 0 for a second sign of a call already told.
    """

    kind: Kind
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


class Seen(NamedTuple):
    """How often a call was seen, and on which line first."""

    name: str
    arch: Arch | None
    kind: Kind
    times: int
    line: int


class Unused(NamedTuple):
    """A line that looked like evidence and was not used, and why."""

    line: int
    reason: str
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}: {self.text}"


class Message(NamedTuple):
    """A line that tells of something refused without naming a call."""

    line: int
    text: str


class Evidence(NamedTuple):
    """All that a text told.

    `used` counts the lines that were used, by kind. `unused` are the first lines that were not, `unused_lines` how
    many there are, and `expected_lines` how many of those are no sign of damage: they stand beside good ones as a rule.
    """

    calls: tuple[Seen, ...]
    lines: int
    used: dict[Kind, int]
    unused: tuple[Unused, ...]
    unused_lines: int
    expected_lines: int
    notes: tuple[str, ...]
    messages: tuple[Message, ...]

    @property
    def used_lines(self) -> int:
        """How many lines were used."""
        return sum(self.used.values())

    @property
    def titles(self) -> str:
        """What the text was taken for."""
        return " and ".join(TITLES[kind] for kind in Kind if self.used.get(kind))
