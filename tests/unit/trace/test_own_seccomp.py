"""Programs that put themselves under seccomp: what stops them then is not the profile."""

import itertools
import json

import pytest

from runner.learner.denials import explained
from runner.profile.capabilities import DEFAULT_CAPABILITIES
from runner.profile.evidence.model import EvidenceKind, SeenCall
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.trace.live import LiveCalls
from runner.trace.own_seccomp import Own, OwnRefusal, own_sentence

BEFORE = b"""\
[pid    20] read(0x3, 0x7ffd, 0x340)    = 0
[pid    20] mkdir(0x55, 0x1ff)          = 0
[pid    20] prctl(0x26, 0x1, 0, 0, 0)   = 0
"""


@pytest.fixture
def live():
    target = Target(caps=DEFAULT_CAPABILITIES)
    return LiveCalls(Simulation.of_text("{}", target, file="no profile"), clock=lambda: 1.0)


def found(live):
    """The refused calls as (name, own, certain)."""
    return [(refusal.call.name, refusal.own, refusal.certain) for refusal in explained(live, 0, 2).own]


@pytest.mark.parametrize("setting", [b"prctl(0x16, 0x1, 0x7f, 0, 0x1)", b"seccomp(0, 0, 0)"])
def test_strict_mode_ends_a_program_at_its_next_call(live, setting):
    live.feed(BEFORE + b"[pid    20] " + setting + b" = 0\n[pid    20] write(0x1, 0x7f, 0x2) = 0x2\n")
    assert not found(live)
    live.feed(b"[pid    20] mkdir(0x55, 0x1ff)          = ?\n<... wait4 resumed>) = 0x14\n")
    live.feed(b"mkdir(0x55, 0x1ff)          = 0\n")
    assert found(live) == [("mkdir", Own.STRICT, True)]
    seen = live.snapshot()
    assert seen.own == (("mkdir", "amd64", 1, "denied: killed", "its own strict mode"),)
    (made,) = (row for rows in seen.allowed.values() for row in rows if row.name == "mkdir")
    assert made.times == 2


@pytest.mark.parametrize(
    "setting", [b"prctl(0x16, 0x1, 0, 0, 0) = -1 EINVAL (Invalid argument)", b"prctl(0x16, 0, 0, 0, 0) = 0"]
)
def test_what_sets_nothing_stops_nothing(live, setting):
    live.feed(BEFORE + b"[pid    20] " + setting + b"\n[pid    20] mkdir(0x55, 0x1ff) = -1 EACCES (x)\n")
    assert not found(live)
    assert [row.rule for row in live.snapshot().others] == ["not by seccomp"]
    assert [verdict.first.name for verdict in explained(live, 0, 2).others] == ["mkdir"]


def test_what_fails_behind_a_filter_of_its_own_may_fail_by_that(live):
    """Also in a child, and not in another process."""
    live.feed(BEFORE + b"[pid    20] mkdir(0x1, 0) = -1 EPERM (x)\n[pid    20] seccomp(0x1, 0, 0x7f) = 0\n")
    live.feed(b"[pid    20] clone(0x1, 0) = 0x15\n[pid    21] mkdir(0x1, 0) = -1 EPERM (x)\n")
    live.feed(b"[pid    9] chmod(0x1, 0) = -1 EPERM (x)\n")
    answer = explained(live, 0, 2)
    assert found(live) == [("mkdir", Own.FILTER, False)]
    assert answer.own_filter
    assert [verdict.first.name for verdict in answer.others] == ["chmod"]
    rules = {(row.name, row.rule): row.times for row in live.snapshot().others}
    assert rules == {
        ("mkdir", "not by seccomp"): 1,
        ("mkdir", "its own filter, or the kernel"): 1,
        ("chmod", "not by seccomp"): 1,
    }


@pytest.mark.parametrize(
    "end",
    [
        b"%s+++ killed by SIGSYS +++\n",
        b"%s--- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_call_addr=0x7f, si_syscall=__NR_mkdir, "
        b"si_arch=AUDIT_ARCH_X86_64} ---\n%s+++ killed by SIGSYS +++\n",
    ],
)
@pytest.mark.parametrize("process", [b"", b"[pid    20] "])
def test_a_filter_of_its_own_kills_at_the_last_call(live, end, process):
    calls = b"seccomp(0x1, 0, 0x7f) = 0\n", b"read(0x3, 0x7f, 0x1) = 0\n", b"mkdir(0x55, 0x1ff) = 0x53\n"
    log = b"".join(process + call for call in calls) + end.replace(b"%s", process)
    for place in range(0, len(log), 11):
        live.feed(log[place : place + 11])
    assert found(live) == [("mkdir", Own.FILTER, True)]
    assert [(row.name, row.times, row.rule) for row in live.snapshot().own] == [
        ("mkdir", 1, "its own filter")
    ]


