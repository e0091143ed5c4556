"""`runner.profile.evidence.reader`: every form of line is read, and no evidence is lost in silence."""

import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.profile.calls.syscalls import arch
from runner.profile.evidence import Evidence, EvidenceKind, EvidenceReader, SeenCall, read_evidence
from runner.profile.evidence import reader as module
from runner.profile.importers.detect import detect

AMD64 = arch("amd64")


def read(text: str, *, machine: str = "amd64") -> tuple[Evidence, list[SeenCall]]:
    seen: list[SeenCall] = []
    return read_evidence(text, arch(machine), observer=seen.append), seen


def counts(text: str) -> dict[str, int]:
    found = read_evidence(text, AMD64)
    return {call.name: call.times for call in found.calls}


PREFIXES = {
    "none": "",
    "-f on a terminal": "[pid 12345] ",
    "-f, small pid": "[pid    12] ",
    "-f -Y on a terminal": "[pid 12345<tokio worker 1>] ",
    "-f to a file": "12345 ",
    "-f -Y to a file": "12345<my app> ",
    "-f --decode-pids=pidns": "[pid 12345 /* 3 in strace's PID NS */] ",
    "-i": "[00007fc151643ad7] ",
    "-i without an address": "[????????????????] ",
    "-n": "[  59] ",
    "-n -i": "[  59] [00007fca2e81dad7] ",
    "-r": "     0.000123 ",
    "-t": "21:26:33 ",
    "-t -r": "21:26:33 (+     0.002418) ",
    "-tt": "21:26:33.192295 ",
    "-ttt": "1795641993.213916 ",
    "seconds": "1795641993 ",
    "nanoseconds": "21:26:33.839439643 ",
    "--secontext": "[unconfined_u:unconfined_r:unconfined_t:s0] ",
    "all at once": "21664<sh> 21:26:33.447029 (+     0.000001) [ 273] [00007f18e44f438d] ",
    "spaces": "   ",
}


@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=PREFIXES)
@pytest.mark.parametrize(
    "line",
    [
        'openat(AT_FDCWD, "x", O_RDONLY) = -1 EPERM (Operation not permitted)',
        'openat(AT_FDCWD, "x", O_RDONLY)                  = -1 EPERM (Operation not permitted) <0.000012>',
    ],
    ids=["plain", "-T"],
)
def test_a_call_is_read_behind_every_prefix(prefix: str, line: str) -> None:
    evidence, (call,) = read(prefix + line + "\n")
    assert (call.name, call.args, call.errno) == ("openat", ("AT_FDCWD", '"x"', "O_RDONLY"), "EPERM")
    assert (evidence.unused_lines, evidence.lines, evidence.used) == (0, 1, {EvidenceKind.STRACE: 1})
    assert not evidence.notes


@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=PREFIXES)
@pytest.mark.parametrize(
    "event",
    [
        "--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=1} ---",
        "+++ exited with 0 +++",
        "+++ killed by SIGSYS (core dumped) +++",
        "+++ superseded by execve in pid 3 +++",
    ],
)
def test_straces_other_lines_are_not_evidence(prefix: str, event: str) -> None:
    evidence, seen = read(prefix + event + "\n")
    assert (seen, evidence.unused_lines, evidence.used_lines) == ([], 0, 0)


def test_messages_stacks_and_dumps_are_no_evidence() -> None:
    text = """\
strace: Process 21333 attached
Process 12 detached
 > /usr/lib/libc.so.6(__write+0x10) [0xf7000]
 > unexpected_backtracing_error [0x1]
 | 00000  68 65 6c 6c 6f 0a                                 hello.           |
) = 21333
"""
    evidence, seen = read(text)
    assert (seen, evidence.unused_lines) == ([], 0)


def test_an_interrupted_call_is_one_call_with_its_result() -> None:
    text = """\
[pid 7<a>] futex(0x1, FUTEX_WAIT, 0, NULL <unfinished ...>
[pid 8<b>] futex(0x2, FUTEX_WAKE, 1) = 1
[pid 7<a>] <... futex resumed>) = -1 EAGAIN (Resource temporarily unavailable)
"""
    evidence, seen = read(text)
    assert [(call.pid, call.thread, call.args, call.errno) for call in seen] == [
        (8, "b", ("0x2", "FUTEX_WAKE", "1"), ""),
        (7, "a", ("0x1", "FUTEX_WAIT", "0", "NULL"), "EAGAIN"),
    ]
    assert counts(text) == {"futex": 2}
    assert evidence.used_lines == 3


