"""An OCI seccomp object → the BPF program that runc loads: runc's ENOSYS stub, then libseccomp's filter."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from runner.language import tr
from runner.profile import libseccomp
from runner.profile.calls.syscalls import Arch
from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.errors import ProfileError, SimulationError
from runner.profile.filter import bpf
from runner.profile.filter.building import add_rule, build, compilable, given_rules
from runner.profile.filter.enosys import enosys_stub, highest_numbers
from runner.profile.filter.limits import MAX_INSTRUCTIONS
from runner.profile.filter.returns import RET_KILL_THREAD, return_value
from runner.profile.history.library import known_to
from runner.profile.history.runtime import STUB_IS_NATIVE_SINCE, STUB_SINCE
from runner.profile.model import Action, OciSeccomp
from runner.profile.version import Version

_PERMISSIVE = frozenset((Action.ALLOW, Action.LOG, Action.TRACE))
_TREE_FROM = 32


class Compiled(NamedTuple):
    """A filter as loaded: the first `stub` instructions of `program` are runc's, the rest libseccomp's.

    `highest` has the highest number that the stub lets through, for each architecture that it covers; `oci` is the
    object as the runtime read it. `lost` are the names that libseccomp does not know, with their first rules' indexes.
    """

    oci: OciSeccomp
    program: tuple[bpf.Instruction, ...]
    stub: int
    arches: tuple[Arch, ...]
    highest: dict[Arch, int]
    lost: Mapping[str, int]
    library: Version | None = None


def compile_program(
    given: OciSeccomp,
    native: Arch,
    *,
    runtime: Version | None = None,
    library: Version | None = None,
    exact: bool = True,
) -> Compiled:
    """Compile as runc does on a machine of the `native` architecture; a `runtime` of None is a current runc.

    This machine's libseccomp compiles; `library` is the version whose refusals apply, and which knows no later calls.
    Without `exact`, the tests come in another order, which takes libseccomp half the time.

    Raises:
        ProfileError: the runtime, libseccomp or the kernel would refuse the profile.
        LibseccompMissingError: this machine has no libseccomp.
        SimulationError: libseccomp exported a program that cannot be understood.
    """
    read, arches = compilable(given, native, runtime, library)
    oci, lost = known_to(read, library)
    exported = _libseccomp_program(oci, arches, runtime, tree=exact)
    highest = highest_numbers(oci, _stubbed(oci, arches, runtime))
    stub = enosys_stub(highest)
    length = len(stub) + len(exported) // bpf.INSTRUCTION_BYTES
    if not exact and length > MAX_INSTRUCTIONS // 2:
        # Only the exact program shows whether the kernel accepts it.
        return compile_program(given, native, runtime=runtime, library=library)
    if length > MAX_INSTRUCTIONS:
        raise ProfileError(
            tr(
                "compiles to {length} instructions, but the kernel takes {most}: the container does not start",
                length=length,
                most=MAX_INSTRUCTIONS,
            ),
            remedy=tr("use fewer argument conditions"),
        )
    try:
        program = bpf.decode(exported, big_endian=native.big_endian)
    except bpf.BadProgramError as error:
        raise SimulationError(f"libseccomp {libseccomp.version()} exported a bad program: {error}") from error
    return Compiled(oci, (*stub, *_with_returns(program, oci)), len(stub), arches, highest, lost, library)


def _stubbed(oci: OciSeccomp, arches: tuple[Arch, ...], runtime: Version | None) -> tuple[Arch, ...]:
    if oci.default_action in _PERMISSIVE or (runtime is not None and not runtime.reaches(STUB_SINCE)):
        return ()
    if runtime is None or runtime.reaches(STUB_IS_NATIVE_SINCE):
        return arches
    return tuple(dict.fromkeys(find_arch(name) for name in oci.architectures))


def _with_returns(program: tuple[bpf.Instruction, ...], oci: OciSeccomp) -> tuple[bpf.Instruction, ...]:
    """The program with return values in the byte order of the rest.

    libseccomp copies a return instruction to a place that a jump can reach. When it compiles for another byte order
    than the machine's, it swaps the copied value's bytes once more; for the machine's byte order it swaps nothing.
    """
    expected = {return_value(oci.default_action, oci.default_errno), RET_KILL_THREAD}
    expected |= {return_value(rule.action, rule.errno) for rule in oci.rules}
    return tuple(
        instruction
        if instruction.code != bpf.RETURN or instruction.k in expected
        else instruction._replace(k=_turned(instruction.k, expected))
        for instruction in program
    )


def _turned(value: int, expected: set[int]) -> int:
    turned = int.from_bytes(value.to_bytes(4, "little"), "big")
    if turned not in expected:
        raise SimulationError(
            f"the compiled filter returns {value:#x}, which no rule of the profile asks for"
        )
    return turned


def _libseccomp_program(
    oci: OciSeccomp, arches: Sequence[Arch], runtime: Version | None, *, tree: bool
) -> bytes:
    with build(oci, arches) as builder:
        if tree and sum(len(rule.names) for rule in oci.rules) > _TREE_FROM:
            builder.use_binary_tree()
        for index, rule in given_rules(oci, runtime):
            add_rule(builder, rule, index, rule.names)
        return builder.export()
