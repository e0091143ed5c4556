"""Judges evidence of calls by a profile: the calls that it denies, and those that failed for another reason."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from runner.errors import UsageError
from runner.profile.calls.call import Call
from runner.profile.calls.constants import errno_name
from runner.profile.calls.syscalls import Arch, Syscall, find, of_number, own_number
from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.evidence.arguments import rolled_back, values
from runner.profile.evidence.model import Evidence, EvidenceKind, SeenCall
from runner.profile.filter.partial import outcomes, tested
from runner.profile.filter.returns import describe_return
from runner.profile.filter.simulate import Decision
from runner.profile.simulation import Simulation
from runner.profile.views.headline import argument_text, headline

MOST_KINDS = 10_000
_MOST_ALIKE = 4096
_OF_32_BITS = {"amd64": "386"}
"""The architecture of the 32-bit programs that make the calls which the machine's others lack.

Elsewhere such a name is more likely of another machine: those of amd64 are common, and arm has many of them.
"""
_LIKELY_AGAIN = 200
"""The longest arguments (characters) that are remembered, since they may come again unchanged."""
_EXECUTED = ("allow", "log")
FAILURES = ("EPERM", "EACCES", "ENOSYS")
"""The errors that a call denied by seccomp usually returns; they have other causes, too."""

_NO_RETURN = ("exit", "exit_group")
"""The calls for which `?` as the result says that they were executed."""

_NO_REFUSALS = frozenset((("setpgid", "EACCES"), ("setpgid", "EPERM"), ("setsid", "EPERM")))
"""Failures that look like refusals: a shell puts each new process into a group twice, in both processes, and one of
them comes too late. See setpgid(2) and setsid(2)."""


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """A profile's decision on calls of one kind: same call, same arguments as far as these matter, same errno.

    `first` is the first of them and `count` their number. `call` is the simulated call. `certain` is true if the
    decision holds for all values of arguments that the evidence does not show; else `open_args` are the arguments that
    it depends on, and `decision` is a possible denial.
    """

    first: SeenCall
    call: Call
    decision: Decision
    count: int
    certain: bool = True
    open_args: tuple[int, ...] = ()

    @property
    def denied(self) -> bool:
        """True if the profile denies it, as far as the evidence shows."""
        return not self.decision.executed

    @property
    def refused_otherwise(self) -> bool:
        """True if the profile let it pass and the kernel refused it for another reason."""
        errno = self.first.errno
        return errno in FAILURES and not self.denied and (self.call.syscall.name, errno) not in _NO_REFUSALS

    @property
    def logged(self) -> bool:
        """True if the evidence is the kernel's record of a call that was executed, and only logged."""
        return self.first.action == "log"

    @property
    def contradicted(self) -> bool:
        """True if the evidence shows another result than the profile's decision."""
        seen, decision = self.first, self.decision
        if seen.action:
            return seen.action != decision.action
        if not seen.result:
            return False
        if seen.result.startswith("?") and not seen.errno and self.call.syscall.name not in _NO_RETURN:
            return False  # the process ended meanwhile, and the result was not seen
        if decision.action == "errno":
            return decision.errno not in (seen.errno, "0")
        if decision.kills or decision.action == "trap":
            return not (seen.result.startswith("?") or rolled_back(seen, self.call.arch))
        return self.denied and not seen.result.startswith("?")

    @property
    def headline(self) -> str:
        """The call as in the evidence, and its result, on one line; `?` for arguments that are not shown."""
        call, decision, shown = self.call, self.decision, self.first.args
        if self.open_args:
            shown = tuple(
                "?" if index in self.open_args else argument_text(value)
                for index, value in enumerate(call.args[: self.open_args[-1] + 1])
            )
        return headline(call, decision, ("…",) if shown is None else shown)


