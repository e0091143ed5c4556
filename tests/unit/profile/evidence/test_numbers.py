"""Calls that evidence gives by their numbers, and those of 32-bit processes."""

import pytest

from runner.profile.calls.syscalls import arch
from runner.profile.evidence import SeenCall, read_evidence
from tests.unit.profile.evidence.reading import AMD64, counts, read


@pytest.mark.parametrize(
    "line",
    [
        "syscall_0x1b7(0xffffff9c, 0x7ff) = -1 EPERM",
        "syscall_439(0xffffff9c, 0x7ff) = -1 EPERM",
        "SYS_439(0xffffff9c, 0x7ff) = -1 EPERM",
        "sys_439(0xffffff9c, 0x7ff) = -1 EPERM",
        "syscall(439, 0xffffff9c, 0x7ff) = -1 EPERM",
        "syscall(0x1b7, 0xffffff9c, 0x7ff) = -1 EPERM",
        "0x1b7(0xffffff9c, 0x7ff) = -1 EPERM",
        "[pid    12] 0x1b7(0xffffff9c, 0x7ff) = -1 EPERM",
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


def test_an_unknown_number_is_a_note_with_its_line_and_a_hint() -> None:
    evidence, _ = read("read(3) = 0\nsyscall_0x193(0) = 0\nwrite(1) = 1\n")
    assert [call.name for call in evidence.calls] == ["read", "write"]
    assert evidence.notes == (
        "line 2: amd64 has no system call 403; on 386 it is clock_gettime64: name the architecture with --arch 386",
    )


def test_a_call_that_no_table_has_is_noted_once_with_its_count() -> None:
    text = """\
syscall_0x270f(0x1) = -1 ENOSYS (Function not implemented)
7 syscall_0x270f(0x1 <unfinished ...>
7 <... syscall_0x270f resumed>) = -1 ENOSYS (Function not implemented)
read(3) = 3
"""
    assert read(text)[0].notes == ("line 1: amd64 has no system call 9999, made 2 times",)


def test_a_call_that_qemu_does_not_know_is_read_by_its_number() -> None:
    assert counts("12 brk(NULL) = 0x0\n12 Unknown syscall 439\n") == {"brk": 1, "faccessat2": 1}


def test_a_call_through_the_c_librarys_function_has_the_name_of_the_call() -> None:
    text = (
        "syscall(SYS_clone3, 0x7f, 88) = -1 EPERM (Operation not permitted)\n"
        "syscall(__NR_gettid) = 5\nsyscall(&SYS_gettid) = 5\nsyscall(SYS_gettid) = 5\n"
    )
    evidence = read_evidence(text, AMD64)
    assert {call.name: call.times for call in evidence.calls} == {"clone3": 1, "gettid": 3}


def test_the_arguments_are_those_of_the_call_behind_the_c_librarys_function() -> None:
    seen: list[SeenCall] = []
    read_evidence("syscall(SYS_unshare, CLONE_NEWUSER) = 0", AMD64, observer=seen.append)
    assert [(call.name, call.args) for call in seen] == [("unshare", ("CLONE_NEWUSER",))]


def test_a_number_behind_all_that_are_known_may_be_a_newer_kernels() -> None:
    notes = read("syscall_0x1fe(0x1) = -1 ENOSYS (Function not implemented)\n")[0].notes
    assert notes == ("line 1: no system call 510 of amd64 is known here: a newer kernel may have one",)


def test_calls_that_lost_their_number_are_counted_in_a_note() -> None:
    hidden = "syscall_0xffffffffffffffff(0x1) = -1 ENOSYS (Function not implemented)\n"
    evidence, _ = read(f"read(3) = 0\n{hidden}{hidden}")
    assert [call.name for call in evidence.calls] == ["read"]
    (note,) = evidence.notes
    assert note.startswith("2 calls that seccomp refused have -1 in place of a number, first on line 2")
