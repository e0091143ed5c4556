"""The kernel's decision on a call: the compiled filter's answer, and the reason for it."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from runner.language import tr
from runner.profile import libseccomp
from runner.profile.calls.call import Call
from runner.profile.calls.constants import errno_name
from runner.profile.calls.syscalls import WORD_MASK, Arch, never_filtered_since
from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.errors import SimulationError
from runner.profile.filter import bpf
from runner.profile.filter.attribution import Attribution, Cause, Prediction
from runner.profile.filter.compile import Compiled, compile_program
from runner.profile.filter.returns import describe_return
from runner.profile.history.library import is_known
from runner.profile.model import OciRule, OciSeccomp
from runner.profile.version import Version

_REMEMBERED = 1 << 16
"""The largest number of argument sets of one call whose decisions are remembered."""
_WORDS = {
    "allow": "allow",
    "log": "log",
    "errno": "errno",
    "kill_thread": "kill thread",
    "kill_process": "kill process",
    "trap": "trap",
    "trace": "trace",
    "notify": "notify",
}
"""The actions in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The decision on a call.

    `action` is allow, log, errno, kill_thread, kill_process, trap, trace or notify. `errno` is the name of the error
    that the program sees if the call fails (`EPERM`; `0` for a pretended success), else empty. `rule` is the deciding
    rule, the OCI object's `syscalls[index]`; None if something else decided, which is then the `cause`. `agrees` is
    false if the compiled filter contradicts the profile's rules.
    """

    action: str
    errno: str
    errno_number: int | None
    cause: Cause
    rule: OciRule | None = None
    index: int | None = None
    agrees: bool = True
    notes: tuple[str, ...] = ()

    @property
    def executed(self) -> bool:
        """True if the kernel goes on to execute the call."""
        return self.action in ("allow", "log")

    @property
    def kills(self) -> bool:
        """True if the call ends the thread or process that makes it."""
        return self.action in ("kill_process", "kill_thread")

    @property
    def in_words(self) -> str:
        """The action and the errno: `errno EPERM`, `kill thread`."""
        return tr(_WORDS[self.action]) + (f" {self.errno}" if self.errno else "")


def off() -> Decision:
    """The decision on any call where the profile turns seccomp off."""
    return Decision(
        action="allow",
        errno="",
        errno_number=None,
        cause=Cause.DISABLED,
        notes=(tr("the profile is empty, which turns seccomp off"),),
    )


class Filter:
    """A compiled profile that decides calls, on a kernel of some version (None: one without exceptions)."""

    def __init__(self, compiled: Compiled, kernel: tuple[int, int] | None = None) -> None:
        self._compiled = compiled
        self._kernel = kernel
        self._attribution = Attribution(compiled)
        self._residues: dict[tuple[int, int], int | bpf.Question] = {}
        self._deciders: dict[tuple[int, int], Decision | Callable[[tuple[int, ...]], Decision]] = {}

    @property
    def program(self) -> tuple[bpf.Instruction, ...]:
        """The instructions as the runtime loads them."""
        return self._compiled.program

    @property
    def stub(self) -> int:
        """The number of instructions at the start that are runc's and not libseccomp's."""
        return self._compiled.stub

    def returns(self, audit: int, number: int, args: Sequence[int]) -> int:
        """The filter's return value, computed fast and without a reason.

        The values must be unsigned: 32 bits for `audit` and `number`, 64 for each of the six `args`.
        """
        residue = self.residue(audit, number)
        if isinstance(residue, int):
            return residue
        return bpf.decide(residue, seccomp_data(audit, number, args))

    def residue(self, audit: int, number: int) -> int | bpf.Question:
        """The simplified program for a call: its return, or the first test of its arguments."""
        residue = self._residues.get((audit, number))
        if residue is None:
            residue = self._residues[audit, number] = bpf.specialise(self.program, {0: number, 1: audit})
        return residue

    def decide(self, call: Call) -> Decision:
        """Decide a call, with the reason.

        Raises:
            SimulationError: the filter contradicts a rule that has no conditions.
        """
        key = (call.arch.token, call.syscall.number)
        decider = self._deciders.get(key)
        if decider is None:
            decider = self._deciders[key] = self._decider(call)
        decision = decider if isinstance(decider, Decision) else decider(call.args)
        return replace(decision, notes=(*call.notes, *decision.notes)) if call.notes else decision

    def _decider(self, call: Call) -> Decision | Callable[[tuple[int, ...]], Decision]:
        """The decision, if it is the same for all arguments; else a function of the arguments that caches decisions."""
        arch, number = call.arch, call.syscall.number
        since = never_filtered_since(arch, number)
        if since is not None and self._kernel is not None and self._kernel >= since:
            return _unfiltered(since)
        residue = self.residue(arch.audit, number)
        indexes = self._attribution.indexes(arch, number)
        if isinstance(residue, int) and not indexes:
            return self._decided(call, residue, (0,) * 6)
        questioned = () if isinstance(residue, int) else bpf.words(residue)
        looked_at = sorted({*indexes, *((word - 4) // 2 for word in questioned)})
        known: dict[tuple[int, ...], Decision] = {}

        def decide(given: tuple[int, ...]) -> Decision:
            key = tuple([given[index] for index in looked_at])
            decision = known.get(key)
            if decision is None:
                if len(known) >= _REMEMBERED:
                    known.clear()
                args = given if arch.bits == 64 else tuple(value & WORD_MASK for value in given)
                decision = known[key] = self._decided(call, self.returns(arch.audit, number, args), args)
            return decision

        return decide

    def _decided(self, call: Call, value: int, args: tuple[int, ...]) -> Decision:
        prediction = self._attribution.predict(call.arch, call.syscall.number, args)
        conditional = bool(self._attribution.indexes(call.arch, call.syscall.number))
        certain = not conditional or any(match.unconditional for match in prediction.matches)
        if value != prediction.value and certain:
            raise SimulationError(
                f"for {call.syscall.name} on {call.arch.go} the compiled filter returns {value:#x}, and the rules, "
                f"which have no conditions there, ask for {prediction.value:#x}"
            )
        places = ", ".join(self._attribution.place(match.index) for match in prediction.matches)
        return _decision(value, prediction, tuple(self._notes(call, prediction)), places)

    def _notes(self, call: Call, prediction: Prediction) -> Iterable[str]:
        name = call.syscall.name
        naming, lost = self._attribution.naming(name), self._compiled.lost.get(name)
        if lost is not None or (naming and not call.syscall.known):
            yield self._not_known(name, naming[0] if lost is None else lost, self._compiled.library)
        if prediction.cause is Cause.DEFAULT and call.syscall.known:
            left_out = [index for index in naming if self._attribution.left_out(index)]
            open_ = [index for index in naming if index not in left_out]
        else:
            left_out, open_ = [match.index for match in prediction.redundant], []
        for index in left_out:
            yield tr(
                "{rule} names it with the default's own action: the runtime leaves that rule out",
                rule=self._attribution.place(index),
            )
        if open_ and not left_out:
            yield tr(
                "{rule} names it, but its conditions do not hold for these arguments",
                rule=self._attribution.place(open_[0]),
            )

    def _not_known(self, name: str, index: int, library: Version | None) -> str:
        """A note on a rule with a name that libseccomp does not know: of the version asked for, or the machine's."""
        place, here = self._attribution.place(index), libseccomp.version()
        if library is not None and is_known(name, library):
            return tr(
                "{rule} names {call}, which libseccomp {asked} knows, and {here} on this machine does not: decide it "
                "where libseccomp is newer",
                rule=place,
                call=name,
                asked=library,
                here=here,
            )
        return tr(
            "{rule} names {call}, but libseccomp {version} does not know it: a runtime with this library "
            "leaves the name out",
            rule=place,
            call=name,
            version=library or here,
        )