class Verdicts:
    """Judges calls as they are read: pass it to an `EvidenceReader` as `observer`, and `wants` as `wanted`.

    If a call is denied with all arguments, the first one is enough: the reader only counts the others, and `settle`
    copies the counts.
    """

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._found: dict[tuple[object, ...], Verdict] = {}
        self._counts: dict[tuple[object, ...], int] = {}
        self._wants: dict[tuple[str, Arch | None], bool] = {}
        self._denies: dict[tuple[str, Arch | None], bool] = {}
        self._again: dict[tuple[object, ...], tuple[object, ...]] = {}
        """The kinds of calls that come again with the same arguments."""
        self._denied: dict[tuple[str, int], tuple[object, ...]] = {}
        """The first kind that is denied, of each call."""
        self._tested: dict[tuple[int, int], frozenset[int]] = {}
        self.overflow = 0
        """The number of calls that came after `MOST_KINDS` kinds had been seen, and are not reported."""
        self.foreign: dict[str, SeenCall] = {}
        """Calls that the machine's architecture lacks."""
        self.of_32_bits: dict[str, Arch] = {}
        """Calls that the machine's 64-bit programs lack, so that a 32-bit one made them, by the architecture of that.
        """

    def __iter__(self) -> Iterator[Verdict]:
        """The verdicts in the order of the evidence."""
        for key, verdict in self._found.items():
            yield replace(verdict, count=self._counts[key])

    def settle(self, evidence: Evidence) -> None:
        """Copy the counts of calls that the reader only counted after the first one."""
        totals: Counter[tuple[str, str]] = Counter()
        for seen in evidence.calls:
            totals[seen.name, (seen.arch or self._simulation.arch).go] += seen.times
        told: Counter[tuple[str, str]] = Counter()
        for key, verdict in self._found.items():
            told[verdict.first.name, verdict.call.arch.go] += self._counts[key]
        for key, verdict in self._found.items():
            same = (verdict.first.name, verdict.call.arch.go)
            if not verdict.denied:
                continue  # it is here since it failed, and the others passed
            # The calls that were not observed belong to the first kind: the others are observed one by one.
            self._counts[key] += max(totals[same] - told.pop(same, totals[same]), 0)

    def wants(self, name: str, arch: Arch | None = None) -> bool:
        """True if a call of this name must be observed, since the profile may deny it."""
        known = self._wants.get((name, arch))
        if known is None:
            known = self._wants[name, arch] = self.may_deny(name, arch)
        return known

    def may_deny(self, name: str, arch: Arch | None = None) -> bool:
        """True if the profile denies calls of this name, all or some of them."""
        known = self._denies.get((name, arch))
        if known is None:
            known = self._denies[name, arch] = self._may_deny(name, arch or self._simulation.arch)
        return known

    def __call__(self, seen: SeenCall) -> Verdict | None:
        """Add a call, and return the verdict on its kind; None if it has none."""
        whole = (seen.name, seen.number, seen.arch, seen.args, seen.errno, seen.action)
        again = self._again.get(whole)
        if again is not None:
            self._counts[again] += seen.times
            return self._found[again]
        named = self._named(seen)
        if named is None:
            return None
        arch, syscall = named
        if len(self._found) >= MOST_KINDS and (arch.token, syscall.number) not in self._tested:
            # A program can invent billions of numbers.
            self.overflow += 1
            return None
        if not seen.times and (denied := self._denied.get((arch.go, syscall.number))):
            return self._found[denied]  # another sign of a call that is denied already
        key = self._add(seen, arch, syscall)
        if key in self._found and sum(map(len, seen.args or ())) <= _LIKELY_AGAIN:
            if len(self._again) >= _MOST_ALIKE:
                self._again.clear()
            self._again[whole] = key
        return self._found.get(key)

    def _add(self, seen: SeenCall, arch: Arch, syscall: Syscall) -> tuple[object, ...]:
        """Count a call with its kind, and return the kind."""
        args = values(seen, arch)
        depends = self._depends(arch, syscall.number)
        shown = tuple(args[index] for index in sorted(depends))
        key = (arch.go, syscall.number, shown, seen.errno, seen.action, seen.args is None)
        if key in self._found:
            self._counts[key] += seen.times
        elif len(self._found) >= MOST_KINDS:
            self.overflow += 1
        else:
            self._found[key] = self._judge(seen, arch, syscall, args)
            self._counts[key] = max(seen.times, 1)
            if self._found[key].denied:
                self._denied.setdefault((arch.go, syscall.number), key)
        if not depends and syscall.known:
            self._wants[seen.name, seen.arch] = False
        return key

    def _depends(self, arch: Arch, number: int) -> frozenset[int]:
        found = self._tested.get((arch.token, number))
        if found is None:
            filter_ = self._simulation.filter
            found = tested(filter_, arch, number) if filter_ else frozenset()
            self._tested[arch.token, number] = found
        return found

    def _judge(self, seen: SeenCall, arch: Arch, syscall: Syscall, args: tuple[int | None, ...]) -> Verdict:
        filter_ = self._simulation.filter
        plain = Call(arch, syscall, tuple(value or 0 for value in args))
        if filter_ is None:
            return Verdict(seen, plain, self._simulation.decide(plain), 1)
        possible = outcomes(filter_, arch, syscall.number, args)
        chosen = _chosen(possible, seen)
        call = Call(arch, syscall, possible[chosen])
        open_args = sorted(index for index in self._depends(arch, syscall.number) if args[index] is None)
        certain = len(possible) == 1
        return Verdict(seen, call, filter_.decide(call), 1, certain, () if certain else tuple(open_args))

    def _named(self, seen: SeenCall) -> tuple[Arch, Syscall] | None:
        """The call on the architecture it was made for; None if that architecture lacks it."""
        arch = seen.arch or self._simulation.arch
        try:
            return arch, of_number(seen.number, arch) if seen.number is not None else find(seen.name, arch)
        except UsageError:
            # A message's words are no certain names, so that no other architecture is guessed from them.
            inner = None if seen.arch or seen.kind is EvidenceKind.MESSAGE else _OF_32_BITS.get(arch.go)
            if inner and (number := own_number(seen.name, find_arch(inner))) is not None and number >= 0:
                self.of_32_bits[seen.name] = find_arch(inner)
                return find_arch(inner), Syscall(seen.name, number)
            self.foreign.setdefault(seen.name, seen)
            return None

    def _may_deny(self, name: str, arch: Arch) -> bool:
        filter_ = self._simulation.filter
        if filter_ is None:
            return False
        try:
            residue = filter_.residue(arch.audit, find(name, arch).number)
        except UsageError:
            return True
        return not isinstance(residue, int) or describe_return(residue)[0] not in _EXECUTED


def _chosen(possible: Iterable[int], seen: SeenCall) -> int:
    """The return that fits the evidence; if none does, a denial."""
    actions = {value: describe_return(value) for value in possible}
    passed = bool(seen.result) and not seen.result.startswith("?") and not seen.action
    let_through = seen.action in _EXECUTED

    def fits(value: int) -> tuple[bool, ...]:
        action, number = actions[value]
        executed = action in _EXECUTED
        same_errno = number is not None and bool(seen.errno) and errno_name(number) == seen.errno
        return (
            bool(seen.action) and action == seen.action,
            same_errno,
            (let_through or (passed and seen.errno not in FAILURES)) and executed,
            not executed,
        )

    return max(actions, key=fits)
