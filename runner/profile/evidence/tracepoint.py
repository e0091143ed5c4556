"""Lines of the kernel's tracepoints for calls: of ftrace, trace-cmd, `perf script`, `perf stat`, bpftrace and bcc.

A call is told by its own tracepoint (`sys_enter_openat`), by number (`sys_enter: NR 257`), or as ftrace's older words
(`sys_openat(dfd: …`). Their counterparts on return tell nothing more. A tracepoint that is only named, as in a command
or a list, tells no call.
"""

import re
from typing import NamedTuple

from runner.profile.calls.kernel_names import CALL_OF_FUNCTION

_OLD = re.compile(r"\b\d+\.\d+: sys_(?!enter_)([a-z][a-z0-9_]{0,63})(\(| -> )")
_POINT = re.compile(
    r"(?<![\w/\"'-])(?:tracepoint:)?(?P<group>(?:raw_)?syscalls:)?sys_(?P<way>enter|exit)"
    r"(?:_(?P<name>[a-z][a-z0-9_]{0,63}))?\b"
)
_NUMBER = re.compile(r":\s+NR (-?\d{1,10})\b")
_MAP = re.compile(r"@\w*\[.*\]: ?(?:count )?(?:(\d{1,15})(?:,|\s*\Z))?")
"""A key in a map of bpftrace, with the count if the value is one."""
_STAT = re.compile(
    r"[ \t]*(?:\d+\.\d{9}[ \t]+)?"
    r"(?:CPU\d+[ \t]+|[SDCNL]\d+[\w-]*[ \t]+\d+[ \t]+|\S.{0,30}?-\d+[ \t]+)?"
    r"(\d{1,3}(?:[,.'\u00a0\u202f]\d{3}){1,6}|\d{1,20}|<not counted>|<not supported>)[ \t]+\Z"
)
"""What `perf stat` writes before an event: a time, a processor, a group of them or a thread, and the count."""
_MODIFIED = re.compile(r"(?::[a-zA-Z]{1,8})?(?=[\s,;|]|\Z)")
_COLUMN = re.compile(r"[ \t]+(\d{1,15})[ \t]*\Z")
_BCC = re.compile(r"\s*(?:[\d:.]+\s+)?\d+\s+\d+\s+\S.{0,15}?\s+\Z")
"""The columns of bcc's trace: the time, the process, the thread and its name."""
_FIELDS = re.compile(r":(?:\s|\Z|[a-z_0-9]+: )")
_TIME = re.compile(r"\d\.\d+:?\s+\Z")
_TASK = re.compile(r"\s*(?!.*(?:\s-|:\s))\S.{0,15}?\s+(?:\d+(?:/\d+)?\s+)?(?:\[\d+\]\s+)?\Z")
_PERF_TRACE = re.compile(r"\s*(?:\d+\.\d+|\?)\s.{0,40}\Z")
_SEPARATORS = ",;|\t:"
_LONGEST = 200
"""More than the characters that a tool writes before an event."""


class Point(NamedTuple):
    """A call by its name or number (`#257`).

    `times` is 0 for a call that was not made, or only returned, and None where a tracepoint is named without a sign
    that anything reached it.
    """

    word: str
    times: int | None


def point(text: str) -> Point | None:
    """The call of a line, None for another line."""
    if text.lstrip().startswith("#"):
        return None
    if old := _OLD.search(text):
        return Point(CALL_OF_FUNCTION.get(old[1], old[1]), 1) if old[2] == "(" else Point("", 0)
    found = _POINT.search(text)
    if found is None:
        return None
    before, after = text[: found.start()], text[found.end() :]
    name = found["name"]
    if name is None:
        number = _NUMBER.match(after)
        if number is None:
            return None
        return Point(f"#{number[1]}", 1) if found["way"] == "enter" else Point("", 0)
    times = _times(before, after, text, grouped=bool(found["group"]))
    if times is None:
        return Point(found[0], None)
    return Point(CALL_OF_FUNCTION.get(name, name), times) if found["way"] == "enter" else Point("", 0)


def _times(before: str, after: str, text: str, *, grouped: bool) -> int | None:
    """How often a tracepoint was reached, by what stands before and after its name; None if that is not said."""
    if counted := _MAP.match(text.strip()):
        return 1 if counted[1] is None else int(counted[1])
    if len(before) > _LONGEST:
        return None
    if _MODIFIED.match(after):
        if counted := _STAT.match(_columns(before)):
            return int(re.sub(r"\D", "", counted[1]) or 0)
        if not before.strip():
            column = _COLUMN.match(after)
            return int(column[1]) if column else None
        return 1 if not grouped and _BCC.match(before) else None
    if after.startswith("("):
        return 1 if _PERF_TRACE.match(before) else None
    event = _FIELDS.match(after) and (not before.strip() or _TIME.search(before) or _TASK.match(before))
    return 1 if event else None


def _columns(before: str) -> str:
    """What stands before an event of `perf stat`, with blanks in place of separators (`-x,`) and without the unit."""
    if before[-1:] not in tuple(_SEPARATORS):
        return before
    fields = before[:-1].split(before[-1])
    return " ".join(fields[: -1 if not fields[-1].strip() else None]) + " "
