"""`runner.cli.profile.decisions.why`: calls that failed though the profile lets them through."""

import pytest

from tests.unit.cli.profile.decisions.conftest import RECORD


@pytest.mark.parametrize(
    "evidence",
    [
        "7 --- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_syscall=__NR_mkdir, si_arch=AUDIT_ARCH_X86_64} ---",
        RECORD.replace("syscall=165", "syscall=83"),
    ],
)
def test_what_seccomp_stopped_though_this_profile_allows_it_is_said(profile, evidence):
    out = profile("why", evidence, "--arch", "amd64")[1]
    assert "Seccomp stopped these, and default lets them through: another profile was in force" in out
    assert "line 1: mkdir" in out


LOGGED = RECORD.replace("code=0x50001", "code=0x7ffc0000")


def test_a_record_of_log_says_that_the_call_was_allowed(profile) -> None:
    assert LOGGED != RECORD
    clone = LOGGED.replace("syscall=165", "syscall=56")
    out = profile("why", f"{clone}\n{LOGGED.replace('syscall=165', 'syscall=90')}", "--arch", "amd64")[1]
    assert "default denies nothing in the evidence." in out
    assert "Allowed, and logged: clone (line 1), chmod (line 2)." in out
    assert "decides on clone by argument 0, which a record does not show" in out
    assert "the kernel executed the call, and logged it" in profile("why", LOGGED, "--arch", "amd64")[1]
    out = profile("explain", "default", clone, "--arch", "amd64")[1]
    assert out.startswith("clone(?) on amd64, number 56: allow\n")
    assert "the kernel executed the call, and logged it" in out
    assert "another outcome" not in out


def test_a_call_that_is_younger_than_many_libraries_may_have_been_left_out(profile) -> None:
    words = ("--profile", "default", "--arch", "amd64")
    out = profile("why", "faccessat2(3) = -1 EPERM (x)", *words)[1]
    assert "Or the host's libseccomp is older than faccessat2 (2.4.4)" in out
    out = profile("why", "statx(3) = -1 EPERM (x)", *words)[1]
    assert "Or the host's libseccomp is older than statx (2.3.3)" in out
    assert "libseccomp" not in profile("why", "access(3) = -1 EPERM (x)", *words)[1]


@pytest.mark.parametrize(
    ("evidence", "engine"),
    [
        ("statx(1) = -1 EPERM (x)", "18.04.0, whose default was the first to allow statx"),
        (
            "make: /bin/sh: Operation not permitted",
            "20.10.0, whose default was the first to allow faccessat2",
        ),
        ("fchmodat2(1) = -1 EPERM (x)", "25.0.3, whose default was the first to allow fchmodat2"),
    ],
)
def test_an_older_engines_default_may_have_denied_what_todays_allows(
    profile, evidence: str, engine: str
) -> None:
    assert f"Or the engine is older than {engine}" in profile("why", evidence, "--arch", "amd64")[1]
    named = profile("why", evidence, "--arch", "amd64", "--engine-version", "29")[1]
    assert "the engine is older" not in named


def test_a_call_that_all_defaults_name_is_not_the_engines(profile) -> None:
    assert "engine is older" not in profile("why", "access(1) = -1 EPERM (x)", "--arch", "amd64")[1]
    assert "engine is older" not in profile("why", "mlockall(1) = -1 EPERM (x)", "--arch", "amd64")[1]


def test_a_call_that_needed_a_capability_may_be_an_older_engines_or_kernels(profile) -> None:
    seen = profile("why", "ptrace(0) = -1 EPERM (x)", "--arch", "amd64")[1]
    assert "Or the engine is older than 19.03.0, whose default was the first to allow ptrace for good" in seen
    assert "Or the kernel is older than 4.8, from which on the default allows ptrace" in seen
    handle = profile("why", "name_to_handle_at(0) = -1 EPERM (x)", "--arch", "amd64")[1]
    assert "older than 24.0.3" in handle
    assert "kernel is older" not in handle
    named = profile("why", "ptrace(0) = -1 EPERM (x)", "--arch", "amd64", "--kernel", "4.9")[1]
    assert "kernel is older" not in named


def test_a_kernel_without_the_call_is_told_from_one_that_refuses_it(profile) -> None:
    out = profile("why", "modify_ldt(1) = -1 ENOSYS (x)", "--arch", "amd64")[1]
    assert "ENOSYS: the kernel has no such call" in out
    assert "own checks" not in out
    assert "ENOSYS" not in profile("why", "access(1) = -1 EPERM (x)", "--arch", "amd64")[1]


