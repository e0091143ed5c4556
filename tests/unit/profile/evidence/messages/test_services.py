"""`runner.profile.evidence.messages.services`: what systemd says of the filters of services."""

import pytest

from runner.profile.evidence import read_evidence
from runner.profile.evidence.messages import told
from tests.unit.profile.evidence.reading import AMD64


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (
            "x.service: Failed to add rule for system call chmod() / 90, ignoring: Operation not permitted",
            "systemd left the rule on chmod out of a service's own filter",
        ),
        (
            "Failed to add rule for system call fchmodat2() / -10, ignoring: Numerical argument out of domain",
            "systemd left the rule on fchmodat2 out",
        ),
        (
            "Failed to add mmap() rule for architecture x86-64, skipping: Bad address",
            "the rule on mmap out of",
        ),
        (
            "Failed to install systemcall filter for architecture x86, skipping: Bad address",
            "systemd left one architecture out",
        ),
        ("Failed to install filter set for architecture arm, skipping: x", "left one architecture out"),
        (
            "SECCOMP features not detected in the kernel or disabled at runtime, skipping SystemCallFilter=",
            "systemd found no seccomp",
        ),
        ("x.service: System call filtering not supported", "systemd found no seccomp"),
        ("x.service:7: Unknown system call group, ignoring: @foo", "systemd does not know a group of calls"),
    ],
)
def test_a_service_s_filter_is_no_container_s_profile(message: str, said: str) -> None:
    (seen,) = read_evidence(message, AMD64).messages
    assert seen.meaning is not None
    assert seen.meaning.calls == ()
    assert said in seen.meaning.meaning
    assert seen.meaning.step


@pytest.mark.parametrize(
    "message",
    [
        "Failed to apply system call filter: Invalid argument",
        "Failed to install syscall filter: Operation not permitted",
        "Failed to initialize seccomp filter: Invalid argument",
        "Failed to set seccomp policy: Operation not permitted",
        "Failed to limit syscall architectures: Operation not permitted",
        "Failed to restrict address families: Operation not permitted",
    ],
)
def test_a_filter_that_a_program_could_not_install_needs_seccomp_and_prctl(message: str) -> None:
    (seen,) = read_evidence(message, AMD64).messages
    assert seen.meaning is not None
    assert seen.meaning.calls == ("seccomp", "prctl")


@pytest.mark.parametrize(
    "message",
    [
        "Operating system does not support seccomp",
        "Seccomp not available",
        "Seccomp support not available, SystemCallFilter= ignored",
        "this kernel has no seccomp support",
    ],
)
def test_a_machine_without_seccomp_is_told(message: str) -> None:
    (seen,) = read_evidence(message, AMD64).messages
    assert seen.meaning is not None
    assert "has no seccomp" in seen.meaning.meaning


def test_a_service_that_did_not_start_is_told_from_a_refused_profile() -> None:
    found = told("x.service: Failed at step SECCOMP spawning /bin/x: Invalid argument")
    assert found is not None
    assert found.meaning.startswith("systemd could not put a service's own filter in force")
