"""`runner.profile.evidence.folded_call`: calls of strace in several lines."""

import textwrap

import pytest

from runner.profile.evidence import read_evidence
from tests.unit.profile.evidence.reading import AMD64, read

CALLS = (
    '[pid  7] mount("proc", "/proc", "proc", MS_NOSUID|MS_NODEV, NULL) = -1 EPERM (Operation not permitted)',
    "clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_NEWUSER|SIGCHLD, child_tidptr=0x7f) = 4711",
    'connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("192.0.2.1")}, 16) = -1 ENOSYS (x y)',
)


def _seen(text: str) -> list[tuple[object, ...]]:
    return [(call.name, call.args, call.errno) for call in read(text)[1]]


@pytest.mark.parametrize("line", CALLS)
@pytest.mark.parametrize("width", range(30, 110))
def test_a_folded_call_is_one(line: str, width: int) -> None:
    whole = _seen(f"{line}\nclose(3) = 0\n")
    mail = textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
    assert _seen("\n".join((*mail, "close(3) = 0"))) == whole
    terminal = (line[start : start + width] for start in range(0, len(line), width))
    assert _seen("\n".join((*terminal, "close(3) = 0"))) == whole


def test_the_call_counts_once_and_on_its_first_line() -> None:
    evidence, seen = read("close(3) = 0\nmount(1, 2,\n 3) = 0\nmount(1, 2,\n 3) = 0\nclose(4) = 0\n")
    assert {call.name: call.times for call in evidence.calls} == {"close": 2, "mount": 2}
    assert [call.line for call in seen] == [1, 2, 4, 6]


def test_lines_after_a_call_without_an_end_are_read_by_themselves() -> None:
    text = (
        'write(1, "a\n'
        "mount: /proc: Operation not permitted\n"
        "type=SECCOMP msg=audit(1.1:2): pid=7 arch=c000003e syscall=41 compat=0 code=0x50000\n"
        "close(3) = 0\n"
    )
    evidence = read_evidence(text, AMD64)
    assert [call.name for call in evidence.calls] == ["write", "socket", "close"]
    assert [message.line for message in evidence.messages] == [2]


@pytest.mark.parametrize(
    "end", ["", "\n", "\n\n", "\n+++ exited with 0 +++\n", "\nstrace: Process 7 detached\n"]
)
def test_a_call_that_is_cut_off_at_the_end_is_used(end: str) -> None:
    assert [call.name for call in read_evidence(f'openat(AT_FDCWD, "/x", O_RDO{end}', AMD64).calls] == [
        "openat"
    ]


@pytest.mark.parametrize("end", ["\n", "\n\n"])
def test_a_message_after_a_failure_without_an_error_stays_one(end: str) -> None:
    evidence, seen = read(f'chmod("/x", 1) = -1\nchmod: x: Operation not permitted{end}')
    assert [(call.name, call.errno) for call in seen] == [("chmod", "")]
    assert [message.line for message in evidence.messages] == [2]