def test_an_error_of_an_older_default_is_told_as_that(profile) -> None:
    for evidence in (
        "clone3({flags=CLONE_VM}, 88) = -1 EPERM (Operation not permitted)",
        "thread failed to start",
    ):
        out = profile("why", evidence, "--arch", "amd64")[1]
        assert "older than 20.10.10, whose default was the first to answer clone3 with ENOSYS" in out
    out = profile(
        "why", "clone3({flags=CLONE_VM}, 88) = -1 ENOSYS (Function not implemented)", "--arch", "amd64"
    )[1]
    assert "older than" not in out
    out = profile("why", "thread failed to start", "--arch", "amd64", "--engine-version", "28.0")[1]
    assert "older than" not in out


def test_a_thread_needs_no_clone_with_any_flags(profile) -> None:
    out = profile("why", "pthread_create failed: Operation not permitted", "--arch", "amd64")[1]
    assert "--allow clone3 -o" in out
    assert "clone(" not in out


def test_a_message_may_come_of_an_older_libseccomp(profile) -> None:
    out = profile("why", "sleep: cannot read realtime clock: Operation not permitted", "--arch", "arm")[1]
    assert "libseccomp is older than clock_gettime64 (2.4.2)" in out


def test_a_refused_profile_that_is_not_named_is_no_default(profile, tmp_path) -> None:
    refusal = "docker: Error response from daemon: string X is not a valid action for seccomp"
    assert "`workshop profile lint FILE`" in profile("why", refusal)[1]
    file = tmp_path / "x.json"
    file.write_text('{"defaultAction": "SCMP_ACT_ALLOW"}')
    assert f"`workshop profile lint {file}`" in profile("why", refusal, "--profile", file)[1]


def test_a_death_that_the_profile_does_not_explain_is_told(profile) -> None:
    log = "setpriority(PRIO_PROCESS, 0, 5) = 141\n+++ killed by SIGSYS (core dumped) +++\n"
    out = profile("why", "-", "--arch", "amd64", stdin=log)[1]
    assert "Seccomp stopped these, and default lets them through" in out
    assert "line 1: setpriority(PRIO_PROCESS, 0, 5)" in out
    out = profile("why", "+++ killed by SIGSYS +++")[1]
    assert "Seccomp killed the process for a call" in out


@pytest.mark.parametrize(
    ("action", "log"),
    [
        ("KILL_PROCESS", "swapon(0x1, 0) = 167\n+++ killed by SIGSYS (core dumped) +++\n"),
        ("KILL", "swapon(0x1, 0) = ?\n+++ killed by SIGSYS (core dumped) +++\n"),
        (
            "TRAP",
            "swapon(0x1, 0) = 167\n"
            "--- SIGSYS {si_signo=SIGSYS, si_syscall=__NR_swapon, si_arch=AUDIT_ARCH_X86_64} ---\n"
            "+++ killed by SIGSYS (core dumped) +++\n",
        ),
    ],
)
def test_a_call_that_is_stopped_by_a_signal_agrees_with_the_profile(
    profile, tmp_path, action: str, log: str
) -> None:
    file = tmp_path / "x.json"
    file.write_text(
        '{"defaultAction": "SCMP_ACT_ALLOW",'
        f'"syscalls": [{{"names": ["swapon"], "action": "SCMP_ACT_{action}"}}]}}'
    )
    out = profile("why", "-", "--profile", file, "--arch", "amd64", stdin=log)[1]
    assert out.count("swapon(") == 2  # once as judged, once as seen
    assert "otherwise" not in out
    assert "Seccomp stopped these" not in out


def test_a_socket_for_pings_is_none_that_the_default_denies(profile) -> None:
    out = profile("why", "ping: socket: Operation not permitted", "--arch", "amd64")[1]
    assert "The profile denies none of socket" in out
    out = profile("why", "socket: Operation not permitted", "--arch", "amd64")[1]
    assert "The profile denies it with some arguments:" in out
    out = profile("why", "keyctl: Operation not permitted", "--arch", "amd64")[1]
    assert "The profile denies it:" in out


def test_a_shells_word_on_a_death_is_left_out_where_the_log_names_the_call(profile) -> None:
    log = "getuid() = 102\n+++ killed by SIGSYS (core dumped) +++\nBad system call (core dumped)\n"
    out = profile("why", "-", "--arch", "amd64", stdin=log)[1]
    assert "line 1: getuid()" in out
    assert "does not name" not in out
    out = profile("why", "-", "--arch", "amd64", stdin=log.replace("102", "0"))[1]
    assert "does not name" in out