def test_a_call_with_only_its_end_counts_once_and_has_no_arguments() -> None:
    text = "[pid 7] <... nanosleep resumed>NULL) = 0\n"
    _, (call,) = read(text)
    assert (call.name, call.args, call.result) == ("nanosleep", None, "0")
    assert counts(text) == {"nanosleep": 1}


def test_a_call_that_never_ends_is_reported_at_the_end() -> None:
    _, seen = read("7 read(3,  <unfinished ...>\n7 +++ killed by SIGKILL +++\n")
    assert [(call.name, call.args, call.result) for call in seen] == [("read", ("3",), "")]


def test_a_32_bit_process_has_numbers_and_names_of_its_own() -> None:
    text = """\
7 execve("/bin/x", ["x"], 0x7) = 0
[ Process PID=7 runs in 32 bit mode. ]
7 syscall_0x193(0, 0xff) = -1 EPERM (Operation not permitted)
8 syscall_0x1b7(0xffffff9c) = 0
[ Process PID=7 runs in 64 bit mode. ]
7 syscall_0x1b7(0xffffff9c) = 0
"""
    _, seen = read(text)
    told = [(call.name, call.arch.go if call.arch else None) for call in seen]
    assert told == [
        ("execve", None),
        ("clock_gettime64", "386"),
        ("faccessat2", "386"),
        ("faccessat2", "amd64"),
    ]
    assert read(text, machine="arm64")[1][1].arch == arch("arm")


def test_a_call_that_no_table_has_is_noted_once_with_its_count() -> None:
    text = """\
syscall_0x270f(0x1) = -1 ENOSYS (Function not implemented)
7 syscall_0x270f(0x1 <unfinished ...>
7 <... syscall_0x270f resumed>) = -1 ENOSYS (Function not implemented)
read(3) = 3
"""
    assert read(text)[0].notes == ("line 1: amd64 has no system call 9999, made 2 times",)


COLOURED = {
    "grep": "\x1b[35m\x1b[Ktrace.log\x1b[m\x1b[K\x1b[36m\x1b[K:\x1b[m\x1b[K\x1b[01;31m\x1b[Kread\x1b[m\x1b[K(3) = 1\n",
    "strace": "\x1b[1mread\x1b[0m(3) = 1\n",
    "a hyperlink": "\x1b]8;;file:///logs\x07x.log\x1b]8;;\x07:read(3) = 1\n",
}


@pytest.mark.parametrize("text", COLOURED.values(), ids=COLOURED)
def test_colours_are_no_part_of_a_line(text: str) -> None:
    assert counts(text) == {"read": 1}
    assert detect(text) == "evidence"


@pytest.mark.parametrize("mark", ["\x1b]8;;file:///logs\x07", "\x1b]8;;file:///logs\x1b\\", "\x1b[1m"])
def test_the_beginning_of_a_text_counts_without_what_is_for_a_terminal(mark: str) -> None:
    assert detect(f'{mark}{{"log": "hello"}}\n') == "evidence"


QUOTED = {
    "mail": "> read(3) = 1\n",
    "a list": "- `read(3) = 1`\n",
    "a patch": "+read(3) = 1\n",
    "grep -C": "14-read(3) = 1\n",
    "ltrace -l": "libc.so.6->SYS_read(3) = 1\n",
}


@pytest.mark.parametrize("text", QUOTED.values(), ids=QUOTED)
def test_a_call_behind_a_mark(text: str) -> None:
    assert counts(text) == {"read": 1}


def test_a_line_in_the_form_of_a_call_is_never_passed_over_in_silence() -> None:
    evidence, _ = read("read(3) = 1\nfoo.Bar(3) = 1\n")
    assert [str(unused) for unused in evidence.unused] == [
        "line 2: looks like a call, but not as a known program writes it: foo.Bar(3) = 1"
    ]


