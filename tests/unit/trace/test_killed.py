"""`runner.trace.killed`: the call for which seccomp killed a process, in a log of strace."""

import pytest

from runner.profile.calls.syscalls import arch
from runner.trace.killed import Killed

DEATH = "+++ killed by SIGSYS (core dumped) +++"


def look(log: str, machine: str = "amd64", size: int = 1 << 20) -> Killed:
    killed = Killed(arch(machine))
    data = log.encode()
    for start in range(0, len(data), size):
        killed.feed(data[start : start + size])
    killed.feed(b"")
    return killed


@pytest.mark.parametrize(
    "log",
    [
        f"getpid() = 7\nsetpriority(PRIO_PROCESS, 0, 5) = ?\n{DEATH}\n",
        f"getpid() = 7\nsetpriority(PRIO_PROCESS, 0, 5) = 141\n{DEATH}\n",
        f"7 getpid() = 7\n7 setpriority(PRIO_PROCESS, 0, 5 <unfinished ...>\n8 getpid() = 8\n"
        f"7 <... setpriority resumed>) = ?\n7 {DEATH}\n8 +++ exited with 1 +++\n",
        f"[pid 7] setpriority(PRIO_PROCESS, 0, 5) = 141\n{DEATH}",
    ],
)
def test_the_last_call_is_named(log: str) -> None:
    (call,) = look(log).calls
    assert (call.name, call.action, call.args, call.times) == (
        "setpriority",
        "kill process",
        ("PRIO_PROCESS", "0", "5"),
        0,
    )


@pytest.mark.parametrize("size", [1, 7, 40, 1000])
def test_a_log_may_come_in_pieces(size: int) -> None:
    log = (
        "getpid() = 7\n" * 20
        + f"sync() = ?\n{DEATH}\n"
        + "8 getpid() = 8\n" * 20
        + f"8 acct(0) = ?\n8 {DEATH}\n"
    )
    assert [(call.name, call.line) for call in look(log, size=size).calls] == [("sync", 21), ("acct", 43)]


def test_only_the_end_of_a_long_log_is_kept() -> None:
    log = "getpid() = 7\n" * 60_000 + f"sync() = ?\n{DEATH}\n"
    (call,) = look(log, size=1 << 16).calls
    assert (call.name, call.line) == ("sync", 60_001)


@pytest.mark.parametrize("result", ["135", "?"])
def test_of_threads_that_die_together_the_one_that_waited_is_not_blamed(result: str) -> None:
    log = (
        "[pid 10] futex(0x7f, FUTEX_WAIT_PRIVATE, 0, NULL <unfinished ...>\n"
        f"[pid 11] personality(0x40000) = {result}\n[pid 10] <... futex resumed>) = ?\n"
        f"[pid 10] {DEATH}\n[pid 11] {DEATH}\n"
    )
    assert [call.name for call in look(log).calls] == ["personality"]


def test_on_other_machines_the_register_holds_the_first_argument() -> None:
    assert [call.name for call in look(f"setpriority(0, 1, 5) = 0\n{DEATH}\n", "arm64").calls] == [
        "setpriority"
    ]
    log = f'mount("none", "/mnt", "tmpfs", 0, NULL) = 187650813034496\n{DEATH}\n'
    assert [call.name for call in look(log, "arm64").calls] == ["mount"]
    assert [call.name for call in look(f"fadvise64_64(0, 0, 0, 2) = 0\n{DEATH}\n").calls] == ["fadvise64_64"]


def test_a_call_that_has_returned_is_not_blamed() -> None:
    killed = look(f"getpid() = 7\n{DEATH}\n")
    assert killed.calls == []
    (message,) = killed.unexplained
    assert message.meaning is not None
    assert "does not name" in message.meaning.meaning


def test_a_signal_that_names_the_call_is_enough() -> None:
    signal = "--- SIGSYS {si_signo=SIGSYS, si_syscall=__NR_sync, si_arch=AUDIT_ARCH_X86_64} ---"
    killed = look(f"sync() = 162\n{signal}\n{DEATH}\n")
    assert (killed.calls, killed.unexplained) == ([], [])


def test_other_ends_are_no_deaths_by_seccomp() -> None:
    killed = look("sync() = ?\n+++ killed by SIGKILL +++\nwrite(1, '+++ killed by SIGSYS', 20) = 20\n")
    assert (killed.calls, killed.unexplained) == ([], [])
