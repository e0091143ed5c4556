"""Calls that can stand in for others under a profile: each is judged with arguments that come to the same end."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from runner.errors import UsageError
from runner.language import tr
from runner.profile.calls.call import Call
from runner.profile.calls.stand_ins import NAMESPACE_FLAGS, NAMESPACES, REPLACEABLE, stand_ins
from runner.profile.calls.syscalls import S390_TOKENS, Arch, Syscall, find
from runner.profile.filter.partial import outcomes
from runner.profile.filter.simulate import Decision
from runner.profile.simulation import Simulation

_NO_ARGUMENTS = (0,) * 6
_PROCESSES = ("clone", "fork", "vfork", "unshare")
"""Calls whose end is in the flags of clone and unshare, where they have any."""


class Neighbour(NamedTuple):
    """A call that does nearly the same as another, and the decisions on it with arguments that come to the same end."""

    name: str
    decisions: tuple[Decision, ...]

    @property
    def passes(self) -> bool:
        """True if it passes with some of these arguments."""
        return any(decision.executed for decision in self.decisions)

    @property
    def denied(self) -> bool:
        """True if it is denied with some of these arguments."""
        return not all(decision.executed for decision in self.decisions)

    @property
    def in_words(self) -> str:
        """Its name, with a remark where the arguments decide."""
        return (
            tr("{call} (with some arguments)", call=self.name) if self.passes and self.denied else self.name
        )


def replacing(simulation: Simulation, call: Call) -> Iterator[Neighbour]:
    """The calls that can stand in for this one."""
    yield from _judged(simulation, call, stand_ins(call.syscall.name, namespaces=bool(_namespaces(call))))


def replaced(simulation: Simulation, call: Call) -> Iterator[Neighbour]:
    """The calls that this one can stand in for."""
    name = call.syscall.name
    namespaces = name in ("unshare", "clone3") or bool(_namespaces(call))
    names = (other for other in REPLACEABLE if name in stand_ins(other, namespaces=namespaces))
    yield from _judged(simulation, call, names)


def _judged(simulation: Simulation, call: Call, names: Iterable[str]) -> Iterator[Neighbour]:
    filter_ = simulation.filter
    if filter_ is None:
        return
    for name in names:
        try:
            syscall = find(name, call.arch)
        except UsageError:  # this architecture has no such call
            continue
        ends = _same_end(call, syscall)
        if ends is None:
            ends = tuple(outcomes(filter_, call.arch, syscall.number, (None,) * 6).values())
        if ends:
            decided = (simulation.decide(Call(call.arch, syscall, args)) for args in ends)
            yield Neighbour(name, tuple(decided))


def _same_end(call: Call, other: Syscall) -> tuple[tuple[int, ...], ...] | None:
    """The arguments with which another call comes to the same end, () if there are none; None if they are unknown."""
    if other.name not in ("clone", "unshare") or call.syscall.name not in _PROCESSES:
        return None
    flags = _namespaces(call)
    wanted: tuple[int, ...]
    if flags or call.syscall.name != "unshare":
        wanted = (flags,) if flags or other.name == "clone" else ()
    else:
        wanted = () if call.args[0] else NAMESPACE_FLAGS
    index = _flags_index(other.name, call.arch)
    return tuple((*_NO_ARGUMENTS[:index], each, *_NO_ARGUMENTS[index + 1 :]) for each in wanted)


def _namespaces(call: Call) -> int:
    """The namespaces that the call makes, as flags."""
    if call.syscall.name not in ("clone", "unshare"):
        return 0
    return call.args[_flags_index(call.syscall.name, call.arch)] & NAMESPACES


def _flags_index(name: str, arch: Arch) -> int:
    """The argument of clone or unshare that holds the flags."""
    return int(name == "clone" and arch.token in S390_TOKENS)
