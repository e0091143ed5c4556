"""runc's part of a filter: ENOSYS for calls that are newer than the profile."""

import errno
from collections.abc import Sequence

from runner.profile import libseccomp
from runner.profile.calls.syscalls import AMD64_TOKEN, S390_TOKENS, X32_BIT, X32_TOKEN, Arch
from runner.profile.filter import bpf
from runner.profile.filter.returns import RET_ERRNO
from runner.profile.model import OciSeccomp


def highest_numbers(oci: OciSeccomp, arches: Sequence[Arch]) -> dict[Arch, int]:
    """The highest call number that the profile names on each architecture for which it names any.

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
    """runc's prefix: a call above all that the profile names gets ENOSYS, so that programs try an older one."""
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
        # Unknown calls arrive there as number 0, the obsolete setup(2).
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
