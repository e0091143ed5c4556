"""What the kernel does with a call: the compiled filter's answer, and the reason for it."""

import errno
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from runner.profile import libseccomp
from runner.profile.call import Call
from runner.profile.calls.constants import errno_name
from runner.profile.calls.syscalls import Arch
from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.filter import bpf
from runner.profile.filter.attribution import Attribution, Cause, Prediction
from runner.profile.filter.compile import (
    LATEST_RUNC,
    RET_ALLOW,
    RET_ERRNO,
    RET_KILL_PROCESS,
    RET_KILL_THREAD,
    RET_LOG,
    RET_NOTIFY,
    RET_TRACE,
    RET_TRAP,
    Compiled,
    compile_program,
)
from runner.profile.model import OciRule, OciSeccomp

_ACTIONS = {
    RET_KILL_PROCESS: "kill_process",
    RET_KILL_THREAD: "kill_thread",
    RET_TRAP: "trap",
    RET_ERRNO: "errno",
    RET_NOTIFY: "notify",
    RET_TRACE: "trace",
    RET_LOG: "log",
    RET_ALLOW: "allow",
}
_ACTION_BITS = 0xFFFF0000
_MAX_ERRNO = 4095
_WORD = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What happens to a call.

    `action` is allow, log, errno, kill_thread, kill_process, trap, trace or notify. `errno` names what the
    program sees where the call fails (`EPERM`; `0` for a pretended success), and is empty otherwise. `rule`
    decided, and is the OCI object's `syscalls[index]`; None where `cause` says what did instead. `agrees` is
    false where the compiled filter decides otherwise than the profile's rules read.
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
        """Whether the kernel goes on and executes the call."""
        return self.action in ("allow", "log")


OFF = Decision(
    action="allow",
    errno="",
    errno_number=None,
    cause=Cause.DISABLED,
    notes=("the profile is empty, which turns seccomp off",),
)


class Filter:
    """A compiled profile that answers for calls."""

    def __init__(self, oci: OciSeccomp, compiled: Compiled) -> None:
        self._compiled = compiled
        self._attribution = Attribution(oci, compiled)
        self._residues: dict[tuple[int, int], int | bpf.Question] = {}

    @property
    def program(self) -> tuple[bpf.Instruction, ...]:
        """The instructions as the runtime loads them."""
        return self._compiled.program

    @property
    def stub(self) -> int:
        """How many of the instructions, at the start, are runc's own and not libseccomp's."""
        return self._compiled.stub

    def returns(self, audit: int, number: int, args: Sequence[int]) -> int:
        """What the filter returns to the kernel: the fast way, without saying why.

        The values must be unsigned: 32 bits for `audit` and `number`, 64 for each of the six `args`.
        """
        residue = self._residues.get((audit, number))
        if residue is None:
            residue = self.residue(audit, number)
        if isinstance(residue, int):
            return residue
        return bpf.decide(residue, seccomp_data(audit, number, args))

    def residue(self, audit: int, number: int) -> int | bpf.Question:
        """What is left of the program for a call: its return, or the first question on the arguments."""
        residue = self._residues.get((audit, number))
        if residue is None:
            residue = self._residues[audit, number] = bpf.specialise(self.program, {0: number, 1: audit})
        return residue

    def decide(self, call: Call) -> Decision:
        """What happens to a call, and why."""
        arch, number = call.arch, call.syscall.number
        args = call.args if arch.bits == 64 else tuple(value & _WORD for value in call.args)
        value = self.returns(arch.audit, number, args)
        prediction = self._attribution.predict(arch, number, args)
        notes = (*call.notes, *self._notes(call, prediction))
        return _decision(value, prediction, notes)

    def _notes(self, call: Call, prediction: Prediction) -> Iterable[str]:
        naming = self._attribution.naming(call.syscall.name)
        if not call.syscall.known and naming:
            yield (
                f"syscalls[{naming[0]}] names {call.syscall.name}, but libseccomp {libseccomp.version()} "
                "does not know it: a runtime with this library leaves the name out"
            )
        for match in prediction.redundant:
            place = f"syscalls[{match.index}]"
            yield f"{place} names it with the default's own action: the runtime leaves that rule out"
        conditional = [
            index for index in naming if index not in {match.index for match in prediction.matches}
        ]
        if (
            prediction.cause is Cause.DEFAULT
            and conditional
            and call.syscall.known
            and not prediction.redundant
        ):
            yield f"syscalls[{conditional[0]}] names it, but its conditions do not hold for these arguments"


def compile_filter(
    oci: OciSeccomp, arch: str | Arch = "amd64", *, runc: tuple[int, ...] = LATEST_RUNC
) -> Filter:
    """Compile for a machine of an architecture, as this version of runc would.

    Raises:
        LibseccompMissingError: this machine has no libseccomp.
        ProfileError: the runtime would refuse the profile.
    """
    native = find_arch(arch) if isinstance(arch, str) else arch
    return Filter(oci, compile_program(oci, native, runc=runc))


def seccomp_data(audit: int, number: int, args: Sequence[int]) -> list[int]:
    """The words of `struct seccomp_data` for a call; the byte order is the architecture's."""
    words = [number, audit, 0, 0]
    if audit & 0x40000000:
        words += itertools.chain.from_iterable((value & _WORD, value >> 32) for value in args)
    else:
        words += itertools.chain.from_iterable((value >> 32, value & _WORD) for value in args)
    return words


def describe_return(value: int) -> tuple[str, int | None]:
    """The kernel's action for a filter's return value, and the errno that the program gets, if any."""
    action = _ACTIONS.get(value & _ACTION_BITS, "kill_process")
    if action == "errno":
        return action, min(value & 0xFFFF, _MAX_ERRNO)
    if action == "trace":
        # A container has no tracer that asked for seccomp's events.
        return action, errno.ENOSYS
    return action, None


def _decision(value: int, prediction: Prediction, notes: tuple[str, ...]) -> Decision:
    action, number = describe_return(value)
    agrees = value == prediction.value
    cause = prediction.cause
    match = next((match for match in prediction.matches if match.value == value), None)
    others = ", ".join(f"syscalls[{match.index}]" for match in prediction.matches)
    if not agrees:
        reason = (
            f"{others} match with different actions"
            if prediction.ambiguous
            else "read alone they decide otherwise"
        )
        notes = (*notes, f"the filter decides otherwise than {others or 'the rules'} read: {reason}")
        cause = Cause.RULE if match else Cause.DEFAULT
    elif prediction.ambiguous:
        notes = (*notes, f"{others} match with different actions; which one wins is libseccomp's choice")
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
