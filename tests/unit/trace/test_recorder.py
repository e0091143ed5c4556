"""Calls are counted as strace prints them, from the program's first instruction on."""

import pytest

from runner.profile.capabilities import DEFAULT_CAPABILITIES
from runner.profile.history.defaults import default_text
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.profile.version import Version
from runner.trace.own_seccomp import Own
from runner.trace.recorder import Recorder
from runner.trace.trace import Began

GATE = b"""strace: Process 1 attached
restart_syscall()                       = -1 ETIMEDOUT (Connection timed out)
openat(0xffffffffffffff9c, 0x400100, 0x80000, 0) = -1 ENOENT (No such file or directory)
futex(0x4000e8, 0x80, 0, 0x4000f0, 0, 0) = -1 ETIMEDOUT (Connection timed out)
openat(0xffffffffffffff9c, 0x400100, 0x80000, 0) = 0x3
execve("/usr/bin/sh", ["sh"], 0x7fffb2798b18 /* 5 vars */) = 0
"""
PROGRAM = b"""brk(0)                                  = 0x55ec29ff9000
socket(0x2, 0x1, 0)                     = 0x3
socket(0x28, 0x1, 0)                    = -1 EPERM (Operation not permitted)
keyctl(0, 0xfffffffd, 0, 0x2000, 0x55b75c909000) = -1 EPERM (Operation not permitted)
chmod(0x55ede13e8b00, 0x1c0)            = -1 EROFS (Read-only file system)
[pid    18] execve("/usr/bin/ls", ["ls"], 0x7fff /* 5 vars */) = 0
[pid    18] exit_group(0x1)             = ?
exit_group(0x1)                         = ?
"""


def recorder(*, gated):
    target = Target(caps=DEFAULT_CAPABILITIES, engine=Version.of("28"))
    return Recorder(
        Simulation.of_text(default_text(Version.of("28")), target, file="default@28"), gated=gated
    )


def recorded(text, *, gated=False):
    one = recorder(gated=gated)
    one.feed(text)
    one.close()
    return one.trace()


def counts(trace):
    return {call.name: call.count for call in trace.calls}


def test_the_gate_is_no_part_of_the_program():
    trace = recorded(GATE + PROGRAM, gated=True)
    assert trace.began is Began.START
    assert counts(trace) == {
        "brk": 1, "chmod": 1, "execve": 1, "exit_group": 2, "keyctl": 1, "socket": 2
    }  # fmt: skip
    assert trace.programs == ("/usr/bin/sh", "/usr/bin/ls")


def test_a_program_that_never_began_called_nothing():
    one = recorder(gated=True)
    one.feed(GATE[: GATE.index(b"execve")])
    one.close()
    assert one.trace().calls == ()
    assert not one.began


def test_denials_of_the_profile_are_distinguished_from_the_kernels():
    trace = recorded(PROGRAM)
    assert trace.denied == {"keyctl": 1}
    assert {call.name: dict(call.errors) for call in trace.calls if call.errors} == {
        "chmod": {"EROFS": 1}, "keyctl": {"EPERM": 1}, "socket": {"EPERM": 1}
    }  # fmt: skip


def test_arguments_of_denied_calls_are_not_needed():
    [socket] = [call for call in recorded(PROGRAM).calls if call.name == "socket"]
    assert socket.values == (2,)


def test_the_log_may_come_in_any_pieces():
    whole = recorded(GATE + PROGRAM, gated=True)
    for size in (1, 7, 64):
        one = recorder(gated=True)
        text = GATE + PROGRAM
        for start in range(0, len(text), size):
            one.feed(text[start : start + size])
        one.close()
        assert one.trace() == whole


def test_a_number_that_no_table_has_is_counted_by_it():
    trace = recorded(b"syscall_0x3e7(0x1, 0x2)                 = -1 ENOSYS (Function not implemented)\n")
    assert counts(trace) == {"#999": 1}


def test_numbers_that_a_program_makes_up_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr("runner.trace.recorder.MOST_KINDS", 100)
    one = recorder(gated=False)
    lines = (f"syscall_0x{number:x}(0, 0) = -1 ENOSYS (x)\n" for number in range(2000, 2150))
    one.feed("".join(lines).encode())
    trace = one.trace()
    assert len(trace.calls) == trace.total == 100
    assert "50 calls of further kinds" in trace.notes[0]


