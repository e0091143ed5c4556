"""Detects other tools' output on system calls that cannot be read, and names the format to use instead."""

import re

from runner.profile.foreign.policies import Foreign, foreign_policy

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
_TRACEE = re.compile(r'"eventName"\s*:\s*"')
_TRACEE_TABLE = re.compile(r"\ATIME[ \t]+UID[ \t]+COMM[ \t]+PID\b[^\n]*\bEVENT\b")
_TETRAGON = re.compile(r'"process_(?:kprobe|tracepoint|exec|exit|lsm|uprobe)"\s*:')
_TETRAGON_LINE = re.compile(r"^(?:🚀|💥|📬|❓|📝|🔌) [a-z]+ ", re.MULTILINE)
_OPERATORS_LINE = re.compile(r'"syscalls"\s*:\s*\[\s*"')
_OPERATORS_AUDIT = re.compile(r'"(?:auditID|cmdLine)"\s*:')
_AUSEARCH_CSV = re.compile(r"\A(?:NODE,)?EVENT,DATE,TIME,SERIAL_NUM,EVENT_KIND,")
_AUSEARCH_TEXT = re.compile(r"\AAt \d\d:\d\d:\d\d \S+ .*\bcaused-seccomp-violation\b", re.MULTILINE)
_CALLED = ("called-seccomp-controlled-syscall", "violated-seccomp-policy")
"""Words of ausearch before the name of a call."""
_AUREPORT = re.compile(r"\A\s*[A-Z][A-Za-z ]{2,40} Report\n=+\n(?:# |total[ \t])")
_FALCO = re.compile(r'"output_fields"\s*:\s*\{[^{}]*"evt\.')
_FALCO_LINE = re.compile(r"^\d\d:\d\d:\d\d\.\d{9}: [A-Z][a-z]+ .*\(", re.MULTILINE)
_EVENTS = re.compile(r'"evt\.type"\s*:')
_GADGET_TABLE = re.compile(
    r"\A(?=[^\n]*\bSYSCALL\b)[A-Z0-9._ \t]*\b(?:MNTNS(?:_ID)?|(?:K8S|RUNTIME)\.\w+|CONTAINER[ \t]+PID)\b"
)
_AMICONTAINED = re.compile(r"^Blocked [Ss]yscalls \(\d+\):", re.MULTILINE)
_SYSCOUNT = re.compile(r"^SYSCALL[ \t]+COUNT\b", re.MULTILINE)
_BPF_MAP = re.compile(
    r"^@\w*\[(?![^\]\n]*\bsys_enter_)[^\]\n]*\b(?:\d+|\w*sys_\w+)\]: \d+[ \t]*$", re.MULTILINE
)
_BPF_JSON = re.compile(
    r'\A\s*\{"type"\s*:\s*"(?:attached_probes|map|printf|hist|lost_events)"\s*,\s*"data"\s*:'
)
_FILTER = re.compile(
    r"^# pseudo filter code start|^[ \t]*line[ \t]+(?:OP|CODE)[ \t]+JT[ \t]+JF[ \t]+K\b", re.MULTILINE
)
_FILTER_SOURCE = re.compile(r"^[ \t]*BPF_(?:STMT|JUMP)\(", re.MULTILINE)
_FILTER_ACTION = re.compile(r'"(?:filter|match)_action"\s*:')
_DEFAULT_ACTION = re.compile(r'"(?:default|mismatch)_action"\s*:')
_PROMPTS = re.compile(r"\A(?:[ \t]*(?:(?:[$>]|\S{1,64}@\S{1,64}[$#]) [^\n]*)?\n)+")
"""The lines before an output that show the command, as they are pasted with it."""
_DESCRIBED = re.compile(
    r"\A(?=(?:.*\n){0,40}?(?:API Version|Node|Containers|Pod Template|Annotations):)Name:[ \t]{2,}\S"
)
_RECORDS = "give the records themselves: ausearch -m SECCOMP --raw | workshop profile import -"
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
_LINES = Foreign(
    "JSON that names calls line by line",
    "give the names alone: jq -r '.syscall // empty' FILE | sort -u | workshop profile import -",
)
_SUMMARY = Foreign("a summary of ausearch, which leaves out the calls", _RECORDS)
_REPORT = Foreign("a report of aureport", _RECORDS)
_FALCO_ALERTS = Foreign(
    "a list of Falco's alerts",
    "give a log of strace or sysdig, the kernel's records, or the names alone: "
    "jq -r '.output_fields[\"evt.type\"] // empty' FILE | sort -u | workshop profile import -",
)
_SYSDIG_JSON = Foreign(
    "JSON of sysdig",
    "give what sysdig prints without -j, or the names alone: "
    "jq -r '.\"evt.type\" // empty' FILE | sort -u | workshop profile import -",
)
_GADGET_COLUMNS = Foreign(
    "a table of Inspektor Gadget",
    "give the same with -o json, and of that the names alone: "
    "jq -r '.syscall // empty' FILE | sort -u | workshop profile import -",
)
_BLOCKED = Foreign(
    "a report of amicontained, which lists the calls that were blocked of those that it tried",
    "ask for the calls that a program needs: workshop profile simulate PROFILE CALL",
)
_COUNTS = Foreign(
    "a table of bcc's syscount",
    "give the names alone: awk '$2 ~ /^[0-9]+$/ {print $1}' FILE | workshop profile import -",
)
_MAP = Foreign(
    "a map of bpftrace with numbers or functions for keys",
    "count by name: bpftrace -e 'tracepoint:syscalls:sys_enter_* { @[probe] = count(); }'",
)
_MAP_JSON = Foreign("JSON of bpftrace", "give what bpftrace prints without -f json")
_DUMP = Foreign(
    "the dump of a filter",
    "give the profile that it was made from: `workshop profile simulate` compiles it by itself",
)
_PROGRAM = Foreign(
    "a filter in a C program",
    "give the names alone, of the calls that it allows, one on each line: workshop profile import -",
)
_TRACEE_EVENTS = Foreign(
    "a list of Tracee's events",
    "give the names alone, of the calls: `tracee -o json --events syscalls`, then "
    "jq -r '.eventName // empty' FILE | sort -u | workshop profile import -",
)
_TETRAGON_EVENTS = Foreign(
    "a list of Tetragon's events",
    "they tell only the calls that were asked for: give a log of strace, or the kernel's records "
    "(`ausearch -m SECCOMP --raw`)",
)
_OPERATORS_LOG = Foreign(
    "the audit log of the Security Profiles Operator",
    "give the names alone: jq -r '.syscalls[]?' FILE | sort -u | workshop profile import -",
)
_DESCRIPTION = Foreign(
    "the output of `kubectl describe`",
    "that cuts long values: give the object itself: kubectl get KIND NAME -o yaml | workshop profile import -",
    tells=True,
)
_TEXTS = (
    (_DESCRIBED, _DESCRIPTION),
    (_FILTER, _DUMP),
    (_FILTER_SOURCE, _PROGRAM),
    (_PERF_TABLE, _TABLE),
    (_AUREPORT, _REPORT),
    (_FALCO_LINE, _FALCO_ALERTS),
    (_GADGET_TABLE, _GADGET_COLUMNS),
    (_AMICONTAINED, _BLOCKED),
    (_SYSCOUNT, _COUNTS),
    (_BPF_MAP, _MAP),
    (_TRACEE_TABLE, _TRACEE_EVENTS),
    (_TETRAGON_LINE, _TETRAGON_EVENTS),
)
"""Tools whose output is text, by a sign of it."""
_SECCOMPILER = Foreign(
    "a policy of seccompiler, as Firecracker takes it",
    "give the names alone, of the calls that it allows: "
    "jq -r '.[].filter[].syscall' FILE | sort -u | workshop profile import -",
)
_OBJECTS = (
    ((_FILTER_ACTION, _DEFAULT_ACTION), _SECCOMPILER),
    ((_AUDITBEAT, _MESSAGE_TYPE), _BEAT),
    ((_FALCO,), _FALCO_ALERTS),
    ((_EVENTS,), _SYSDIG_JSON),
    ((_BPF_JSON,), _MAP_JSON),
    ((_TRACEE,), _TRACEE_EVENTS),
    ((_TETRAGON,), _TETRAGON_EVENTS),
    ((_OPERATORS_LINE, _OPERATORS_AUDIT), _OPERATORS_LOG),
)
"""Tools whose output is JSON, by signs that must all be there."""


def foreign(text: str) -> Foreign | None:
    """Return the tool that wrote a text, judged by its beginning; None if the text may be readable."""
    head = _PROMPTS.sub("", text[:_HEAD], count=1)
    if policy := foreign_policy(head):
        return policy
    if head.lstrip("[ \t\r\n")[:1] == "{":
        return _of_json(head.lstrip("[ \t\r\n").partition("\n")[0] if "\n{" in head else head)
    if (_AUSEARCH_CSV.match(head) or _AUSEARCH_TEXT.match(head)) and not any(
        word in head for word in _CALLED
    ):
        return _SUMMARY
    return next((tool for sign, tool in _TEXTS if sign.search(head) and not _PERF_CALL.search(head)), None)


def _of_json(first: str) -> Foreign | None:
    """The tool that wrote lines of JSON, judged by the first."""
    names_call = _SYSCALL.search(first) is not None and not _NOT_GADGET.search(first)
    if names_call and _GADGET.search(first):
        return _INSPEKTOR
    known = next((tool for signs, tool in _OBJECTS if all(sign.search(first) for sign in signs)), None)
    return known or (_LINES if names_call else None)
