"""Calls in what other programs write: tracers, logs around a line, quotes and colours."""

import json
from collections.abc import Callable

import pytest

from runner.profile.evidence import EvidenceKind, SeenCall, read_evidence
from runner.profile.importers.detect import detect
from tests.unit.profile.evidence.reading import AMD64, counts, read

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


def test_a_line_that_is_quoted_twice_is_read_as_one_quoted_once() -> None:
    evidence, _ = read(
        '> read(3, "", 1) = 0\n> > write(1, "", 1) = 1\n> > /lib/libc.so(read+0x5b) [0x10b1d]\n'
    )
    assert [call.name for call in evidence.calls] == ["read", "write"]


def test_functions_of_the_c_library_in_ltraces_log_are_no_calls() -> None:
    log = (
        "malloc(10) = 0x55d\nSYS_brk(0) = 0x55d\nputs(0x7f) = 3\nSYS_439(0xffffff9c, 0x7f) = 3\nread(3) = 0\n"
    )
    evidence, _ = read(log)
    assert [call.name for call in evidence.calls] == ["brk", "faccessat2"]
    assert any("3 functions of the C library" in note and "malloc" in note for note in evidence.notes)
    # strace writes a call that it has no name for like this, and a newer kernel may have a call that nobody knows here.
    assert [call.name for call in read("SYS_439(0x1) = 0\nquite_new(1) = 0\n")[0].calls] == [
        "faccessat2",
        "quite_new",
    ]


@pytest.mark.parametrize("mark", ["SYS_{}(", "{}@SYS("])
def test_a_function_that_is_called_as_a_call_is_none_in_ltraces_log(mark: str) -> None:
    log = f"time(0) = 17\n{mark.format('brk')}0) = 0x55d\ntime(0) = 18\nfork() = 3\n{mark.format('time')}0) = 19\n"
    evidence, seen = read(log)
    assert [(call.name, call.times) for call in evidence.calls] == [("brk", 1), ("time", 1)]
    assert [call.name for call in seen] == ["time", "brk", "time"]
    assert [note for note in evidence.notes if "library" in note] == [
        "2 functions of the C library in ltrace's log are no calls and left out, time the first"
    ]


def test_a_single_function_in_ltraces_log_is_told_as_one() -> None:
    (note,) = read("SYS_brk(0) = 0x55d\nputs(0x7f) = 3\n")[0].notes
    assert note == "1 function of the C library in ltrace's log is no call and left out, puts the first"


def test_a_call_through_the_c_librarys_function_makes_no_log_of_ltrace() -> None:
    evidence, _ = read("syscall(SYS_gettid) = 3\nfuture_call(1) = 0\n")
    assert [call.name for call in evidence.calls] == ["gettid", "future_call"]
    assert evidence.notes == ()


def test_a_call_that_strace_has_no_name_for_is_counted_with_its_name() -> None:
    evidence, _ = read("SYS_439(0x1) = 0\nfaccessat2(0x1) = 0\n")
    assert [(call.name, call.times) for call in evidence.calls] == [("faccessat2", 2)]
