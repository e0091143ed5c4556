"""`runner.profile.calls.constant_values`: constants as logs have them, by architecture."""

import fcntl
import mmap
import resource
import signal
import socket
import termios

import pytest

from runner.profile.calls.constants import constant
from runner.profile.calls.syscalls import arch

AMD64, MIPS64, PPC64LE, ARM64 = (arch(name) for name in ("amd64", "mips64", "ppc64le", "arm64"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PR_SET_SPECULATION_CTRL", 53),
        ("PR_SET_VMA", 0x53564D41),
        ("KEYCTL_RESTRICT_KEYRING", 29),
        ("FUTEX_WAIT_BITSET_PRIVATE", 0x89),
        ("MADV_MERGEABLE", 12),
        ("CLOCK_BOOTTIME", 7),
        ("SYS_SOCKET", 1),
        ("SYS_SENDMMSG", 20),
        ("SHMGET", 23),
        ("SOL_PACKET", 263),
        ("MFD_HUGETLB", 4),
        ("MPOL_BIND", 2),
        ("SCHED_DEADLINE", 6),
        ("P_PIDFD", 3),
        ("BPF_BTF_LOAD", 18),
        ("SIGRT_2", 34),
    ],
)
def test_a_constant_that_all_architectures_share(name: str, value: int) -> None:
    assert {constant(name, each) for each in (AMD64, MIPS64, PPC64LE, ARM64)} == {value}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIONREAD", termios.FIONREAD),
        ("TIOCSCTTY", termios.TIOCSCTTY),
        ("TIOCGPGRP", termios.TIOCGPGRP),
        ("F_ADD_SEALS", fcntl.F_ADD_SEALS),
        ("F_SETLK", fcntl.F_SETLK),
        ("RLIMIT_NOFILE", resource.RLIMIT_NOFILE),
        ("RLIMIT_MEMLOCK", resource.RLIMIT_MEMLOCK),
        ("SO_BINDTODEVICE", socket.SO_BINDTODEVICE),
        ("SIGWINCH", signal.SIGWINCH),
        ("MAP_POPULATE", mmap.MAP_POPULATE),
    ],
)
def test_a_constant_that_mips_and_powerpc_have_otherwise_is_not_guessed_there(name: str, value: int) -> None:
    assert constant(name, AMD64) == constant(name, ARM64) == value
    assert constant(name, MIPS64) is None
    assert constant(name, PPC64LE) is None


def test_what_differs_is_known() -> None:
    assert constant("SIGUSR1", MIPS64) == 16
    assert constant("TCGETS", PPC64LE) == 0x402C7413
