"""Programs that put themselves under seccomp: into its strict mode, or behind a filter of their own."""

import re
from enum import Enum, auto
from typing import NamedTuple

from runner.profile.calls.syscalls import Arch
from runner.profile.evidence.arguments import values
from runner.profile.evidence.model import SeenCall
from runner.profile.views.verdicts import FAILURES

SETTERS = frozenset(("prctl", "seccomp"))
"""The calls by which a program does so."""
MOST_PROCESSES = 4096
"""The number of processes that are followed at most."""

_PR_SET_SECCOMP = 22
_STRICT_ALLOWS = frozenset(("read", "write", "exit", "rt_sigreturn", "sigreturn"))
_FORKS = frozenset(("clone", "clone3", "fork", "vfork"))
_ENDS = frozenset(("exit", "exit_group"))
_END = re.compile(rb"^(?:\[pid +(\d{1,10})\] )?\+\+\+ (?:exited with|killed by) (\w+)", re.MULTILINE)


class Own(Enum):
    """A kind of seccomp that a program put itself under."""

    STRICT = auto()
    """Strict mode: the kernel kills the program at any call but `read`, `write`, `exit` and `sigreturn`."""
    FILTER = auto()
    """A filter of its own, which a log does not show."""


_BY_PRCTL = {1: Own.STRICT, 2: Own.FILTER}
_BY_SECCOMP = {0: Own.STRICT, 1: Own.FILTER}


class OwnRefusal(NamedTuple):
    """A call that a program's own seccomp refused; one that failed, perhaps for another reason, is not `certain`."""

    call: SeenCall
    own: Own
    certain: bool


class OwnSeccomp:
    """Follows the processes that are under seccomp of their own, from their calls in the order of the log."""

    def __init__(self, arch: Arch) -> None:
        self._arch = arch
        self._under: dict[int | None, Own] = {}
        """By process; None while the log has one process only, and names none."""
        self._last: dict[int | None, SeenCall] = {}

    @property
    def any(self) -> bool:
        """True if there is such a process, so that each of its calls must be taken."""
        return bool(self._under)

    def sets(self, seen: SeenCall) -> Own | None:
        """The kind that a call puts its process under; None for any other call."""
        if seen.name not in SETTERS or seen.errno or seen.result.startswith("?"):
            return None
        first, second, *_ = values(seen, seen.arch or self._arch)
        if seen.name == "seccomp":
            return _BY_SECCOMP.get(-1 if first is None else first)
        return _BY_PRCTL.get(second or 0) if first == _PR_SET_SECCOMP else None

    def take(self, seen: SeenCall) -> OwnRefusal | None:
        """Take in a call that the profile lets through; return its refusal by the process's own seccomp, if any."""
        own = self._under.get(seen.pid) or self._under.get(None)
        put = self.sets(seen)
        if put is not None and len(self._under) < MOST_PROCESSES:
            self._under[seen.pid] = put
        if own is None:
            return None
        if own is Own.STRICT:
            if seen.name in _STRICT_ALLOWS:
                return None
            self._gone(seen.pid)
            return OwnRefusal(seen, own, certain=True)
        if seen.action:
            self._last.pop(seen.pid, None)
            return OwnRefusal(seen, own, certain=True)
        if seen.name in _ENDS:
            self._gone(seen.pid)
            return None
        self._last[seen.pid] = seen
        if seen.name in _FORKS and (child := _number(seen.result)) and len(self._under) < MOST_PROCESSES:
            self._under[child] = own
        return OwnRefusal(seen, own, certain=False) if seen.errno in FAILURES else None

    def ends(self, lines: bytes) -> list[OwnRefusal]:
        """Take in the ends of processes in whole lines, after their calls; return the calls that killed them."""
        refusals = []
        for pid, how in _END.findall(lines):
            process = int(pid) if pid else None
            last = self._last.get(process)
            if how == b"SIGSYS" and last is not None:
                refusals.append(OwnRefusal(last, Own.FILTER, certain=True))
            self._gone(process)
        return refusals

    def _gone(self, process: int | None) -> None:
        self._under.pop(process, None)
        self._last.pop(process, None)


def _number(result: str) -> int:
    """A result as a number; 0 if it is not one."""
    try:
        return int(result.split(maxsplit=1)[0], 0)
    except (IndexError, ValueError):
        return 0
