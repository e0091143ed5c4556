"""An OCI seccomp object → the BPF program that runc loads: libseccomp's, behind runc's ENOSYS stub."""

import errno
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runner.profile import libseccomp
from runner.profile.calls.syscalls import MAX_ARGS, Arch
from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.errors import ProfileError, SimulationError
from runner.profile.filter import bpf
from runner.profile.filter.endless import suspects
from runner.profile.filter.enosys import enosys_stub, highest_numbers
from runner.profile.filter.returns import RET_KILL_THREAD, return_value
from runner.profile.history.runtime import REDUNDANT_SINCE, STUB_IS_NATIVE_SINCE, STUB_SINCE, accepted
from runner.profile.model import Action, Arg, OciRule, OciSeccomp, Operator
from runner.profile.version import Version

_OPERATORS = {
    Operator.NE: 1,
    Operator.LT: 2,
    Operator.LE: 3,
    Operator.EQ: 4,
    Operator.GE: 5,
    Operator.GT: 6,
    Operator.MASKED_EQ: 7,
}
_PERMISSIVE = frozenset((Action.ALLOW, Action.LOG, Action.TRACE))
_TREE_FROM = 32


@dataclass(frozen=True, slots=True)
class Compiled:
    """A filter as loaded: the first `stub` instructions of `program` are runc's own, the rest libseccomp's.

    `stubbed` are the architectures that those cover; `oci` is what the runtime made of the object it was given.
    """

    oci: OciSeccomp
    program: tuple[bpf.Instruction, ...]
    stub: int
    arches: tuple[Arch, ...]
    stubbed: tuple[Arch, ...]


def architectures(oci: OciSeccomp, native: Arch) -> tuple[Arch, ...]:
    """The architectures of the compiled filter: libseccomp always includes the native one."""
    listed = (find_arch(name) for name in oci.architectures)
    return tuple(dict.fromkeys((native, *listed)))


def conditions(rule: OciRule) -> tuple[tuple[Arg, ...], ...]:
    """The alternatives of a rule: two conditions on one argument make runc add a rule for each condition."""
    indexes = [arg.index for arg in rule.args]
    if len(set(indexes)) < len(indexes):
        return tuple((arg,) for arg in rule.args)
    return (rule.args,)


def compile_program(
    given: OciSeccomp,
    native: Arch,
    *,
    runtime: Version | None = None,
    library: Version | None = None,
    exact: bool = True,
) -> Compiled:
    """Compile as runc does on a machine of the `native` architecture; a `runtime` of None is a current runc.

    It is this machine's libseccomp that compiles; `library` is the one that decides what is refused. Where the program
    need not be `exact`, its tests come in another order, and take libseccomp half the time.

    Raises:
        ProfileError: the runtime, libseccomp or the kernel would refuse the profile.
        LibseccompMissingError: this machine has no libseccomp.
        SimulationError: libseccomp exported a program that cannot be understood.
    """
    oci = accepted(given, native, runtime, library)
    arches = architectures(oci, native)
    for machine in arches:
        if not libseccomp.knows_architecture(machine.token):
            raise libseccomp.LibseccompTooOldError(
                f"libseccomp {libseccomp.version()} on this machine does not know {machine.scmp}",
                remedy=f"simulate for {machine.go} where libseccomp is newer",
            )
    for name, rule, index in endless(oci, arches):
        raise _endless(rule, index, name)
    skips = runtime is None or runtime >= REDUNDANT_SINCE
    exported = _libseccomp_program(oci, arches, skips_redundant=skips, tree=exact)
    stubbed = _stubbed(oci, arches, runtime)
    stub = enosys_stub(highest_numbers(oci, stubbed))
    length = len(stub) + len(exported) // bpf.INSTRUCTION_BYTES
    if not exact and length > bpf.MAX_INSTRUCTIONS // 2:
        # Only the exact program shows whether the kernel takes it.
        return compile_program(given, native, runtime=runtime, library=library)
    if length > bpf.MAX_INSTRUCTIONS:
        raise ProfileError(
            f"compiles to {length} instructions, but the kernel takes {bpf.MAX_INSTRUCTIONS}: the container does "
            "not start",
            remedy="use fewer argument conditions",
        )
    try:
        program = bpf.decode(exported, big_endian=native.big_endian)
    except bpf.BadProgramError as error:
        raise SimulationError(f"libseccomp {libseccomp.version()} exported a bad program: {error}") from error
    return Compiled(oci, (*stub, *_with_returns(program, oci)), len(stub), arches, stubbed)


