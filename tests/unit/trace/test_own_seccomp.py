"""Programs that put themselves under seccomp: what stops them then is not the profile."""

import pytest

from runner.learner.denials import explained
from runner.profile.capabilities import DEFAULT_CAPABILITIES
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.trace.live import LiveCalls
from runner.trace.own_seccomp import Own

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
    )
    live.feed(b"mkdir(0x1, 0) = -1 EPERM (x)\n")
    assert not found(live)
    assert not live._own.any
