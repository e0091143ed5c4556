"""Detects other tools' output on system calls that cannot be read, and names the format to use instead."""

import re
from typing import NamedTuple

_HEAD = 65_536
_PERF_TABLE = re.compile(
    r"^[ \t]*syscall[ \t]+calls[ \t]+(?:errors[ \t]+)?total[ \t]+min[ \t]+avg[ \t]+max\b", re.MULTILINE
)
_PERF_CALL = re.compile(r"^[ \t]*(?:\d+\.\d+|\?)[ \t]+\([ \t]*(?:\d+\.\d+ ms)?[ \t]*\):", re.MULTILINE)
_AUDITBEAT = re.compile(r'"auditd"\s*:\s*\{')
_MESSAGE_TYPE = re.compile(r'"message_type"\s*:')
_SYSCALL = re.compile(r'"syscall"\s*:\s*"[a-z_][a-z0-9_]*"')
_GADGET = re.compile(r'"(?:mntns_id|k8s|runtime|node|comm)"\s*:')
_NOT_GADGET = re.compile(r'"(?:defaultAction|syscalls|MESSAGE|log)"\s*:')


_AUSEARCH_CSV = re.compile(r"\A(?:NODE,)?EVENT,DATE,TIME,SERIAL_NUM,EVENT_KIND,")
_AUSEARCH_TEXT = re.compile(r"\AAt \d\d:\d\d:\d\d \S+ .*\bcaused-seccomp-violation\b", re.MULTILINE)


class Foreign(NamedTuple):
    """A tool's output by its name, and the next step."""

    name: str
    remedy: str


_TABLE = Foreign(
    "a table of `perf trace -s`",
    "give what `perf trace` prints without -s, a table of `strace -c`, or the names alone: "
    "awk '$2 ~ /^[0-9]+$/ {print $1}' FILE | workshop profile import -",
)
_BEAT = Foreign(
    "JSON of auditbeat",
    "give auditd's own records (`ausearch -m SECCOMP --format raw`), or the names alone: "
    "jq -r '.auditd.data.syscall // empty' FILE | sort -u | workshop profile import -",
)
_INSPEKTOR = Foreign(
    "JSON lines of Inspektor Gadget",
    "give a log of strace or the kernel's records, or the names alone: "
    "jq -r '.syscall // empty' FILE | sort -u | workshop profile import -",
)


_SUMMARY = Foreign(
    "a summary of ausearch, which leaves out the calls",
    "give the records themselves: ausearch -m SECCOMP --raw | workshop profile import -",
)


def foreign(text: str) -> Foreign | None:
    """Return the tool that wrote a text, judged by its beginning; None if the text may be readable."""
    head = text[:_HEAD]
    start = head.lstrip("[ \t\r\n")[:1]
    if start == "{":
        first = head.lstrip("[ \t\r\n").partition("\n")[0] if "\n{" in head else head
        if _AUDITBEAT.search(first) and _MESSAGE_TYPE.search(first):
            return _BEAT
        if _SYSCALL.search(first) and _GADGET.search(first) and not _NOT_GADGET.search(first):
            return _INSPEKTOR
        return None
    if _AUSEARCH_CSV.match(head) or _AUSEARCH_TEXT.match(head):
        return _SUMMARY
    return _TABLE if _PERF_TABLE.search(head) and not _PERF_CALL.search(head) else None