def _stubbed(oci: OciSeccomp, arches: tuple[Arch, ...], runtime: Version | None) -> tuple[Arch, ...]:
    if oci.default_action in _PERMISSIVE or (runtime is not None and runtime < STUB_SINCE):
        return ()
    if runtime is None or runtime >= STUB_IS_NATIVE_SINCE:
        return arches
    return tuple(dict.fromkeys(find_arch(name) for name in oci.architectures))


def _with_returns(program: tuple[bpf.Instruction, ...], oci: OciSeccomp) -> tuple[bpf.Instruction, ...]:
    """The program with return values in the byte order of the rest.

    libseccomp copies a return instruction to where a jump can reach it, and turns the copied value's bytes around
    once more when it compiles for the other byte order than the machine's. On a machine of the filter's own byte
    order it turns nothing around.
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


def endless(oci: OciSeccomp, arches: Sequence[Arch]) -> Iterator[tuple[str, OciRule, int]]:
    """The rules that libseccomp never finishes with: the call, the rule on it, and its index in the OCI object.

    Only the few profiles with rules that libseccomp might loop on take a process to try them.
    """
    names = suspects(oci)
    if not names:
        return
    from runner.profile.filter import trial  # noqa: PLC0415 - slow to import, and rarely needed

    default = return_value(oci.default_action, oci.default_errno)
    for name in names:
        number = libseccomp.native_number(name)
        if number is None:
            continue
        rules = [
            (index, rule, alternative)
            for index, rule in enumerate(oci.rules)
            if name in rule.names and return_value(rule.action, rule.errno) != default
            for alternative in conditions(rule)
        ]
        additions = [(return_value(rule.action, rule.errno), _comparisons(args)) for _, rule, args in rules]
        stuck = trial.stuck_at(default, [arch.token for arch in arches], number, additions)
        if stuck is not None:
            index, rule, _ = rules[stuck]
            yield name, rule, index


def _comparisons(alternative: Sequence[Arg]) -> tuple[tuple[int, int, int, int], ...]:
    return tuple((arg.index, _OPERATORS[arg.op], arg.value, arg.value_two) for arg in alternative)


def _libseccomp_program(
    oci: OciSeccomp, arches: Sequence[Arch], *, skips_redundant: bool, tree: bool
) -> bytes:
    default = return_value(oci.default_action, oci.default_errno)
    try:
        with libseccomp.Builder(default) as builder:
            builder.set_architectures(arch.token for arch in arches)
            if tree and sum(len(rule.names) for rule in oci.rules) > _TREE_FROM:
                builder.use_binary_tree()
            for index, rule in enumerate(oci.rules):
                if return_value(rule.action, rule.errno) != default or not skips_redundant:
                    _add_rule(builder, rule, index)
            return builder.export()
    except libseccomp.RuleRefusedError as error:
        raise ProfileError(f"libseccomp cannot compile the profile: {error}") from error


def _add_rule(builder: libseccomp.Builder, rule: OciRule, index: int) -> None:
    value = return_value(rule.action, rule.errno)
    for name in rule.names:
        number = libseccomp.native_number(name)
        if number is None:
            continue
        if any(arg.index >= MAX_ARGS for arg in rule.args):
            raise _bad_index(rule, index, name)
        for alternative in conditions(rule):
            try:
                builder.add(value, number, _comparisons(alternative))
            except libseccomp.RuleRefusedError as error:
                raise _refused(rule, index, name, error) from error


def _endless(rule: OciRule, index: int, name: str) -> ProfileError:
    where = rule.source.at if rule.source else None
    place = "" if where else f"syscalls[{index}]: "
    return ProfileError(
        f"{place}libseccomp never finishes with the rule on {name}, which shares an inequality with an earlier "
        "rule: the container's start hangs",
        at=where,
        remedy=f"put this rule before the others on {name}",
    )


def _bad_index(rule: OciRule, index: int, name: str) -> ProfileError:
    where = rule.source.at if rule.source else None
    place = "" if where else f"syscalls[{index}]: "
    wrong = next(arg.index for arg in rule.args if arg.index >= MAX_ARGS)
    return ProfileError(
        f"{place}the rule on {name} has a condition on argument {wrong}; calls have at most six, 0 to 5: the container "
        "does not start",
        at=where,
    )


def _refused(rule: OciRule, index: int, name: str, error: libseccomp.RuleRefusedError) -> ProfileError:
    where = rule.source.at if rule.source else None
    place = "" if where else f"syscalls[{index}]: "
    if error.errno == errno.EEXIST:
        return ProfileError(
            f"{place}libseccomp refuses the rule on {name}: an earlier rule has the same condition "
            "and a different action, so the container does not start",
            at=where,
            remedy="keep one of the two rules",
        )
    return ProfileError(f"{place}libseccomp refuses the rule on {name}: {error}", at=where)
