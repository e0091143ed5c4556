"""`runner.profile.evidence`: ltrace's log tells calls from functions, and strace's has calls alone."""

from itertools import permutations

import pytest

from runner.profile.evidence import EvidenceReader, SeenCall
from tests.unit.profile.evidence.reading import AMD64, counts, read

MOUNT = 'mount("a", "b", "c", 0, NULL) = -1 EPERM (Operation not permitted)\n'
FOLDED = 'mount("a", "b", "c", 0, NULL) = -1\nEPERM (Operation not permitted)\n'
PRINTED = 'SYS_open("x") = 3\n'
LTRACE = """\
18185 SYS_brk(0)                                 = 0x560ccb1b2000
18185 SYS_access("/etc/ld.so.preload", 04)       = -2
18185 SYS_334(0x7f9a245b2060, 32, 0, 0x53053053) = 0
18185 time(0)                                    = 1795819482
18185 mount(0x560cbb4fe008, 0x560cbb4fe006, 0x560cbb4fe004, 0 <unfinished ...>
18185 SYS_mount("a", "b", "c", 0, 0)             = -2
18185 <... mount resumed> )                      = -1
18185 puts("hi" <unfinished ...>
18185 SYS_318(0x7f9a2478e478, 8, 1, 4096)        = 8
18185 <... puts resumed> )                       = 3
18185 access("/nonexist", 0 <unfinished ...>
18185 SYS_access("/nonexist", 00)                = -2
18185 <... access resumed> )                     = -1
18185 SYS_write(1, "hi\\n", 3)                    = 3
18185 SYS_exit_group(0 <no return ...>
18185 +++ exited (status 0) +++
"""
"""What `ltrace -S -f` of release 0.7.3 writes."""


@pytest.mark.parametrize("lines", permutations([f"app: {PRINTED}", 'mount("a", "b", "c", 0, NULL) = 0\n']))
def test_a_mark_behind_other_words_does_not_make_functions_of_calls(lines: tuple[str, ...]) -> None:
    evidence, seen = read("".join(lines))
    assert counts("".join(lines)) == {"open": 1, "mount": 1}
    assert {call.name for call in seen} == {"open", "mount"}
    assert not any("library" in note for note in evidence.notes)


def test_nor_does_one_whose_result_may_go_on_on_the_next_line() -> None:
    log = 'app: SYS_open("x") = -1\nmount("a", "b", "c", 0, NULL) = 0\n'
    assert counts(log) == {"open": 1, "mount": 1}


@pytest.mark.parametrize("failed", [MOUNT, FOLDED, "12 mount(0) = -1 errno=1 (Operation not permitted)\n"])
@pytest.mark.parametrize("in_pieces", [False, True], ids=["in one piece", "line by line"])
def test_an_error_by_its_name_makes_a_log_one_of_strace_whatever_a_program_printed(
    failed: str, *, in_pieces: bool
) -> None:
    for lines in permutations([PRINTED, "umount2(0) = 0\n", failed]):
        seen: list[SeenCall] = []
        reader = EvidenceReader(AMD64, observer=seen.append)
        for piece in lines if in_pieces else ["".join(lines)]:
            reader.feed(piece.encode())
        evidence = reader.close()
        assert {call.name for call in evidence.calls} == {"open", "umount2", "mount"}
        assert sorted(call.name for call in seen) == ["mount", "open", "umount2"]
        assert not any("library" in note for note in evidence.notes)


def test_nor_does_a_name_that_was_only_counted_until_then_hide_the_error() -> None:
    lines = ["mount(0) = 0\n" * 2, PRINTED, MOUNT]
    reader = EvidenceReader(AMD64)
    for line in lines:
        reader.feed(line.encode())
    assert {call.name: call.times for call in reader.close().calls} == {"mount": 3, "open": 1}


def test_in_the_log_of_ltrace_the_marked_calls_alone_count() -> None:
    names = ["brk", "access", "rseq", "mount", "getrandom", "write", "exit_group"]
    evidence, seen = read(LTRACE)
    assert {call.name: call.times for call in evidence.calls} == dict.fromkeys(names, 1) | {"access": 2}
    assert [call.name for call in seen] == [*names[:5], "access", *names[5:]]
    assert any(note.startswith("4 functions of the C library") for note in evidence.notes)
