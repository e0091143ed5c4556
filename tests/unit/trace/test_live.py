"""Calls as they are made, under the profile in force, in memory that does not grow."""

import json
import tracemalloc
from collections import deque

import pytest

from runner.profile.capabilities import DEFAULT_CAPABILITIES
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.trace.live import MOST_ROWS, LiveCalls
from tests.clock import Clock

PROFILE = {
    "defaultAction": "SCMP_ACT_ERRNO",
    "syscalls": [
        {"names": ["read", "mount", "openat", "ptrace"], "action": "SCMP_ACT_ALLOW"},
        {"names": ["chmod"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38},
        {"names": ["mkdir"], "action": "SCMP_ACT_KILL_PROCESS"},
    ],
}
LOG = b"""\
strace: Process 1 attached
read(0x3, 0x7ffd, 0x340)                = 0x340
[pid     8] read(0x3, 0x7ffd, 0x340)    = 0x340
keyctl(0, 0xfffffffd, 0, 0x7f, 0x55)    = -1 EPERM (Operation not permitted)
chmod(0x1, 0x1ff)                       = -1 ENOSYS (Function not implemented)
mount(0, 0, 0, 0, 0)                    = -1 EPERM (Operation not permitted)
openat(0xffffff9c, 0x55, 0)             = -1 ENOENT (No such file or directory)
"""


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def live(clock):
    target = Target(caps=DEFAULT_CAPABILITIES)
    text = json.dumps(PROFILE, indent=1)
    return LiveCalls(Simulation.of_text(text, target, file="mine.json"), clock=clock)


def rows(judged):
    return {row.name: (row.times, row.verdict, row.rule) for row in judged}


def test_denied_failed_and_allowed_calls_are_separate(live):
    live.feed(LOG)
    seen = live.snapshot()
    assert seen.total == 7 - 1
    denied = rows(seen.denied)
    assert denied["keyctl"] == (1, "denied: EPERM", "default action")
    assert denied["chmod"][:2] == (1, "denied: ENOSYS")
    assert denied["chmod"][2].startswith("line ")
    assert [verdict.call.syscall.name for verdict in seen.verdicts] == [row.name for row in seen.denied]
    assert rows(seen.others) == {"mount": (1, "EPERM", "not by seccomp")}
    passed = {row.name: row for group in seen.allowed.values() for row in group}
    assert passed.keys() == {"read", "mount", "openat"}
    assert passed["read"].times == 2
    assert passed["read"].verdict == "allowed"
    assert passed["read"].rule.startswith("line ")
    assert next(iter(seen.allowed)) == "open, read and write files"


def test_each_denial_is_counted_and_none_of_them_as_allowed(live):
    for _ in range(5):
        live.feed(LOG)
    seen = live.snapshot()
    assert rows(seen.denied)["keyctl"][0] == rows(seen.denied)["chmod"][0] == 5
    assert not {"keyctl", "chmod"} & {row.name for group in seen.allowed.values() for row in group}


def test_a_call_that_kills_is_denied(live):
    live.feed(b"[pid 7] mkdir(0x1, 0x1ff) = ?\n[pid 7] +++ killed by SIGSYS +++\n")
    assert rows(live.snapshot().denied)["mkdir"][:2] == (1, "denied: kill process")


def test_failures_are_found_by_their_time(live, clock):
    live.feed(LOG)
    clock.now = 200.0
    live.feed(b"keyctl(0, 0, 0, 0, 0) = -1 EPERM (Operation not permitted)\n")
    assert [seen.name for seen in live.failed(150, 250)] == ["keyctl"]
    assert [seen.name for seen in live.failed(0, 150)] == ["keyctl", "chmod", "mount"]
    assert live.quiet_since == 200.0


def test_a_log_comes_in_any_pieces(live):
    for place in range(0, len(LOG), 7):
        live.feed(LOG[place : place + 7])
    assert rows(live.snapshot().denied).keys() == {"keyctl", "chmod"}


def test_a_tracer_of_the_learner_s_own_is_refused_since_there_is_this_one(live):
    live.feed(LOG)
    assert not live.tracing_refused
    live.feed(b"ptrace(0x4206, 0x9, 0, 0x100) = -1 EPERM (Operation not permitted)\n")
    assert live.tracing_refused


def test_unknown_calls_and_those_of_another_architecture_are_reported(live):
    live.feed(b"syscall_0x7d0(0x1, 0x2) = -1 EPERM (Operation not permitted)\n")
    live.feed(b"[ Process PID=9 runs in 32 bit mode. ]\n[pid 9] socketcall(0x1, 0xff) = -1 EPERM (x)\n")
    seen = live.snapshot()
    assert [(row.name, row.arch, row.verdict, row.rule) for row in seen.denied] == [
        ("#2000", "amd64", "denied: ENOSYS", "newer than the profile"),
        ("socketcall", "386", "denied: kill thread", "another architecture"),
    ]
    assert seen.total == 2


def test_memory_is_bounded_whatever_is_called(live, monkeypatch):
    monkeypatch.setattr("runner.profile.views.verdicts.MOST_KINDS", 100)
    monkeypatch.setattr("runner.profile.views.verdicts._MOST_ALIKE", 100)
    monkeypatch.setattr("runner.profile.evidence.reader._MOST_ALIKE", 100)
    monkeypatch.setattr(live, "_failed", deque(maxlen=50))

    def flood(first, last):
        live.feed(
            b"".join(
                b"[pid %d] keyctl(0x%x, 0, 0, 0, 0) = -1 EPERM (Operation not permitted)\n"
                b"[pid %d] syscall_0x%x(0, 0) = -1 ENOSYS (Function not implemented)\n"
                % (number, number, number, number)
                for number in range(first, last)
            )
        )

    tracemalloc.start()
    flood(1000, 3000)
    before, _ = tracemalloc.get_traced_memory()
    flood(3000, 5000)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # A kind of call takes a thousand bytes or more; the cache of names takes less, and is limited.
    assert after - before < 1_000_000
    assert rows(live.snapshot().denied)["keyctl"][0] == 4000


def test_calls_without_a_name_are_counted_also_after_many_kinds(live):
    for number in (*range(3000, 3000 + MOST_ROWS), 3000):
        live.feed(f"syscall_{number:#x}(0, 0, 0, 0, 0, 0) = -1 ENOSYS (Function not implemented)\n".encode())
    assert live.snapshot().total == MOST_ROWS + 1
