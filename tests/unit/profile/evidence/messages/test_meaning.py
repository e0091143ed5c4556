"""`runner.profile.evidence.messages.meaning`: the calls that an error message may be about."""

import pytest

from runner.profile.evidence import read_evidence
from runner.profile.evidence.messages import told
from tests.unit.profile.evidence.reading import AMD64


@pytest.mark.parametrize(
    "message",
    [
        "thread 'main' panicked at 'Os { code: 1, message: \"Operation not permitted\" }'",
        "ls: cannot access '/x': Permission denied",
        "rm: cannot remove 'x': No such file or directory",
        "Exit Code: 1590",
        "Unable to get session key from server: permission denied",
        "I ran it and access failed, permission denied",
        "the login failed, and my select failed: Operation not permitted",
        "there was no link: Operation not permitted",
        "wait for the signal: permission denied",
    ],
)
def test_no_call_is_guessed_from_words_that_only_look_like_one(message: str) -> None:
    assert told(message) is None


def test_a_message_that_says_nothing_of_seccomp_is_not_guessed_at() -> None:
    assert told("ls: cannot access 'x': No such file or directory") is None
    assert told("") is None


@pytest.mark.parametrize(
    ("message", "call"),
    [
        ("bash: fork: Operation not permitted", "clone"),
        ("fork() failed: Operation not permitted", "clone"),
        ("error: fork(): 1 (EPERM)", "clone"),
        ("popen: Operation not permitted", "clone"),
        ("stat: Operation not permitted", "newfstatat"),
        ("access: Function not implemented", "faccessat"),
        ("unlink failed: Operation not permitted", "unlinkat"),
        ("setrlimit: Operation not permitted", "prlimit64"),
        ("opendir: Operation not permitted", "openat"),
    ],
)
def test_a_function_stands_for_the_calls_that_a_c_library_makes_for_it(message: str, call: str) -> None:
    found = told(message)
    assert found is not None
    assert call in found.calls
    assert "names the function" in found.meaning


@pytest.mark.parametrize(
    ("message", "call"),
    [
        ("x: time: Operation not permitted", "time"),
        ("call to time failed: Operation not permitted", "time"),
        ("the function access failed: Operation not permitted", "faccessat"),
        ("Could not connect: Permission denied", "connect"),
        ("error in accept: Operation not permitted", "accept"),
        ("date: can't initialize time: Operation not permitted", "clock_gettime"),
        ("cannot get the current time: Operation not permitted", "clock_gettime"),
        ("cannot make pipe for command substitution: Operation not permitted", "pipe2"),
        ("could not open the socket(s): Operation not permitted", "socket"),
    ],
)
def test_a_word_of_a_sentence_is_a_call_only_where_it_is_said_to_be_one(message: str, call: str) -> None:
    found = told(message)
    assert found is not None
    assert call in found.calls
    assert (call == "time") == ("time" in found.calls)


@pytest.mark.parametrize(
    "message",
    [
        "io_uring_setup(8, 0x7f) failed: Operation not permitted",
        "perf_event_open(..., 0) failed with unexpected error 1 (Operation not permitted)",
        "statx(/x): Operation not permitted",
    ],
)
def test_a_program_that_says_what_failed_is_no_log_of_strace(message: str) -> None:
    evidence = read_evidence(message, AMD64)
    assert evidence.calls == ()
    assert len(evidence.messages) == 1


def test_a_path_names_no_call() -> None:
    assert told("s6-svscan: fatal: unable to open .s6-svscan/lock: Operation not permitted") is None
    assert told("cat: /data/read: Operation not permitted") is None


@pytest.mark.parametrize(
    "line",
    [
        "INFO: allowed: {'fstatfs', 'perf_event_open', 'seccomp', 'statx'}",
        "#7 start_thread (arg=0x7f) at pthread_create.c:477",
        "BPF_STMT(BPF_RET + BPF_K, SECCOMP_RET_ERRNO | (error & SECCOMP_RET_DATA)),",
    ],
)
def test_a_line_that_tells_no_failure_is_no_message(line: str) -> None:
    assert read_evidence(line, AMD64).messages == ()


@pytest.mark.parametrize(
    "line",
    [
        "x.service:47: Failed to parse system call, ignoring: process_mrelease",
        "x.service:47: System call process_mrelease is not known, ignoring: Success",
    ],
)
def test_a_call_that_systemd_left_out_was_denied_by_no_profile(line: str) -> None:
    (reported,) = read_evidence(line, AMD64).messages
    assert reported.meaning is not None
    assert reported.meaning.calls == ()
    assert "systemd left process_mrelease out" in reported.meaning.meaning


@pytest.mark.parametrize(
    ("message", "flag"),
    [
        ("pthread_create failed: Operation not permitted", "CLONE_THREAD"),
        ("runtime: failed to create new OS thread (have 2 already; errno=1)", "CLONE_THREAD"),
        ("sh: fork: Operation not permitted", "SIGCHLD"),
        ("Error: spawn /bin/x EPERM", "SIGCHLD"),
        ("popen failure: Operation not permitted", "SIGCHLD"),
        ("cannot clone: Operation not permitted", ""),
        ("unshare: unshare failed: Operation not permitted", ""),
    ],
)
def test_threads_and_processes_are_made_with_flags_that_are_known(message: str, flag: str) -> None:
    found = told(message)
    assert found is not None
    assert flag in found.flags
    assert bool(found.flags) == bool(flag)


def test_a_call_made_through_the_c_librarys_function_is_the_one_that_a_message_names() -> None:
    found = told("syscall(SYS_pidfd_open, 1, 0) failed: Operation not permitted")
    assert found is not None
    assert found.calls == ("pidfd_open",)