def test_once_such_a_program_is_gone_calls_are_only_counted_again(live):
    live.feed(
        b"[pid 20] seccomp(0x1, 0, 0x7f) = 0\n[pid 20] read(0x3, 0, 0) = 0\n[pid 20] exit_group(0) = ?\n"
        b"[pid 20] +++ exited with 0 +++\n"
    )
    live.feed(b"mkdir(0x1, 0) = -1 EPERM (x)\n")
    assert not found(live)
    assert not live._own.any


def with_chmod(action):
    """Calls under a profile that has this action for chmod, and allows all else."""
    rule = {"names": ["chmod"], "action": action}
    text = json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule]})
    target = Target(caps=DEFAULT_CAPABILITIES)
    return LiveCalls(Simulation.of_text(text, target), clock=lambda: 1.0)


KILLED = b"""\
seccomp(0x1, 0, 0x7f)                   = 0
getpid()                                = 0x5
chmod(0x55, 0x1ff)                      = %s
+++ killed by SIGSYS +++
"""


@pytest.mark.parametrize("action", ["SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP"])
@pytest.mark.parametrize("result", [b"0x5a", b"?"])
def test_a_kill_by_the_profile_is_not_the_programs_own(action, result):
    live = with_chmod(action)
    live.feed(KILLED % result)
    assert not found(live)
    assert [row.name for row in live.snapshot().denied] == ["chmod"]


def test_a_call_that_the_profile_only_denies_may_be_killed_by_the_programs_own_filter():
    """The kernel takes the stricter of two filters' actions."""
    live = with_chmod("SCMP_ACT_ERRNO")
    live.feed(KILLED % b"0x5a")
    assert found(live) == [("chmod", Own.FILTER, True)]


def test_a_call_that_has_returned_was_not_killed(live):
    live.feed(b"seccomp(0x1, 0, 0x7f) = 0\ngetpid() = 0x5\n+++ killed by SIGSYS +++\n")
    assert not found(live)


def test_a_filter_of_its_own_may_kill_at_the_end(live):
    live.feed(b"seccomp(0x1, 0, 0x7f) = 0\nexit_group(0) = 0xe7\n+++ killed by SIGSYS +++\n")
    assert found(live) == [("exit_group", Own.FILTER, True)]


def test_on_other_architectures_the_first_argument_is_put_back():
    target = Target(caps=DEFAULT_CAPABILITIES, arch="arm64")
    live = LiveCalls(Simulation.of_text("{}", target), clock=lambda: 1.0)
    live.feed(b"seccomp(0x1, 0, 0x7f) = 0\nmkdirat(0x5, 0x7f, 0x1ff) = 0x5\n+++ killed by SIGSYS +++\n")
    assert found(live) == [("mkdirat", Own.FILTER, True)]


THREADS = b"""\
strace: Process 1 attached
clone3(0x7f, 0x58strace: Process 8 attached
)                     = 0x8
[pid     1] clone(0x1200011, 0, 0, 0x7f, 0strace: Process 9 attached
) = 0x9
[pid     1] clone(0x3d0f00, 0, 0, 0x7f, 0strace: Process 10 attached
) = 0xa
[pid     9] set_robust_list(0x7f, 0x18) = 0
[pid    10] set_robust_list(0x7f, 0x18) = 0
[pid     8] seccomp(0x1, %s, 0x7f) = %s
[pid     1] mkdir(0x55, 0x1ff) = -1 EPERM (x)
[pid     8] rmdir(0x56) = -1 EPERM (x)
[pid     9] unlink(0x57) = -1 EPERM (x)
[pid    10] link(0x58, 0x59) = -1 EPERM (x)
"""


@pytest.mark.parametrize(
    ("flags", "result", "bound"),
    [(b"0", b"0", [8]), (b"0x1", b"0", [1, 8, 10]), (b"0x1", b"0xa", []), (b"0x19", b"0x5", [1, 8, 10])],
)
def test_a_filter_may_bind_all_threads_of_its_process(live, flags, result, bound):
    """With TSYNC; no other process is bound, and none at all if a thread could not be."""
    live.feed(THREADS % (flags, result))
    assert [refusal.call.pid for refusal in explained(live, 0, 2).own] == bound


def test_the_threads_of_a_process_without_a_number_are_bound_too(live):
    live.feed(b"clone3(0x7f, 0x58) = 0x8\nseccomp(0x1, 0x1, 0x7f) = 0\nread(0x3, 0x7f, 0x1) = 0x1\n")
    live.feed(b"[pid     8] mkdir(0x56, 0x1ff) = 0x53\n[pid     1] futex(0x7f, 0x109, 0x8) = ?\n")
    live.feed(b"[pid     1] +++ killed by SIGSYS +++\n+++ killed by SIGSYS +++\n")
    assert found(live) == [("mkdir", Own.FILTER, True)]
    assert not live._own.any


TRAPPED = (
    b"[pid     8] --- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_call_addr=0x7f, si_syscall=__NR_chmod, "
    b"si_arch=AUDIT_ARCH_X86_64} ---\n"
)


