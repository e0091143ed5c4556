"""What strace prints: the summary table of `strace -c`, and logs of calls."""

import re

from runner.profile.calls.syscalls import arch, of_number
from runner.profile.importers.imported import NAME, Imported, allow_list, fault

_CALL = re.compile(
    r"""\s*(?:\[pid\s+\d+\]\s*|\d+\s+)?                # which process
        (?:(?:\d+:\d+:\d+(?:\.\d+)?|\d+\.\d+)\s+)?     # when
        (?:\(\+\s*[\d.]+\)\s*)?
        (?:<\.\.\.\s+)?([a-z_][a-z0-9_]*)(?:\(|\s+resumed>)""",
    re.VERBOSE,
)
_NUMBERED = re.compile(r"syscall_0x([0-9a-f]{1,8})\Z")
_ROW = re.compile(r"\s*[\d.]+\s+[\d.]+\s+\d+\s+\d+\s+(?:\d+\s+)?(\S+)\s*\Z")
_OTHER_MODE = re.compile(r"\[ Process PID=\d+ runs in (\S+ bit|x32) mode")


def import_strace(text: str) -> Imported:
    """Allow every call in a log of `strace`, with `-f`, timestamps and resumed calls or without."""
    found: dict[str, int] = {}
    notes = []
    for line, content in enumerate(text.splitlines(), 1):
        mode = _OTHER_MODE.search(content)
        if mode:
            notes.append(f"line {line}: a process runs in {mode[1]} mode; its numbers are not x86-64's")
        match = _CALL.match(content)
        if match:
            found.setdefault(_name(match[1], line), line)
    return allow_list(found, notes)


def import_strace_count(text: str) -> Imported:
    """Allow every call in the table of `strace -c`, or in several of them."""
    found: dict[str, int] = {}
    inside = False
    for line, content in enumerate(text.splitlines(), 1):
        if content.startswith("------"):
            continue
        if "% time" in content and "syscall" in content:
            inside = True
            continue
        if not inside or not content.strip():
            continue
        match = _ROW.match(content)
        if not match:
            raise fault(line, "is no row of the table that `strace -c` prints")
        if match[1] == "total":
            inside = False
            continue
        found.setdefault(_name(match[1], line), line)
    return allow_list(found)


def _name(word: str, line: int) -> str:
    numbered = _NUMBERED.match(word)
    if numbered:
        call = of_number(int(numbered[1], 16), arch("amd64"))
        if not NAME.match(call.name):
            raise fault(line, f"no system call of x86-64 has the number {call.number}")
        return call.name
    if not NAME.match(word):
        raise fault(line, f"{word[:40]!r} is no name of a system call")
    return word
