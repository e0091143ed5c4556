"""`runner.profile.evidence.reader`: what it hands on of a text, and that it reads any text, in any pieces."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.profile.evidence import EvidenceKind, EvidenceReader, SeenCall, read_evidence
from runner.profile.evidence import reader as module
from tests.unit.profile.evidence.reading import AMD64, read


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


@pytest.mark.parametrize("bracket", [" x a(", "a ) = "])
def test_a_line_of_ten_times_as_many_brackets_takes_no_more_than_so_much_longer(bracket: str) -> None:
    def seconds(brackets: int) -> float:
        begun = time.process_time()
        read(bracket * brackets)
        return time.process_time() - begun

    seconds(1)
    # The square of ten would be 100.
    assert min(seconds(40_000) for _ in range(3)) < 40 * min(seconds(4_000) for _ in range(3))