@pytest.mark.parametrize("bracket", [" x a(", "a ) = "])
def test_a_line_of_ten_times_as_many_brackets_takes_no_more_than_so_much_longer(bracket: str) -> None:
    def seconds(brackets: int) -> float:
        begun = time.process_time()
        read(bracket * brackets)
        return time.process_time() - begun

    seconds(1)
    # The square of ten would be 100.
    assert min(seconds(40_000) for _ in range(3)) < 40 * min(seconds(4_000) for _ in range(3))


def test_a_call_that_qemu_does_not_know_is_read_by_its_number() -> None:
    assert counts("12 brk(NULL) = 0x0\n12 Unknown syscall 439\n") == {"brk": 1, "faccessat2": 1}


def test_an_unknown_number_is_a_note_with_its_line_and_a_hint() -> None:
    evidence, _ = read("read(3) = 0\nsyscall_0x193(0) = 0\nwrite(1) = 1\n")
    assert [call.name for call in evidence.calls] == ["read", "write"]
    assert evidence.notes == (
        "line 2: amd64 has no system call 403; on 386 it is clock_gettime64: name the architecture with --arch 386",
    )


@pytest.mark.parametrize(
    "line",
    [
        "syscall_0x1b7(0xffffff9c, 0x7ff) = -1 EPERM",
        "syscall_439(0xffffff9c, 0x7ff) = -1 EPERM",
        "SYS_439(0xffffff9c, 0x7ff) = -1 EPERM",
        "syscall(439, 0xffffff9c, 0x7ff) = -1 EPERM",
        "syscall(0x1b7, 0xffffff9c, 0x7ff) = -1 EPERM",
    ],
)
def test_a_number_in_every_form_that_strace_has_had(line: str) -> None:
    _, (call,) = read(line + "\n")
    assert (call.name, call.number, call.args, call.errno) == (
        "faccessat2",
        439,
        ("0xffffff9c", "0x7ff"),
        "EPERM",
    )


def test_the_output_of_the_program_among_its_calls() -> None:
    text = 'write(1, "hello\\n", 6hello\n)                  = 6\nread(3, "", 1) = 0\nplain words\n'
    assert counts(text) == {"write": 1, "read": 1}
    assert read(text)[0].unused_lines == 0


def test_sigsys_names_the_call_that_was_killed() -> None:
    text = """\
chmod("/x", 0777) = 90
--- SIGSYS {si_signo=SIGSYS, si_call_addr=0x7f, si_syscall=__NR_chmod, si_arch=AUDIT_ARCH_X86_64} ---
"""
    _, seen = read(text)
    assert [(call.name, call.action, call.times) for call in seen] == [("chmod", "", 1), ("chmod", "trap", 0)]
    assert counts(text) == {"chmod": 1}


WRAPPED = {
    "journal": '{"__CURSOR": "s=1", "MESSAGE": "read(3, \\"x\\", 1) = 1", "_PID": "7"}\n',
    "journal, as bytes": '{"MESSAGE": [114, 101, 97, 100, 40, 51, 41, 32, 61, 32, 49]}\n',
    "journal, pretty": '{\n\t"__CURSOR" : "s=1",\n\t"MESSAGE" : "read(3, \\"x\\", 1) = 1",\n\t"_PID" : "7"\n}\n',
    "journal, event stream": 'data: {"MESSAGE": "read(3) = 1"}\n',
    "journal, sequence": '\x1e{"MESSAGE": "read(3) = 1"}\n',
    "docker": '{"log":"read(3, \\"x\\", 1) = 1\\n","stream":"stderr","time":"2026-01-01T00:00:00Z"}\n',
    "compose": 'app-1  | read(3, "x", 1) = 1\n',
    "kubectl logs --timestamps": '2026-01-01T00:00:00.000000000Z read(3, "x", 1) = 1\n',
    "syslog": "Sep 11 09:58:02 host strace[7]: read(3) = 1\n",
}


@pytest.mark.parametrize("text", WRAPPED.values(), ids=WRAPPED)
def test_a_call_in_another_programs_log(text: str) -> None:
    assert counts(text) == {"read": 1}
    assert read(text)[0].unused_lines == 0


def test_calls_after_other_words_are_reported() -> None:
    (note,) = read('app | read(3, "x", 1) = 1\napp | read(3, "x", 1) = 1\n')[0].notes
    assert "2 calls stand behind words that are not strace's, first on line 1" in note


