"""The kernel's audit records of seccomp's actions.

The forms: as the kernel logs them (`audit: type=1326 audit(…): … arch=c000003e syscall=90 … code=0x50001`), as auditd
writes them (`type=SECCOMP msg=audit(…): …`), with names for numbers (`ausearch -i`), as text from `ausearch --format
csv` and `text`, and as journald writes them (`audit[12]: SECCOMP …`).
"""

import re
from typing import NamedTuple

from runner.errors import UsageError
from runner.profile.calls.syscalls import ARCHES, Arch
from runner.profile.calls.syscalls import arch as find_arch

_SECCOMP = re.compile(
    r"\btype=(?:1326|SECCOMP)\b|\bSECCOMP\b(?=.{0,1000}\bsyscall=)|\bsyscall=\S{1,40} compat=\d ip=0x"
)
"""A record; what follows the call in one tells it also where the beginning was left out."""
_TYPE = re.compile(r"\btype=(\w{1,40})|\baudit(?:\[\d+\])?: ([A-Z_]{4,40}) ")
_NORMALISED = re.compile(
    r"\b(?:called-seccomp-controlled-syscall|violated-seccomp-policy)(?:,[^,]{0,20},| )"
    r"(?P<call>[a-z_][a-z0-9_]{0,63}|unknown-syscall\(-?\d{1,10}\))(?:[, \n]|\Z)"
)
"""A record as `ausearch --format csv` and `--format text` write it, without architecture and action."""
_SNAPPY = re.compile(
    r"^Log: .*\barch=(?P<arch>[0-9a-f]{8}) \d{1,10}\((?P<call>[a-z_][a-z0-9_]{0,63})\) compat="
)
"""A record as snappy-debug writes it."""
_ENRICHER = re.compile(r"\"?syscallName\"?=\"(?P<call>[a-z_][a-z0-9_]{0,63})\"")
_OF_SECCOMP = re.compile(r"\"?type\"?=\"seccomp\"")
"""A line of the log enricher of the Security Profiles Operator, whose releases write its parts in several orders."""
_SYSCALL = re.compile(r"\bsyscall=(unknown-syscall\(\d+\)|[A-Za-z0-9_#-]{1,64})")
_ARCH = re.compile(r"\barch=([A-Za-z0-9_-]{1,32})")
_PID = re.compile(r"\bpid=(\d{1,10})\b")
_COMM = re.compile(r'\bcomm=(?:\\?"([^"\\]{1,64})|([^"\\\s]{1,64}))')
_ENDED = re.compile(r"\bpid=(\d{1,10})\b.{0,1000}\bsig=31 res=1\b")
_CODE = re.compile(r"\bcode=(?:0x([0-9a-fA-F]{1,8})|([a-z][a-z-]{1,20}))")
_DROPPED = re.compile(
    r"printk_skb: (\d{1,9}) callbacks suppressed|audit_lost=(\d{1,9})|audit: backlog limit exceeded"
)
_BY_AUDIT = {arch.audit: arch for arch in reversed(ARCHES)}
_ACTIONS = {
    0x80000000: "kill_process",
    0x00000000: "kill_thread",
    0x00030000: "trap",
    0x00050000: "errno",
    0x7FC00000: "notify",
    0x7FF00000: "trace",
    0x7FFC0000: "log",
    0x7FFF0000: "allow",
}
_WORDS = {"kill": "kill_thread", "kill-thread": "kill_thread", "kill-process": "kill_process"}


class Record(NamedTuple):
    """A record: the call as written, its architecture if the record has one, and seccomp's action."""

    syscall: str
    arch: Arch | None
    action: str
    pid: int | None
    thread: str


class OtherRecord(NamedTuple):
    """A record of another kind, such as those that stand beside seccomp's in auditd's log."""

    kind: str


class Dropped(NamedTuple):
    """The number of dropped records (0: unknown); `since_start` if it counts all since the kernel started."""

    records: int
    since_start: bool


def record(text: str) -> Record | OtherRecord | str | None:
    """Read a line: a record, a reason (str) if it is a record that cannot be used, None if it is not a record."""
    normalised = _NORMALISED.search(text)
    if normalised is not None:
        if normalised["call"].startswith("unknown-syscall("):
            return "ausearch names no call here: use --format raw"
        return Record(normalised["call"], None, "", None, "")
    told = _SNAPPY.search(text) or (_ENRICHER.search(text) if _OF_SECCOMP.search(text) else None)
    if told is not None:
        return Record(told["call"], _arch(told["arch"]) if "arch" in told.groupdict() else None, "", None, "")
    syscall = _SYSCALL.search(text)
    if not _SECCOMP.search(text):
        if syscall is None:
            return None
        kind = _TYPE.search(text)
        return OtherRecord(kind[1] or kind[2]) if kind else "no record of seccomp"
    if syscall is None:
        return "a record of seccomp without `syscall=`"
    written = _ARCH.search(text)
    arch = _arch(written[1]) if written else None
    if written and arch is None:
        return f"unknown architecture {written[1]!r}"
    pid, comm = _PID.search(text), _COMM.search(text)
    return Record(
        syscall[1], arch, _action(text), int(pid[1]) if pid else None, (comm[1] or comm[2]) if comm else ""
    )


def ended(text: str) -> int | None:
    """The process that a record tells to have died by SIGSYS, in which the kernel names no call; None for another."""
    match = _ENDED.search(text)
    return int(match[1]) if match else None


def dropped(text: str) -> Dropped | None:
    """The records that the kernel says it dropped; None if the line is not about that."""
    match = _DROPPED.search(text)
    if match is None:
        return None
    return Dropped(int(match[1] or match[2] or 0), since_start=match[2] is not None)


def _arch(text: str) -> Arch | None:
    if re.fullmatch(r"(?:0x)?[0-9a-f]{1,8}", text):
        return _BY_AUDIT.get(int(text, 16))
    try:
        return find_arch(text)
    except UsageError:
        return None


def _action(text: str) -> str:
    code = _CODE.search(text)
    if code is None:
        return ""
    if code[1]:
        return _ACTIONS.get(int(code[1], 16) & 0xFFFF0000, "")
    return _WORDS.get(code[2], code[2] if code[2] in _ACTIONS.values() else "")
