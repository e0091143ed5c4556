"""A trace, the calls of a program: a value that can be merged with those of other runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from runner.errors import UsageError

MOST_VALUES = 64
"""The largest number of different values of an argument that are kept; of more, only that there were more."""
TELLING_ARGS = {
    "bpf": 0,
    "clone": 0,
    "keyctl": 0,
    "personality": 0,
    "setns": 1,
    "socket": 0,
    "socketpair": 0,
    "unshare": 0,
}
"""Calls with one argument that decides their effect, with its index; profiles often test it. See `telling_arg`."""

_S390 = frozenset(("s390", "s390x"))


def telling_arg(name: str, arch: str) -> int | None:
    """The index of the argument that decides a call's effect on an architecture (a Go name); None if none does."""
    return 1 if name == "clone" and arch in _S390 else TELLING_ARGS.get(name)


class Began(StrEnum):
    """The point from which the calls are known."""

    START = "start"
    """From the program's first instruction."""
    ATTACHED = "attached"
    """From some time while it ran: earlier calls are unknown."""
    EVIDENCE = "evidence"
    """As a log or table shows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedCall:
    """A call as it was made on an architecture, by its Go name.

    `number` is None if the evidence has only names. `errors` counts the failed calls by errno. `first` and `last` are
    the arguments of two of the calls, None for unknown ones. `values` are those of the deciding argument in calls that
    were not refused, and `more` is true if there were others, or some that the evidence does not show.
    """

    name: str
    arch: str
    count: int
    number: int | None = None
    errors: Mapping[str, int] = field(default_factory=dict)
    first: tuple[int | None, ...] = ()
    last: tuple[int | None, ...] = ()
    values: tuple[int, ...] = ()
    more: bool = False

    @property
    def failed(self) -> int:
        """The number of failed calls."""
        return sum(self.errors.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """All calls of some runs, the most frequent first.

    `programs` are the files that were executed, `seconds` is the duration, `notes` are remarks for the user.
    """

    arch: str
    calls: tuple[TracedCall, ...]
    began: Began = Began.EVIDENCE
    programs: tuple[str, ...] = ()
    denied: Mapping[str, int] = field(default_factory=dict)
    """The calls, by name, that the profile in force denied each time, with their errno as a number (0 for a kill)."""
    seconds: float = 0.0
    runs: int = 1
    names: tuple[str, ...] = ()
    """The programs that were run, or the files that were read, a word each, for comments."""
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """The number of calls."""
        return sum(call.count for call in self.calls)


def merged(traces: Iterable[Trace]) -> Trace:
    """Merge traces: a call counts as seen if any of them saw it, and as denied only if none allowed it.

    Raises:
        UsageError: there is none, or they have different architectures.
    """
    every = list(traces)
    arches = sorted({trace.arch for trace in every})
    if len(arches) != 1:
        raise UsageError(
            f"traces of different architectures: {', '.join(arches)}"
            if arches
            else "there is no trace to read",
            remedy="make a profile for each architecture by itself",
        )
    together: dict[tuple[str, str], TracedCall] = {}
    for call in (call for trace in every for call in trace.calls):
        key = call.name, call.arch
        together[key] = _sum(together[key], call) if key in together else call
    passed = {call.name for trace in every for call in trace.calls if call.name not in trace.denied}
    return Trace(
        arch=arches[0],
        calls=in_order(together.values()),
        began=_weakest(trace.began for trace in every),
        programs=_unique(trace.programs for trace in every),
        denied={
            name: number for trace in every for name, number in trace.denied.items() if name not in passed
        },
        seconds=sum(trace.seconds for trace in every),
        runs=sum(trace.runs for trace in every),
        names=_unique(trace.names for trace in every),
        notes=_unique(trace.notes for trace in every),
    )


def in_order(calls: Iterable[TracedCall]) -> tuple[TracedCall, ...]:
    """The calls, the most frequent first."""
    return tuple(sorted(calls, key=lambda call: (-call.count, call.name, call.arch)))


def _unique(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for part in parts for word in part))


def _weakest(began: Iterable[Began]) -> Began:
    order = (Began.ATTACHED, Began.EVIDENCE, Began.START)
    return min(began, key=order.index)


def _sum(one: TracedCall, other: TracedCall) -> TracedCall:
    errors = dict(one.errors)
    for errno, count in other.errors.items():
        errors[errno] = errors.get(errno, 0) + count
    values = tuple(sorted({*one.values, *other.values}))
    return TracedCall(
        name=one.name,
        arch=one.arch,
        count=one.count + other.count,
        number=one.number if one.number is not None else other.number,
        errors=errors,
        first=one.first or other.first,
        last=other.last or one.last,
        values=values[:MOST_VALUES],
        more=one.more or other.more or len(values) > MOST_VALUES,
    )
