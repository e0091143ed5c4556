"""The kernel's audit records of seccomp: `type=1326 … arch=c000003e syscall=90 …`."""

import re

from runner.profile.calls.syscalls import ARCHES, Arch, of_number
from runner.profile.calls.syscalls import arch as find_arch
from runner.profile.importers.imported import NAME, Imported, allow_list, fault

_RECORD = re.compile(r"\btype=(?:1326|SECCOMP)\b")
_SYSCALL = re.compile(r"\bsyscall=(\S{1,64})")
_ARCH = re.compile(r"\barch=(\S{1,32})")
_BY_AUDIT = {arch.audit: arch for arch in reversed(ARCHES)}


def import_audit(text: str) -> Imported:
    """Allow the calls that seccomp logged or denied, from the kernel's log, audit.log, or `ausearch -i`."""
    found: dict[str, int] = {}
    for line, content in enumerate(text.splitlines(), 1):
        if not _RECORD.search(content):
            continue
        syscall, arch = _SYSCALL.search(content), _ARCH.search(content)
        if not syscall:
            raise fault(line, "is a record of seccomp without `syscall=`")
        found.setdefault(
            _name(syscall[1], _arch(arch[1], line) if arch else _BY_AUDIT[0xC000003E], line), line
        )
    return allow_list(
        found,
        ("the kernel limits its log: calls that were denied in between may be missing",) if found else (),
    )


def _arch(text: str, line: int) -> Arch:
    if re.match(r"[0-9a-f]{1,8}\Z", text):
        arch = _BY_AUDIT.get(int(text, 16))
        if arch is None:
            raise fault(line, f"unknown architecture {text!r}")
        return arch
    return find_arch(text)


def _name(text: str, arch: Arch, line: int) -> str:
    if not text.isdecimal():
        if not NAME.match(text):
            raise fault(line, f"{text!r} is no system call")
        return text
    if len(text) > 10 or int(text) >= 2**32:
        raise fault(line, f"{text[:20]} is no number of a system call")
    call = of_number(int(text), arch)
    if not NAME.match(call.name):
        raise fault(line, f"no system call of {arch.go} with the number {text} is known")
    return call.name
