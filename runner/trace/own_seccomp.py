"""Programs that put themselves under seccomp: into its strict mode, or behind a filter of their own."""

from enum import Enum, auto
from typing import NamedTuple

from runner.errors import UsageError
from runner.profile.calls.syscalls import Arch, find
from runner.profile.evidence.arguments import values
from runner.profile.evidence.model import SeenCall
from runner.profile.views.verdicts import FAILURES
from runner.trace.processes import MOST, Event, Processes

SETTERS = frozenset(("prctl", "seccomp"))
"""The calls by which a program does so."""
_FORKS = frozenset(("clone", "clone3", "fork", "vfork"))
_EXECUTES = frozenset(("execve", "execveat"))
FOLLOWED = SETTERS | _FORKS | _EXECUTES
"""The calls that must be taken even while no process is under seccomp of its own."""

_PR_SET_SECCOMP = 22
_TSYNC = 1
_NEW_LISTENER = 8
_CLONE_THREAD = 0x10000
_NUMBER_BEFORE = frozenset(("amd64", "386", "x32"))
_STRICT_ALLOWS = frozenset(("read", "write", "exit", "rt_sigreturn", "sigreturn"))


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
        self._processes = Processes()
        self._under: dict[int | None, Own] = {}
        self._last: dict[int | None, SeenCall] = {}
        self._waited: set[int | None] = set()
        """Threads that will end with another one, if that is killed."""

    @property
    def any(self) -> bool:
        """True if there is such a process, so that each of its calls must be taken."""
        return bool(self._under)

    def sets(self, seen: SeenCall) -> Own | None:
        """The kind that a call puts its process under; None for any other call."""
        if seen.name not in SETTERS or seen.errno or seen.result.startswith("?"):
            return None
        first, second, *_ = values(seen, seen.arch or self._arch)
        if seen.name == "prctl":
            return _BY_PRCTL.get(second or 0) if first == _PR_SET_SECCOMP else None
        if _flags(seen, self._arch) & (_TSYNC | _NEW_LISTENER) == _TSYNC and _number(seen.result):
            # The number of a thread that has another filter, so that nothing was installed.
            return None
        return _BY_SECCOMP.get(-1 if first is None else first)

    def take(self, seen: SeenCall, *, denied: bool = False, killed: bool = False) -> OwnRefusal | None:
        """Take in a call; return its refusal by the process's own seccomp, if any.

        `denied` is true if the profile denies the call, or may, and `killed` if it ends the process by that.
        """
        process = self._process(seen.pid)
        own = self._under.get(process)
        self._put(seen, process)
        if own is None:
            return None
        if denied:
            self._last.pop(process, None)
            if not killed:
                self._last[process] = seen
            return None
        if own is Own.STRICT:
            if seen.name in _STRICT_ALLOWS:
                return None
            self._gone(process)
            return OwnRefusal(seen, own, certain=True)
        if seen.action:
            self._last.pop(process, None)
            self._waited |= self._processes.threads(process) - {process}
            return OwnRefusal(seen, own, certain=True)
        self._last[process] = seen
        if not seen.result.startswith("?"):
            self._waited.discard(process)
        return OwnRefusal(seen, own, certain=False) if seen.errno in FAILURES else None

    def reported(self, event: Event) -> OwnRefusal | None:
        """Take in a process's beginning or end; return the call that killed it, if its own filter did."""
        if not event.how and event.process is not None:
            self._processes.attached(event.process)
            return None
        process = self._process(event.process)
        if event.heir is not None:
            self._inherit(event.heir, process)
            return None
        refusal = self._killer(process) if event.how == "SIGSYS" else None
        self._gone(process)
        self._processes.ended(process)
        return refusal

    def _process(self, printed: int | None) -> int | None:
        if self._processes.was_unnumbered(printed):
            self._rename(None, printed)
        return self._processes.of(printed)

    def _put(self, seen: SeenCall, process: int | None) -> None:
        """Note what a call makes of its process: seccomp, children, another program."""
        put = self.sets(seen)
        if put is not None:
            synced = seen.name == "seccomp" and _flags(seen, self._arch) & _TSYNC
            for each in self._processes.threads(process) if synced else {process}:
                self._limited(each, put)
        elif seen.name in _FORKS and (child := _number(seen.result)):
            self._processes.forked(process, child, thread=self._may_be_thread(seen))
            if own := self._under.get(process):
                self._limited(child, own)
        elif seen.name in _EXECUTES and not seen.errno:
            self._processes.executed(process)

    def _limited(self, process: int | None, own: Own) -> None:
        if process in self._under or len(self._under) < MOST:
            self._under[process] = own

    def _may_be_thread(self, seen: SeenCall) -> bool:
        """True unless a new process is known to be none of its parent's threads."""
        if seen.name in ("fork", "vfork"):
            return False
        if seen.name == "clone3":
            # Its flags are behind a pointer.
            return True
        arch = seen.arch or self._arch
        flags = values(seen, arch)[1 if arch.go in {"s390", "s390x"} else 0]
        return flags is None or bool(flags & _CLONE_THREAD)

    def _killer(self, process: int | None) -> OwnRefusal | None:
        """The last call of a process that SIGSYS has ended, if its own filter stopped that call.

        The kernel rolls that call back. The result of a call that ends only its thread is unknown, as is that of calls
        in which other threads waited when one of them was killed.
        """
        last = self._last.get(process)
        if last is None:
            return None
        others = self._processes.threads(process) - {process}
        if self._rolled_back(last):
            self._waited |= others
        elif (
            not last.result.startswith("?")
            or process in self._waited
            or any(self._rolled_back(self._last[each]) for each in others if each in self._last)
        ):
            return None
        return OwnRefusal(last, Own.FILTER, certain=True)

    def _rolled_back(self, seen: SeenCall) -> bool:
        """True if the register of the result is as before the call: on x86 that has its number, else an argument."""
        if seen.errno or seen.result.startswith("?"):
            return False
        arch = seen.arch or self._arch
        before = values(seen, arch)[0] if arch.go not in _NUMBER_BEFORE else seen.number
        if before is None and arch.go in _NUMBER_BEFORE:
            try:
                before = find(seen.name, arch).number
            except UsageError:
                return False
        return _number(seen.result) == before

    def _inherit(self, heir: int, process: int | None) -> None:
        """A thread goes on under its process's number, and the other threads end."""
        self._gone(process)
        self._processes.ended(heir)
        self._rename(heir, process)

    def _rename(self, before: int | None, after: int | None) -> None:
        for found in (self._under, self._last):
            if before in found:
                found[after] = found.pop(before)  # type: ignore[assignment]

    def _gone(self, process: int | None) -> None:
        self._under.pop(process, None)
        self._last.pop(process, None)
        self._waited.discard(process)


def _flags(seen: SeenCall, arch: Arch) -> int:
    """The flags of a call of `seccomp`."""
    return values(seen, seen.arch or arch)[1] or 0


def _number(result: str) -> int:
    """A result as a number; 0 if it is not one."""
    try:
        return int(result.split(maxsplit=1)[0], 0)
    except (IndexError, ValueError):
        return 0
