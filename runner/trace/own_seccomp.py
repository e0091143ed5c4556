"""Programs that put themselves under seccomp: into its strict mode, or behind a filter of their own."""

from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple

from runner.language import tr
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
        self._under: dict[int | None, Own] = {}
        """By process; None while the log has one process only, and names none."""
        self._last: dict[int | None, SeenCall] = {}

    @property
    def any(self) -> bool:
        """True if there is such a process, so that each of its calls must be seen."""
        return bool(self._under)

    def wants(self, name: str) -> bool:
        """True if each call of a name must be seen."""
        return self.any or name in SETTERS

    def sets(self, seen: SeenCall) -> Own | None:
        """The kind that a call puts its process under; None for any other call."""
        if seen.name not in SETTERS or seen.errno or seen.result.startswith("?"):
            return None
        first, second, *_ = values(seen, seen.arch or self._arch)
        if seen.name == "seccomp":
            return _BY_SECCOMP.get(-1 if first is None else first)
        return _BY_PRCTL.get(second or 0) if first == _PR_SET_SECCOMP else None

    def see(self, seen: SeenCall) -> None:
        """Take in a call that the profile lets through."""
        own = self._under.get(seen.pid) or self._under.get(None)
        put = self.sets(seen)
        if put is not None and len(self._under) < MOST_PROCESSES:
            self._under[seen.pid] = put
        refusal = self._refusal(seen, own) if own else None
        if put is not None:
            self._put(put)
        if refusal is not None:
            self._refused(refusal)

    def _refusal(self, seen: SeenCall, own: Own) -> OwnRefusal | None:
        """The refusal of a call by the seccomp that its process put itself under, if it was refused."""
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

    def ended(self, process: int | None, how: str) -> None:
        """Take in the end of a process after its calls: an exit status, or the signal that killed it."""
        last = self._last.get(process)
        self._gone(process)
        if how == "SIGSYS" and last is not None:
            self._refused(OwnRefusal(last, Own.FILTER, certain=True))

    def _gone(self, process: int | None) -> None:
        self._under.pop(process, None)
        self._last.pop(process, None)


def _number(result: str) -> int:
    """A result as a number; 0 if it is not one."""
    try:
        return int(result.split(maxsplit=1)[0], 0)
    except (IndexError, ValueError):
        return 0


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
