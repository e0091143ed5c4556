"""`runner.profile.evidence.folded`: audit records in several lines, and behind a mail's or a table's marks."""

import textwrap
from time import process_time

import pytest

from runner.profile.evidence import read_evidence
from tests.unit.profile.evidence.reading import AMD64, read

RECORD = (
    'type=SECCOMP msg=audit(1709806984.1:2): auid=4294967295 uid=1001 gid=0 ses=4294967295 subj=? pid=7 comm="a b" '
    'exe="/usr/bin/timeout" sig=0 arch=c00000b7 syscall=40 compat=0 ip=0x7f5b1c8ae111 code=0x7ffc0000'
)
OTHER = RECORD.replace("syscall=40", "syscall=97")


@pytest.mark.parametrize("width", [40, 64, 72, 100])
@pytest.mark.parametrize("mark", ["", "    ", "> "])
def test_a_folded_record_is_one(width: int, mark: str) -> None:
    lines = [f"{mark}{line}" for line in (*textwrap.wrap(RECORD, width), *textwrap.wrap(OTHER, width))]
    seen = read("\n".join(lines) + "\n")[1]
    assert [(call.name, call.action, call.pid, call.line) for call in seen] == [
        ("mount", "log", 7, 1),
        ("unshare", "log", 7, len(lines) // 2 + 1),
    ]
    assert all(call.arch is not None and call.arch.go == "arm64" for call in seen)


@pytest.mark.parametrize("width", range(60, 190))
def test_a_terminal_cuts_words(width: int) -> None:
    text = "\n".join(RECORD[start : start + width] for start in range(0, len(RECORD), width))
    assert [call.name for call in read_evidence(text, AMD64).calls] == ["mount"]


def test_lines_that_a_backslash_continues_are_one_record() -> None:
    lines = textwrap.wrap(RECORD, 72)
    evidence = read_evidence(" \\\n  ".join(lines) + "\n", AMD64)
    assert [call.name for call in evidence.calls] == ["mount"]
    assert evidence.unused_lines == 0


@pytest.mark.parametrize("between", ["read(3) = 1", "[pid 7] +++ exited with 0 +++"])
def test_lines_that_are_not_next_to_each_other_are_no_record(between: str) -> None:
    first, _, rest = RECORD.partition(" syscall=")
    text = f"{first}\n{between}\nsyscall={rest}\n"
    assert "mount" not in [call.name for call in read_evidence(text, AMD64).calls]
    assert [call.name for call in read_evidence(text.replace(f"{between}\n", ""), AMD64).calls] == ["mount"]


@pytest.mark.parametrize("line", [f"> {RECORD}", f"| {RECORD} |"])
def test_a_record_behind_a_mark(line: str) -> None:
    assert [call.name for call in read_evidence(line, AMD64).calls] == ["mount"]


def test_a_message_behind_a_mark() -> None:
    (message,) = read_evidence("> mount: /proc: Operation not permitted\n", AMD64).messages
    assert message.text == "mount: /proc: Operation not permitted"


def test_a_record_without_its_end_is_used_as_far_as_it_goes() -> None:
    cut = RECORD.partition(" compat=")[0]
    assert [call.name for call in read_evidence(f"{cut}\n{OTHER}\n", AMD64).calls] == ["mount", "unshare"]
    evidence = read(f"{RECORD.partition(' syscall=')[0]}\nread(3) = 1\n")[0]
    assert [call.name for call in evidence.calls] == ["read"]
    assert evidence.unused_lines == 1


def test_a_message_with_the_words_of_a_record_is_a_message() -> None:
    (message,) = read_evidence("x: SECCOMP on=1: mount: Operation not permitted\n", AMD64).messages
    assert message.line == 1


def test_what_strace_writes_of_callers_and_bytes_is_no_message() -> None:
    text = "read(3) = 1\n > /lib/libc.so.6(mount+0x1) [0x1]\n | 00000  7f 45  Operation not permitted |\n"
    evidence = read_evidence(text, AMD64)
    assert [call.name for call in evidence.calls] == ["read"]
    assert not evidence.messages


@pytest.mark.parametrize("part", [" ", "\t", "a", "a=b ", "a=", '"', " \\ ", "\\\n"])
def test_a_record_is_joined_in_linear_time(part: str) -> None:
    def seconds(times: int) -> float:
        begin = process_time()
        read_evidence("type=SECCOMP audit(" + part * times, AMD64)
        read_evidence("type=SECCOMP audit(1.1:1): pid=1\na=" + part * times, AMD64)
        return process_time() - begin

    # The square of eight would be 64.
    assert min(seconds(32_000) for _ in range(2)) < 24 * max(seconds(4_000), 0.01)
