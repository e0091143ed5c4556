"""Lines of the kernel's tracepoints for calls: of ftrace, trace-cmd, `perf script`, `perf stat`, bpftrace and bcc.

A call is told by its own tracepoint (`sys_enter_openat`), by number (`sys_enter: NR 257`), or as ftrace's older words
(`sys_openat(dfd: …`). Their counterparts on return tell nothing more.
"""

import re
from typing import NamedTuple

_ENTER = re.compile(r"\bsys_enter_([a-z][a-z0-9_]{0,63})\b")
_NUMBER = re.compile(r"\bsys_enter: NR (\d{1,10}) \(")
_OLD = re.compile(r"\b\d+\.\d+: sys_([a-z][a-z0-9_]{0,63})\(")
_RETURN = re.compile(r"\bsys_exit(?:_[a-z0-9_]+\b|: NR )|\b\d+\.\d+: sys_[a-z0-9_]+ -> ")
_MAP = re.compile(r"\]: (\d{1,15})\s*\Z")
"""A count in a map of bpftrace."""
_STAT = re.compile(r"\s*([\d,.']{1,20}|<not counted>)[ \t,]+(?:syscalls:)?sys_enter_")
"""A count of `perf stat`."""
_NAMES = {
    "newstat": "stat",
    "newfstat": "fstat",
    "newlstat": "lstat",
    "newuname": "uname",
    "umount": "umount2",
    "sendfile64": "sendfile",
}
"""The kernel's functions whose calls have another name."""


class Point(NamedTuple):
    """A call by its name or number (`#257`); `times` is 0 for a call that was not made, or only returned."""

    word: str
    times: int


def point(text: str) -> Point | None:
    """The call of a line, None for another line."""
    if _RETURN.search(text):
        return Point("", 0)
    if number := _NUMBER.search(text):
        return Point(f"#{number[1]}", 1)
    entered = _ENTER.search(text) or _OLD.search(text)
    if entered is None:
        return None
    counted = _MAP.search(text) or _STAT.match(text)
    times = int(re.sub(r"\D", "", counted[1]) or 0) if counted else 1
    return Point(_NAMES.get(entered[1], entered[1]), times)
