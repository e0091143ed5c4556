"""Programs that put themselves under seccomp: into its strict mode, or behind a filter of their own."""

from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple

from runner.language import tr
from runner.profile.calls.syscalls import Arch
from runner.profile.evidence.arguments import result_number, rolled_back, values
from runner.profile.evidence.model import ProcessEvent, SeenCall
from runner.profile.views.verdicts import FAILURES, Verdict
from runner.trace.processes import MOST, Processes

SETTERS = frozenset(("prctl", "seccomp"))
"""The calls by which a program does so."""
_FORKS = frozenset(("clone", "clone3", "fork", "vfork"))
_EXECUTES = frozenset(("execve", "execveat"))
_FOLLOWED = SETTERS | _FORKS | _EXECUTES

_PR_SET_SECCOMP = 22
_TSYNC = 1
_NEW_LISTENER = 8
_CLONE_THREAD = 0x10000
_STRICT_ALLOWS = frozenset(("read", "write", "exit", "rt_sigreturn", "sigreturn"))
_MOST_KINDS = 2000


class Own(Enum):
    """A kind of seccomp that a program put itself under."""

    STRICT = auto()
    """Strict mode: the kernel kills the program at any call but `read`, `write`, `exit` and `sigreturn`."""
    FILTER = auto()
    """A filter of its own, which a log does not show."""


_BY_PRCTL = {1: Own.STRICT, 2: Own.FILTER}
_BY_SECCOMP = {0: Own.STRICT, 1: Own.FILTER}


class OwnRefusal(NamedTuple):
    """A call that a program's own seccomp refused; one that failed, perhaps for another reason, is not `certain`.

    `call` is the first of `times` calls of its kind.
    """

    call: SeenCall
    own: Own
    certain: bool
    times: int = 1


class OwnFound:
    """What programs' own seccomp did in a log."""

    def __init__(self, *, filter_: bool = False) -> None:
        self.filter = filter_
        """True if a program has installed a filter of its own."""
        self._kinds: dict[tuple[str, str, Own, bool], OwnRefusal] = {}

    @property
    def refusals(self) -> tuple[OwnRefusal, ...]:
        """The calls that it refused, or may have, of each kind the first."""
        return tuple(self._kinds.values())

    def refused(self, refusal: OwnRefusal) -> None:
        """Count a refusal."""
        kind = (refusal.call.name, refusal.call.errno, refusal.own, refusal.certain)
        first = self._kinds.get(kind)
        if first is not None:
            self._kinds[kind] = first._replace(times=first.times + refusal.times)
        elif len(self._kinds) < _MOST_KINDS:
            self._kinds[kind] = refusal

    def put(self, own: Own) -> None:
        """Note that a program put itself under seccomp."""
        self.filter |= own is Own.FILTER