@pytest.mark.parametrize("signal", [b"", TRAPPED])
@pytest.mark.parametrize("ends", itertools.permutations(range(3)))
def test_threads_that_wait_when_one_is_killed_are_not_blamed(live, signal, ends):
    live.feed(THREADS % (b"0x1", b"0"))
    live.feed(
        b"[pid     1] futex(0x7f, 0x109, 0x8, 0, 0, 0xffffffff <unfinished ...>\n"
        b"[pid     8] chmod(0x55, 0x1ff) = 0x5a\n" + signal
    )
    killed = (
        b"[pid     1] <... futex resumed>)        = ?\n[pid     1] +++ killed by SIGSYS +++\n",
        b"[pid     8] +++ killed by SIGSYS +++\n",
        b"[pid    10] +++ killed by SIGSYS +++\n",
    )
    live.feed(b"".join(killed[place] for place in ends))
    assert [call for call in found(live) if call[2]] == [("chmod", Own.FILTER, True)]


ALONE = b"seccomp(0x1, 0, 0x7f) = 0\n"
OTHER = b"[pid    30] mkdir(0x55, 0x1ff) = -1 EPERM (x)\n"


@pytest.mark.parametrize("attached", [b"", b"strace: Process 20 attached\n"])
def test_the_only_process_is_followed_under_its_number(live, attached):
    """Others come and go; its lines have a number as long as there are any."""
    live.feed(attached + ALONE + b"strace: Process 30 attached\n" + OTHER)
    assert not found(live)
    live.feed(b"[pid    20] mkdir(0x56, 0x1ff) = -1 EPERM (x)\n[pid    30] +++ exited with 0 +++\n")
    live.feed(b"chmod(0x56, 0x1ff) = -1 EPERM (x)\n")
    assert found(live) == [("mkdir", Own.FILTER, False), ("chmod", Own.FILTER, False)]


@pytest.mark.parametrize("attached", [b"", b"strace: Process 20 attached\n"])
def test_the_only_process_is_forgotten_at_its_end(live, attached):
    live.feed(attached + ALONE + b"strace: Process 30 attached\n[pid    20] read(0, 0, 0) = 0\n")
    live.feed(b"[pid    20] +++ exited with 0 +++\n" + OTHER + b"mkdir(0x56, 0x1ff) = -1 EPERM (x)\n")
    assert not found(live)
    assert not live._own.any


def test_the_last_process_is_known_without_its_number(live):
    live.feed(b"[pid    20] seccomp(0x1, 0, 0x7f) = 0\n[pid    30] read(0, 0, 0) = 0\n")
    live.feed(b"[pid    30] +++ exited with 0 +++\nchmod(0x55, 0x1ff) = 0x5a\n+++ killed by SIGSYS +++\n")
    assert found(live) == [("chmod", Own.FILTER, True)]
    assert not live._own.any


def test_a_child_of_the_only_process_is_bound_with_it(live):
    live.feed(ALONE + b"clone(0x1200011, 0, 0, 0x7f, 0strace: Process 30 attached\n) = 0x1e\n" + OTHER)
    live.feed(b"[pid    20] chmod(0x56, 0x1ff) = -1 EPERM (x)\n")
    assert found(live) == [("mkdir", Own.FILTER, False), ("chmod", Own.FILTER, False)]


def test_a_thread_that_executes_goes_on_under_its_processs_number(live):
    live.feed(b"[pid    20] read(0, 0, 0) = 0\n[pid    21] seccomp(0x1, 0, 0x7f) = 0\n")
    live.feed(
        b'[pid    21] execve("/bin/x", ["x"], 0x7f /* 0 vars */ <unfinished ...>\n'
        b"[pid    20] +++ superseded by execve in pid 21 +++\n<... execve resumed>) = 0\n"
        b"mkdir(0x55, 0x1ff) = -1 EPERM (x)\n"
    )
    assert found(live) == [("mkdir", Own.FILTER, False)]


@pytest.mark.parametrize(
    ("own", "certain", "said"),
    [
        (
            Own.STRICT,
            True,
            "The program had put itself into seccomp's strict mode, in which the kernel lets read, write, exit and "
            "sigreturn through, and kills the program at any other call: mkdir ended it.",
        ),
        (
            Own.FILTER,
            True,
            "The program had installed a seccomp filter of its own, beside the profile: that stopped mkdir.",
        ),
        (
            Own.FILTER,
            False,
            "mkdir failed with EPERM after the program had installed a seccomp filter of its own: that may have "
            "denied it, or the kernel's own checks refused it.",
        ),
    ],
)
def test_each_refusal_says_what_the_program_did(own, certain, said):
    call = SeenCall(kind=EvidenceKind.STRACE, name="mkdir", line=1, errno="EPERM")
    assert own_sentence(OwnRefusal(call, own, certain)) == said