@pytest.mark.parametrize(
    "log",
    [
        "clone(0x11, 0, 0, 0x7f, 0)  = 0x1e\n",
        "clone(0x11, 0, 0, 0x7f, 0strace: Process 30 attached\n) = 0x1e\n[pid    30] read(0, 0, 0) = 0\n",
        "clone(0x11, 0, 0, 0x7f, 0strace: Process 30 attached\n <unfinished ...>\n"
        "[pid    30] read(0, 0, 0) = 0\n[pid     1] <... clone resumed>) = 0x1e\n",
        "[pid     1] clone(0x11, 0, 0, 0x7f, 0 <unfinished ...>\nstrace: Process 30 attached\n"
        "[pid    30] read(0, 0, 0) = 0\n[pid     1] <... clone resumed>) = 0x1e\n",
    ],
    ids=["alone", "in-the-middle", "interrupted-in-the-middle", "interrupted"],
)
def test_a_call_that_makes_a_process_counts_once_wherever_strace_says_so(log):
    trace = recorded((log * 3).encode())
    assert counts(trace)["clone"] == 3
    (clone,) = (call for call in trace.calls if call.name == "clone")
    assert clone.errors == {}
    assert clone.first == clone.last == (0x11, 0, 0, 0x7F, 0, 0)
    assert clone.values == (0x11,)


def test_what_was_judged_can_be_gone_through_while_the_log_goes_on():
    one = recorder(gated=False)
    one.feed(PROGRAM)
    seen = []
    for verdict in one.verdicts:
        one.feed(b'mount("a", "b", "c", 0, %d) = -1 EPERM (x)\nchroot("a") = -1 EPERM (x)\n' % len(seen))
        seen.append(verdict.call.syscall.name)
    assert seen == ["brk", "socket", "socket", "keyctl", "chmod", "execve", "exit_group"]
    assert {verdict.call.syscall.name for verdict in one.verdicts} == {*seen, "mount", "chroot"}


@pytest.mark.parametrize(
    ("log", "values", "more"),
    [
        ("<... socket resumed>) = 0x3\nsocket(0x1, 0x1, 0) = 0x4\n", (1,), True),
        ("socket(AF_SMC_FOO, SOCK_STREAM, 0) = 3\nsocket(AF_UNIX, SOCK_STREAM, 0) = 4\n", (1,), True),
        ("keyctl(KEYCTL_NEW_WORD, 1) = 0\n", (), True),
        ("bpf(BPF_NEW_WORD, {}, 8) = 3\n", (), True),
        ("% time     seconds  usecs/call     calls    errors syscall\n"
         "------ ----------- ----------- --------- --------- ----------------\n"
         " 50.00    0.000001           1         1           socket\n", (), True),
        ("socket(AF_SMC_FOO, SOCK_STREAM, 0) = -1 EPERM (x)\nsocket(AF_UNIX, SOCK_STREAM, 0) = 4\n", (1,), False),
        ("socket(0x1, 0x1, 0) = 0x4\n", (1,), False),
    ],
)  # fmt: skip
def test_a_deciding_argument_that_is_not_shown_may_be_any(log, values, more):
    target = Target(caps=DEFAULT_CAPABILITIES)
    one = Recorder(Simulation.of_text("{}", target))
    one.feed(log.encode())
    one.close()
    (found,) = one.trace().calls
    assert (found.values, found.more) == (values, more)


def test_arguments_of_calls_that_are_killed_are_not_needed():
    """Such a call gets no error, and no result."""
    text = """{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["socket"],
        "action": "SCMP_ACT_KILL", "args": [{"index": 0, "value": 40, "op": "SCMP_CMP_EQ"}]}]}"""
    one = Recorder(Simulation.of_text(text, Target()))
    one.feed(b"socket(0x1, 0x1, 0) = 0x4\n[pid 9] socket(0x28, 0x1, 0) = ?\n")
    (found,) = one.trace().calls
    assert (found.values, found.more) == ((1,), False)


def test_the_flags_of_clone_are_another_argument_on_some_architectures():
    one = Recorder(Simulation.of_text("{}", Target(arch="s390x")))
    one.feed(b"clone(0x7f0000, 0x11, 0, 0, 0) = 0x8\n")
    (found,) = one.trace().calls
    assert found.values == (0x11,)


def test_what_the_programs_own_seccomp_stopped_is_kept():
    one = recorder(gated=True)
    one.feed(GATE + b"read(0x3, 0x7f, 0x1) = 0\nprctl(0x16, 0x1, 0, 0, 0) = 0\nread(0x3, 0x7f, 0x1) = 0\n")
    one.feed(b"getpid() = ?\n+++ killed by SIGKILL +++\n")
    one.close()
    assert [(refusal.call.name, refusal.own) for refusal in one.own.refusals] == [("getpid", Own.STRICT)]
    assert counts(one.trace())["read"] == 2


@pytest.mark.parametrize(("status", "stopped"), [(159, ["getpid"]), (0, []), (None, [])])
@pytest.mark.parametrize("process", [b"", b"[pid     1] "])
def test_a_first_process_that_its_own_filter_kills_tells_so_by_its_status(status, stopped, process):
    one = recorder(gated=True)
    one.feed(
        GATE + b"".join(process + call for call in (b"seccomp(0x1, 0, 0x7f) = 0\n", b"getpid() = 0x27\n"))
    )
    one.exited(status)
    one.close()
    assert [refusal.call.name for refusal in one.own.refusals] == stopped