class OwnSeccomp:
    """Follows the processes that are under seccomp of their own, from their calls in the order of the log.

    `refused` gets each call that this stopped, or may have, and `put` each kind that a program puts itself under.
    """

    def __init__(
        self, arch: Arch, *, refused: Callable[[OwnRefusal], object], put: Callable[[Own], object]
    ) -> None:
        self._arch = arch
        self._refused = refused
        self._put = put
        self._processes = Processes()
        self._under: dict[int | None, Own] = {}
        self._last: dict[int | None, SeenCall] = {}
        self._waited: set[int | None] = set()
        """Threads that will end with another one, if that is killed."""

    @property
    def any(self) -> bool:
        """True if there is such a process, so that each of its calls must be seen."""
        return bool(self._under)

    def wants(self, name: str) -> bool:
        """True if each call of a name must be seen."""
        return self.any or name in _FOLLOWED

    def sets(self, seen: SeenCall) -> Own | None:
        """The kind that a call puts its process under; None for any other call."""
        if seen.name not in SETTERS or seen.errno or seen.result.startswith("?"):
            return None
        first, second, *_ = values(seen, seen.arch or self._arch)
        if seen.name == "prctl":
            return _BY_PRCTL.get(second or 0) if first == _PR_SET_SECCOMP else None
        if _flags(seen, self._arch) & (_TSYNC | _NEW_LISTENER) == _TSYNC and result_number(seen.result):
            # The number of a thread that has another filter, so that nothing was installed.
            return None
        return _BY_SECCOMP.get(-1 if first is None else first)

    def see(self, seen: SeenCall, verdict: Verdict | None) -> None:
        """Take in a call, with the profile's verdict on it."""
        process = self._process(seen.pid)
        own = self._under.get(process)
        self._becomes(seen, process)
        refusal = None
        if own is not None and verdict is not None and verdict.denied:
            self._denied(seen, process, verdict)
        elif own is not None:
            refusal = self._refusal(seen, process, own)
        if (put := self.sets(seen)) is not None:
            self._put(put)
        if refusal is not None:
            self._refused(refusal)

    def _denied(self, seen: SeenCall, process: int | None, verdict: Verdict) -> None:
        """Take in a call that the profile denies, or may; only if that does not kill, a kill is the filter's own."""
        self._last.pop(process, None)
        if not (verdict.decision.kills or verdict.decision.action == "trap"):
            self._last[process] = seen

    def _refusal(self, seen: SeenCall, process: int | None, own: Own) -> OwnRefusal | None:
        """The refusal of a call by the seccomp that its process put itself under, if it was refused."""
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

    def told(self, event: ProcessEvent) -> None:
        """Take in a process's beginning or end, after the calls before it."""
        if event.begins:
            self._processes.attached(event.process)
            return
        process = self._process(event.process)
        if event.heir is not None:
            self._inherit(event.heir, process)
            return
        refusal = self._killer(process) if event.how == "SIGSYS" else None
        self._gone(process)
        self._processes.ended(process)
        if refusal is not None:
            self._refused(refusal)

    def _process(self, printed: int | None) -> int | None:
        if self._processes.was_unnumbered(printed):
            self._rename(None, printed)
        return self._processes.of(printed)

    def _becomes(self, seen: SeenCall, process: int | None) -> None:
        """Note what a call makes of its process: seccomp, children, another program."""
        put = self.sets(seen)
        if put is not None:
            synced = seen.name == "seccomp" and _flags(seen, self._arch) & _TSYNC
            for each in self._processes.threads(process) if synced else {process}:
                self._limited(each, put)
        elif seen.name in _FORKS and (child := result_number(seen.result)):
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
            # Its flags are behind a pointer, which only some logs follow.
            decoded = next(iter(seen.args or ()), "").startswith("{flags=")
            return not decoded or "CLONE_THREAD" in str(seen.args)
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
        if rolled_back(last, self._arch):
            self._waited |= others
        elif (
            not last.result.startswith("?")
            or process in self._waited
            or any(rolled_back(self._last[each], self._arch) for each in others if each in self._last)
        ):
            return None
        return OwnRefusal(last, Own.FILTER, certain=True)

    def _inherit(self, heir: int, process: int | None) -> None:
        """A thread goes on under its process's number, and the other threads end."""
        self._gone(process)
        self._processes.ended(heir)
        self._rename(heir, process)

    def _rename(self, before: int | None, after: int | None) -> None:
        for found in (self._under, self._last):
            if before in found:
                found[after] = found.pop(before)  # type: ignore[assignment]

    def first_ended(self, how: str) -> None:
        """Take in the end of a container's first process, whose number strace prints beside others alone."""
        self.told(ProcessEvent(1 if 1 in self._last else None, how=how))

    def _gone(self, process: int | None) -> None:
        self._under.pop(process, None)
        self._last.pop(process, None)
        self._waited.discard(process)


def _flags(seen: SeenCall, arch: Arch) -> int:
    """The flags of a call of `seccomp`."""
    return values(seen, seen.arch or arch)[1] or 0


def own_sentence(refusal: OwnRefusal) -> str:
    """A sentence on a call that the program's own seccomp refused, or may have refused."""
    call = refusal.call.name
    if refusal.own is Own.STRICT:
        return tr(
            "The program had put itself into seccomp's strict mode, in which the kernel lets read, write, exit and "
            "sigreturn through, and kills the program at any other call: {call} ended it.",
            call=call,
        )
    if refusal.certain:
        return tr(
            "The program had installed a seccomp filter of its own, beside the profile: that stopped {call}.",
            call=call,
        )
    return tr(
        "{call} failed with {errno} after the program had installed a seccomp filter of its own: that may have "
        "denied it, or the kernel's own checks refused it.",
        call=call,
        errno=refusal.call.errno,
    )