PERF = """\
     0.000 ( 0.002 ms): sleep/19893 brk(                                       ) = 0x5581
     0.013 ( 0.004 ms): my app/1 access(filename: 0xd, mode: R) = -1 ENOENT (No such file or directory)
         ? (         ): sleep/1234  ... [continued]: execve())                 = 0
     0.213 ( 0.004 ms): close(fd: 3) = 0
"""


def test_the_log_of_perf_trace() -> None:
    evidence, seen = read(PERF)
    assert [call.name for call in seen] == ["brk", "access", "execve", "close"]
    assert (seen[1].errno, seen[1].pid, seen[1].thread) == ("ENOENT", 1, "my app")
    assert evidence.used == {EvidenceKind.PERF: 4}


def test_the_system_calls_of_ltrace() -> None:
    text = '[pid 7] openat@SYS(AT_FDCWD, "x", 0x80000, 00) = 3\nSYS_brk(nil) = 0x55\n'
    evidence, seen = read(text)
    assert [(call.name, call.pid) for call in seen] == [("openat", 7), ("brk", None)]
    assert evidence.used == {EvidenceKind.STRACE: 2}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("7 ????( <unfinished ...>", "could not tell"),
        ("app | fooo(3, 4) = 0", "looks like a call"),
        ("type=SYSCALL msg=audit(1.1:1): arch=c000003e syscall=59 success=yes", "type SYSCALL"),
        ("audit[3]: SYSCALL arch=c000003e syscall=59 success=yes", "type SYSCALL"),
        ("type=1326 audit(1.1:1): pid=1", "without `syscall=`"),
        ("type=1326 audit(1.1:1): arch=deadbeef syscall=3", "unknown architecture"),
        ("type=1326 audit(1.1:1): arch=c000003e syscall=99999999999", "not a system call"),
    ],
)
def test_unused_lines_that_look_like_evidence_are_reported(line: str, reason: str) -> None:
    evidence, _ = read(f"read(3) = 0\n{line}\n")
    assert evidence.unused_lines == 1
    assert (evidence.unused[0].line, reason in evidence.unused[0].reason) == (2, True)
    assert evidence.unused[0].text == line


def test_all_unused_lines_are_counted_even_if_not_all_are_kept() -> None:
    evidence, _ = read("type=SYSCALL msg=audit(1.1:1): syscall=59\n" * 3000)
    assert evidence.unused_lines == 3000
    assert len(evidence.unused) == 1000


SUPPRESSED = "kernel: kauditd_printk_skb: 87 callbacks suppressed\n"


@pytest.mark.parametrize(
    ("text", "in_all"),
    [
        (SUPPRESSED * 2, 174),
        ("audit: audit_lost=1 audit_rate_limit=0\naudit: audit_lost=5\naudit: audit_lost=9\n", 9),
        (SUPPRESSED + "audit: audit_lost=3 audit_rate_limit=0\n", 90),
        ("audit: audit_lost=9\naudit: audit_lost=2\naudit: audit_lost=4\n", 13),
    ],
    ids=["new each time", "a count since the start", "both", "two starts"],
)
def test_records_that_the_kernel_dropped_are_reported(text: str, in_all: int) -> None:
    evidence, _ = read(text)
    assert evidence.notes[-1] == f"the kernel dropped {in_all} records in all: calls may be missing"


def test_a_count_since_the_start_is_told_as_one() -> None:
    evidence, _ = read("audit: audit_lost=5 audit_rate_limit=0\n")
    assert evidence.notes[0] == "line 1: the kernel says that it has dropped 5 records since it started"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda line: json.dumps({"log": line + "\n", "stream": "stderr"}),
        lambda line: json.dumps({"MESSAGE": line}),
        lambda line: f'        "MESSAGE" : {json.dumps(line)},',
        lambda line: line,
    ],
    ids=["docker", "journal", "journal pretty", "plain"],
)
def test_a_failure_that_is_asked_for_is_told_however_the_log_is_wrapped(wrap: Callable[[str], str]) -> None:
    seen: list[SeenCall] = []
    lines = ['openat(AT_FDCWD, "/a", 0) = 3'] * 2 + ['openat(AT_FDCWD, "/b", 0) = -1 EPERM (x)']
    lines.append('openat(AT_FDCWD, "/b", 0) = -1 ENOENT (x)')
    evidence = read_evidence(
        "\n".join(map(wrap, lines)),
        AMD64,
        observer=seen.append,
        wanted=lambda _, __: False,
        errnos=("EPERM",),
    )
    assert [(call.name, call.line, call.errno) for call in seen] == [("openat", 3, "EPERM")]
    assert {call.name: call.times for call in evidence.calls} == {"openat": 4}


