"""A program that is denied its exit is distinguished from a slow one."""

import queue

import pytest

from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.trace.recorder import Recorder
from runner.trace.stuck import FIRST_SECONDS, QUIET_SECONDS, Ender
from tests.clock import Clock

NO_EXIT = '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["exit","exit_group"],"action":"SCMP_ACT_ERRNO"}]}'
BEGINS = b'strace: Process 1 attached\nexecve("/bin/sh", ["sh"], 0x7ffe /* 5 vars */) = 0\n'
DENIED = b"exit_group(0) = -1 EPERM (Operation not permitted)\n"


@pytest.fixture
def clock():
    return Clock(0.0)


@pytest.fixture
def recorder(clock):
    one = recorder_of(NO_EXIT, clock)
    one.feed(BEGINS)
    return one


def recorder_of(profile, clock):
    return Recorder(Simulation.of_text(profile, Target(), file="p.json"), gated=True, clock=clock)


def test_the_first_process_has_nothing_left_to_do_after_its_exit(recorder, clock):
    recorder.feed(DENIED)
    clock.now = FIRST_SECONDS - 1
    assert recorder.stuck.why == ""
    clock.now = FIRST_SECONDS
    assert (
        recorder.stuck.why == "it went on for 10 s after it had called exit_group, which the profile denies"
    )


def test_a_slow_program_that_has_not_called_exit_is_left_alone(recorder, clock):
    clock.now = 1e6
    assert recorder.stuck.why == ""


def test_another_process_that_loops_on_its_exit_ends_it_only_when_nothing_else_is_called(recorder, clock):
    recorder.feed(b"[pid     7] exit_group(0x1) = -1 EPERM (Operation not permitted)\n")
    for _ in range(5):
        clock.now += QUIET_SECONDS - 1
        recorder.feed(b"[pid     1] write(0x1, 0x55, 0x3) = 0x3\n")
        assert recorder.stuck.why == ""
    clock.now += QUIET_SECONDS
    recorder.feed(b"[pid     7] exit(0x1) = -1 EPERM (Operation not permitted)\n")
    assert recorder.stuck.why.startswith(
        "one of its processes had called exit_group, which the profile denies"
    )


def test_the_program_behind_an_init_is_the_first(clock):
    one = recorder_of(NO_EXIT, clock)
    one.feed(b'[pid     7] execve("/bin/true", ["true"], 0x7ffe /* 5 vars */) = 0\n')
    one.feed(b"[pid     7] exit_group(0) = -1 EPERM (Operation not permitted)\n")
    clock.now = FIRST_SECONDS
    assert "exit_group" in one.stuck.why


def test_an_exit_that_the_profile_lets_through_is_an_end(clock):
    one = recorder_of('{"defaultAction":"SCMP_ACT_ALLOW"}', clock)
    one.feed(BEGINS + b"exit_group(0) = ?\n")
    clock.now = 1e6
    assert one.stuck.why == ""


def test_its_waiter_is_called_once(recorder, clock):
    heard: queue.Queue[str] = queue.Queue()
    recorder.feed(DENIED)
    clock.now = FIRST_SECONDS
    with Ender(recorder.stuck, heard.put):
        assert "exit_group" in heard.get(timeout=60)
    assert heard.empty()


@pytest.mark.parametrize("action", ["SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD"])
def test_an_exit_that_kills_is_an_end(clock, action):
    recorder = recorder_of(NO_EXIT.replace("SCMP_ACT_ERRNO", action), clock)
    recorder.feed(BEGINS)
    recorder.feed(
        b"[pid 7] exit_group(0) = ?\n[pid 7] +++ killed by SIGSYS +++\n[pid 1] epoll_wait(3, [], 8, -1) = 0\n"
    )
    assert recorder.stuck.why == ""
    clock.now = QUIET_SECONDS + FIRST_SECONDS
    assert recorder.stuck.why == ""


def test_calls_of_all_architectures_count_as_work(recorder):
    recorder.feed(b"read(3, 0x1, 1) = 1\n[ Process PID=1 runs in 32 bit mode. ]\nread(3, 0x1, 1) = 1\n")
    assert recorder._by_name()["read"] == 2
