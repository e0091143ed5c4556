"""An OCI seccomp object → the BPF program that runc loads: libseccomp's, behind runc's ENOSYS stub."""

import errno
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runner.profile import libseccomp
from runner.profile.calls.syscalls import AMD64_TOKEN, S390_TOKENS, X32_BIT, X32_TOKEN, Arch
from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.errors import ProfileError
from runner.profile.filter import bpf
from runner.profile.filter.endless import suspects
from runner.profile.model import Action, Arg, OciRule, OciSeccomp, Operator

RET_KILL_PROCESS = 0x80000000
RET_KILL_THREAD = 0x00000000
RET_TRAP = 0x00030000
RET_ERRNO = 0x00050000
RET_NOTIFY = 0x7FC00000
RET_TRACE = 0x7FF00000
RET_LOG = 0x7FFC0000
RET_ALLOW = 0x7FFF0000

_RETURNS = {
    Action.ALLOW: RET_ALLOW,
    Action.ERRNO: RET_ERRNO,
    Action.KILL: RET_KILL_THREAD,
    Action.KILL_THREAD: RET_KILL_THREAD,
    Action.KILL_PROCESS: RET_KILL_PROCESS,
    Action.LOG: RET_LOG,
    Action.NOTIFY: RET_NOTIFY,
    Action.TRACE: RET_TRACE,
    Action.TRAP: RET_TRAP,
}
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
STUB_IS_NATIVE_SINCE = (1, 1, 15)
"""Before, runc gave even the native architecture an ENOSYS stub only if the profile listed it."""
LATEST_RUNC = (1, 5)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A filter as loaded: the first `stub` instructions of `program` are runc's own, the rest libseccomp's.

    `stubbed` are the architectures that those cover.
    """

    program: tuple[bpf.Instruction, ...]
    stub: int
    arches: tuple[Arch, ...]
    stubbed: tuple[Arch, ...]


def return_value(action: Action, number: int | None) -> int:
    """What a rule's action and errno (EPERM if None) make the filter return to the kernel."""
    value = _RETURNS[action]
    if action in (Action.ERRNO, Action.TRACE):
        return value | ((errno.EPERM if number is None else number) & 0xFFFF)
    return value


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


def compile_program(oci: OciSeccomp, native: Arch, *, runc: tuple[int, ...] = LATEST_RUNC) -> Compiled:
    """Compile as runc does on a machine of the `native` architecture; ProfileError where runc would fail."""
    arches = architectures(oci, native)
    for name, rule, index in endless(oci, arches):
        raise _endless(rule, index, name)
    program = bpf.decode(_libseccomp_program(oci, arches), big_endian=native.big_endian)
    listed = tuple(dict.fromkeys(find_arch(name) for name in oci.architectures))
    stubbed = arches if runc >= STUB_IS_NATIVE_SINCE else listed
    if oci.default_action in _PERMISSIVE:
        stubbed = ()
    stub = enosys_stub(highest_numbers(oci, stubbed))
    whole = (*stub, *program)
    if len(whole) > bpf.MAX_INSTRUCTIONS:
        raise ProfileError(
            f"compiles to {len(whole)} instructions, but the kernel takes {bpf.MAX_INSTRUCTIONS}",
            remedy="use fewer argument conditions",
        )
    return Compiled(whole, len(stub), arches, stubbed)


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


def _libseccomp_program(oci: OciSeccomp, arches: Sequence[Arch]) -> bytes:
    default = return_value(oci.default_action, oci.default_errno)
    try:
        with libseccomp.Builder(default) as builder:
            builder.set_architectures(arch.token for arch in arches)
            if sum(len(rule.names) for rule in oci.rules) > _TREE_FROM:
                builder.use_binary_tree()
            for index, rule in enumerate(oci.rules):
                _add_rule(builder, rule, index, default)
            return builder.export()
    except libseccomp.RuleRefusedError as error:
        raise ProfileError(f"libseccomp cannot compile the profile: {error}") from error


def _add_rule(builder: libseccomp.Builder, rule: OciRule, index: int, default: int) -> None:
    value = return_value(rule.action, rule.errno)
    if value == default:
        return
    for name in rule.names:
        number = libseccomp.native_number(name)
        if number is None:
            continue
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


def highest_numbers(oci: OciSeccomp, arches: Sequence[Arch]) -> dict[Arch, int]:
    """The highest call number that the profile names on each architecture, where it names any.

    All rules count, also those that the filter omits because their action is the default's.
    """
    names = tuple(dict.fromkeys(name for rule in oci.rules for name in rule.names))
    highest = {}
    for arch in arches:
        numbers = (libseccomp.number(name, arch.token) for name in names)
        found = max((number for number in numbers if number is not None), default=0)
        if found > 0:
            highest[arch] = found
    return highest


def enosys_stub(highest: dict[Arch, int]) -> tuple[bpf.Instruction, ...]:
    """runc's prefix: a call above all the profile's gets ENOSYS, so that programs try an older one."""
    groups: dict[int, dict[Arch, int]] = {}
    for arch, number in highest.items():
        groups.setdefault(arch.audit, {})[arch] = number
    sections = [_section(numbers) for numbers in groups.values()]
    if not sections:
        return ()
    code = [_load(4)]
    skip = len(sections)
    for audit, section in zip(groups, sections, strict=True):
        code.append(bpf.Instruction(bpf.JEQ, skip, 0, audit))
        skip += len(section) - 1
    total = len(code) + 1 + sum(len(section) for section in sections)
    code.append(_to_filter(len(code), total))
    for section in sections:
        base = len(code)
        code += section
        code[base + len(section) - 2] = _to_filter(base + len(section) - 2, total)
    return tuple(code)


def _to_filter(at: int, total: int) -> bpf.Instruction:
    return bpf.Instruction(bpf.JUMP, 0, 0, total - at - 1)


def _section(numbers: dict[Arch, int]) -> list[bpf.Instruction]:
    """The stub's part for one kind of machine; the caller sets the jump before its last instruction."""
    code = [_load(0)]
    tests: list[bpf.Instruction] = []
    plain = next((number for arch, number in numbers.items() if arch.token != X32_TOKEN), None)
    x32 = next((number for arch, number in numbers.items() if arch.token == X32_TOKEN), None)
    audit = next(iter(numbers)).audit
    if audit in S390_TOKENS:
        # Unknown calls arrive there as number 0, the long dead setup(2).
        code += [bpf.Instruction(bpf.JEQ, 0, 1, 0), _ENOSYS]
    if plain is not None and x32 is not None:
        tests = [_x32_test(1, 0), bpf.Instruction(bpf.JGT, 2, 1, plain), bpf.Instruction(bpf.JGT, 1, 0, x32)]
    elif x32 is not None:
        tests = [_x32_test(0, 1), bpf.Instruction(bpf.JGT, 1, 0, x32)]
    elif plain is not None:
        tests = [bpf.Instruction(bpf.JGT, 1, 0, plain)]
        if audit == AMD64_TOKEN:
            tests.insert(0, _x32_test(1, 0))
    return [*code, *tests, _to_filter(0, 1), _ENOSYS]


_ENOSYS = bpf.Instruction(bpf.RETURN, 0, 0, RET_ERRNO | errno.ENOSYS)


def _load(offset: int) -> bpf.Instruction:
    return bpf.Instruction(bpf.LOAD, 0, 0, offset)


def _x32_test(yes: int, no: int) -> bpf.Instruction:
    return bpf.Instruction(bpf.JSET, yes, no, X32_BIT)