def test_only_the_kinds_that_are_asked_for_are_used() -> None:
    text = "read(3) = 0\ntype=1326 audit(1.1:1): arch=c000003e syscall=90\n"
    for kind, name in ((EvidenceKind.STRACE, "read"), (EvidenceKind.AUDIT, "chmod")):
        reader = EvidenceReader(AMD64, kinds=frozenset((kind,)))
        reader.feed(text.encode())
        evidence = reader.close()
        assert [call.name for call in evidence.calls] == [name]
        assert evidence.unused_lines == 1


def test_only_wanted_calls_and_failures_are_observed() -> None:
    seen: list[SeenCall] = []
    text = "read(3) = 0\nchmod(1) = 0\nread(3) = -1 EPERM (x)\nread(3) = -1 ENOENT (x)\n"
    evidence = read_evidence(
        text,
        AMD64,
        observer=seen.append,
        wanted=lambda name, _: name == "chmod",
        errnos=("EPERM",),
    )
    assert [(call.name, call.line) for call in seen] == [("chmod", 2), ("read", 3)]
    assert {call.name: call.times for call in evidence.calls} == {"read": 3, "chmod": 1}


LINES = st.sampled_from(
    [
        'openat(AT_FDCWD, "a, b) = 3", O_RDONLY) = 3',
        "[pid 7] futex(0x1, FUTEX_WAIT <unfinished ...>",
        "[pid 7] <... futex resumed>) = 0",
        "[ Process PID=7 runs in 32 bit mode. ]",
        "syscall_0x193(0) = 0",
        "% time     seconds  usecs/call     calls    errors syscall",
        "------ ----------- ----------- --------- --------- ----------------",
        " 42.31    0.000011           5         2           openat",
        "100.00    0.000026           4         6         1 total",
        "type=1326 audit(1.1:1): arch=c000003e syscall=90 code=0x50001",
        '{"MESSAGE": "read(3) = 1"}',
        "",
        "noise",
        "x | read(3) = 1",
    ]
)


@given(lines=st.lists(LINES, max_size=12), size=st.integers(1, 80))
def test_the_pieces_in_which_a_text_comes_make_no_difference(lines: list[str], size: int) -> None:
    data = "\n".join(lines).encode()
    whole, pieces = EvidenceReader(AMD64), EvidenceReader(AMD64)
    whole.feed(data)
    for start in range(0, len(data), size):
        pieces.feed(data[start : start + size])
    assert pieces.close() == whole.close()


@given(data=st.one_of(st.binary(max_size=300), st.lists(LINES, max_size=8).map("\n".join).map(str.encode)))
def test_any_bytes_are_read_and_every_line_is_used_unused_or_no_evidence(data: bytes) -> None:
    reader = EvidenceReader(AMD64, observer=lambda _: None)
    reader.feed(data)
    evidence = reader.close()
    assert evidence.lines == data.count(b"\n") + (not data.endswith(b"\n") and bool(data))
    assert all(0 < call.line <= evidence.lines and call.times > 0 for call in evidence.calls)


def test_a_line_without_an_end_takes_a_limited_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_LINE", 16 << 10)
    reader = EvidenceReader(AMD64)
    for _ in range(40):
        reader.feed(b"x" * (1 << 10))
    assert reader.close().lines >= 2


@pytest.mark.parametrize(
    ("audit", "go"),
    [("S390X", "s390x"), ("PPC64LE", "ppc64le"), ("MIPSEL64", "mips64le"), ("X86_64", "amd64")],
)
def test_the_signal_of_seccomp_names_the_architecture(audit: str, go: str) -> None:
    _, seen = read(
        f"--- SIGSYS {{si_signo=SIGSYS, si_syscall=__NR_mount, si_arch=AUDIT_ARCH_{audit}}} ---\n",
        machine="386",
    )
    assert [(call.name, call.arch) for call in seen] == [("mount", arch(go))]