def compile_filter(
    oci: OciSeccomp,
    arch: str | Arch = "amd64",
    *,
    runtime: Version | None = None,
    library: Version | None = None,
    kernel: tuple[int, int] | None = None,
    exact: bool = True,
) -> Filter:
    """Compile for a machine of an architecture, as these versions of runc and libseccomp (None: current ones) would.

    Without `exact`, compiling is faster and decisions are the same.

    Raises:
        LibseccompMissingError: this machine has no libseccomp.
        ProfileError: the runtime would refuse the profile.
    """
    native = find_arch(arch) if isinstance(arch, str) else arch
    return Filter(compile_program(oci, native, runtime=runtime, library=library, exact=exact), kernel)


def seccomp_data(audit: int, number: int, args: Sequence[int]) -> list[int]:
    """The words of `struct seccomp_data` for a call; the byte order is the architecture's."""
    words = [number, audit, 0, 0]
    if audit & 0x40000000:
        words += itertools.chain.from_iterable((value & WORD_MASK, value >> 32) for value in args)
    else:
        words += itertools.chain.from_iterable((value >> 32, value & WORD_MASK) for value in args)
    return words


def _unfiltered(since: tuple[int, int]) -> Decision:
    version = ".".join(map(str, since))
    note = tr("from {version} on the kernel executes this call without asking any filter", version=version)
    return Decision(action="allow", errno="", errno_number=None, cause=Cause.KERNEL, notes=(note,))


def _decision(value: int, prediction: Prediction, notes: tuple[str, ...], places: str) -> Decision:
    """The decision; `places` are those of all matching rules."""
    action, number = describe_return(value)
    agrees = value == prediction.value
    cause = prediction.cause
    match = next((match for match in prediction.matches if match.value == value), None)
    if not agrees:
        notes = (*notes, _contradiction(places, ambiguous=prediction.ambiguous))
        cause = Cause.RULE if match else Cause.DEFAULT
    elif prediction.ambiguous:
        notes = (
            *notes,
            tr("{rules} match with different actions; which one wins is libseccomp's choice", rules=places),
        )
    return Decision(
        action=action,
        errno="" if number is None else errno_name(number),
        errno_number=number,
        cause=cause,
        rule=match.rule if match else None,
        index=match.index if match else None,
        agrees=agrees,
        notes=notes,
    )


def _contradiction(rules: str, *, ambiguous: bool) -> str:
    """A note on a filter that decides otherwise than the matching rules say."""
    if ambiguous:
        return tr(
            "the filter decides otherwise than {rules} read: {rules} match with different actions",
            rules=rules,
        )
    if rules:
        return tr(
            "the filter decides otherwise than {rules} read: read alone they decide otherwise", rules=rules
        )
    return tr("the filter decides otherwise than the rules read: read alone they decide otherwise")
