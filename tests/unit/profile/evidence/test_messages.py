"""`runner.profile.evidence.messages`: the calls that an error message may be about."""

import pytest

from runner.profile.evidence import read_evidence
from runner.profile.evidence.messages import told
from tests.unit.profile.evidence.reading import AMD64

# Messages of runc 1.1.5, 1.1.15 and 1.3.6 when one call was removed from a profile that allows all others, and the
# calls that each may be about, the removed one among them.
MEASURED = {
    "unable to apply caps: operation not permitted": "capset",
    "error during container init: unable to apply caps: can't apply capabilities: operation not permitted": "capset",
    "unable to get capability version from the kernel: operation not permitted": "capget",
    "runc run failed: unable to start container process: operation not permitted": "capget",
    'chdir to cwd ("/") set in config.json failed: operation not permitted': "chdir",
    "close log pipe fd 4: operation not permitted": "close",
    "close log pipe: close logpipe: operation not permitted": "close",
    "exec /bin/true: operation not permitted": "execve clone clone3 execveat",
    "standard_init_linux.go:228: exec user process caused: operation not permitted": "execve clone clone3 execveat",
    "unable to setup user: fstat /dev/stdin: operation not permitted": "fstat newfstatat",
    "error closing exec fds: ensure /proc/self/fd is on procfs: operation not permitted": "fstatfs",
    "unable to setup user: fstatfs fsmount:fscontext:proc: operation not permitted": "fstatfs",
    "failed to verify if current working directory is safe: operation not permitted": "getcwd",
    "error closing exec fds: readdirent /proc/self/fd: operation not permitted": "getdents64",
    "unable to setup user: stat /dev/null: operation not permitted": "fstat newfstatat",
    'error during container init: exec: "/bin/true": stat /bin/true: operation not permitted': "newfstatat statx",
    "error closing exec fds: open /proc/self/fd: operation not permitted": "openat openat2",
    "open /proc/sys/kernel/cap_last_cap: operation not permitted": "openat openat2",
    "unable to apply bounding set: operation not permitted": "prctl",
    "read /proc/self/status: operation not permitted": "read pread64",
    "unable to setup user: operation not permitted": "setuid setgid",
    "unable to setup user: setgroups: operation not permitted": "setgroups",
    "get root mount id: statx(STATX_MNT_ID_...) fsmount:fscontext:proc/: could not get mount id": "statx",
    "runc run failed: cannot start an already running container": "write",
    "panic: runtime error: invalid memory address or nil pointer dereference": "getppid setuid setgid",
    "The futex facility returned an unexpected error code.": "futex",
}


@pytest.mark.parametrize(("message", "calls"), MEASURED.items())
def test_runcs_messages_lead_to_the_denied_call(message: str, calls: str) -> None:
    found = told(f"Error response from daemon: OCI runtime create failed: {message}: unknown")
    assert found is not None
    assert (found.runtime, found.refused) == (True, False)
    assert " ".join(found.calls) == calls


@pytest.mark.parametrize(
    "message", [*MEASURED, "get root mount id: statx(STATX_MNT_ID_...): could not get mount id"]
)
def test_a_reader_of_logs_keeps_what_runc_says(message: str) -> None:
    line = (
        f'time="2026-11-27" level=error msg="runc run failed: unable to start container process: {message}"'
    )
    assert read_evidence(line, AMD64).messages


@pytest.mark.parametrize("quote", ['"', '\\"'])
def test_quotes_may_be_escaped(quote: str) -> None:
    found = told(
        f"unable to start container process: exec: {quote}/bin/sh{quote}: stat /bin/sh: operation not permitted"
    )
    assert found is not None
    assert found.calls == ("newfstatat", "statx")


# What crun 1.8.1 said when one call was taken away from a profile that allows all others.
MEASURED_OF_CRUN = {
    "capset": "capset: Operation not permitted",
    "prctl": "prctl drop bounding: Operation not permitted",
    "setresuid": "cannot setresuid to 0: Operation not permitted",
    "setresgid": "cannot setresgid to 0: Operation not permitted",
    "execve": "exec container process `/usr/bin/true`: Operation not permitted",
}


@pytest.mark.parametrize("before", ["", "crun: ", "Error: crun: ", "Error: OCI runtime error: crun: "])
@pytest.mark.parametrize(("call", "message"), MEASURED_OF_CRUN.items())
def test_what_crun_says_leads_to_the_call_that_was_denied(call: str, message: str, before: str) -> None:
    found = told(before + message)
    assert found is not None
    assert (found.runtime, found.refused) == (True, False)
    assert found.calls[0] == call


def test_where_cruns_init_says_nothing_any_of_its_calls_may_be_denied() -> None:
    found = told("Error: crun: read from the init process: OCI runtime error")
    assert found is not None
    assert (found.runtime, found.calls) == (True, ())


@pytest.mark.parametrize(
    ("message", "where"),
    [
        (
            'kubelet Error: failed to create containerd container: cannot load seccomp profile "/var/lib/kubelet/'
            'seccomp/x.json": open /var/lib/kubelet/seccomp/x.json: no such file or directory',
            "put the file on the node, below the kubelet's folder seccomp",
        ),
        (
            "docker: opening seccomp profile (x.json) failed: open x.json: no such file or directory",
            "put the file there",
        ),
    ],
)
def test_a_profile_that_is_not_there_is_not_blamed_for_its_text(message: str, where: str) -> None:
    found = told(message)
    assert found is not None
    assert found.refused
    assert found.step == where


@pytest.mark.parametrize(
    ("message", "calls"),
    [
        (
            "true: error while loading shared libraries: libc.so.6: cannot stat shared object: Operation not permitted",
            "newfstatat fstat statx",
        ),
        ("libc.so.6: cannot open shared object file: Operation not permitted", "openat open"),
        ("/lib/libc.so.6: cannot read file data: Operation not permitted", "read pread64"),
        ("libc.so.6: cannot close file descriptor: Operation not permitted", "close"),
        ("io_uring_queue_init: Operation not permitted", "io_uring_setup"),
        (
            "java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory",
            "clone3 clone",
        ),
        ("chmod: changing permissions of '/tmp': Operation not permitted", "fchmodat fchmodat2 chmod fchmod"),
        ("unshare: unshare failed: Operation not permitted", "unshare clone"),
        ("mount: /mnt: permission denied.", "mount fsopen fsmount move_mount open_tree mount_setattr"),
        ("umount: /mnt: must be superuser: Operation not permitted", "umount2"),
        ("warning: Error disabling address space randomization: Operation not permitted", "personality"),
        ("setarch: failed to set personality to x86_64: Operation not permitted", "personality"),
        ("pthread_create failed: Operation not permitted", "clone3 clone"),
        ("runtime: failed to create new OS thread (have 2 already; errno=1)", "clone clone3"),
        ("io_uring_setup(8, 0x7f) failed: Operation not permitted", "io_uring_setup"),
        ("perf_event_open: Operation not permitted", "perf_event_open"),
        (
            "loading shared libraries: cannot apply additional memory protection after relocation",
            "mprotect",
        ),
        ("cannot set %fs base address for thread-local storage", "arch_prctl"),
        ("keyctl: Function not implemented", "keyctl"),
        ("keyctl_read: Operation not permitted", "keyctl"),
        ("RuntimeError: can't start new thread", "clone3 clone"),
        ("Assertion `(0) == (uv_thread_create(t.get(), start_thread, this))' failed.", "clone3 clone"),
        ("terminate called after throwing an instance of 'std::system_error'", "clone3 clone"),
        ("Error: EPERM: operation not permitted, chmod '/x'", "chmod fchmodat fchmodat2"),
        ("Error: EPERM: operation not permitted, uv_cwd", "getcwd"),
        ("Error: spawn /bin/x EPERM", "clone clone3 vfork fork execve"),
        ("bwrap: Creating new namespace failed: Operation not permitted", "clone unshare clone3"),
        ("No usable sandbox! Update your kernel", "clone unshare clone3"),
        ("make[1]: /bin/sh: Operation not permitted", "faccessat2 faccessat execve"),
        ("ls: cannot access '/x': Operation not permitted", "newfstatat statx lstat stat"),
        ("rm: cannot remove 'x': Operation not permitted", "unlinkat unlink rmdir"),
        ("chmod: /x: Operation not permitted", "fchmodat fchmodat2 chmod fchmod"),
        ("tar: x: Cannot utime: Operation not permitted", "utimensat utimes utime"),
        ("sd-bus: Failed to open: Operation not permitted", "openat open"),
        ("open /dev/fuse: operation not permitted", "openat openat2 open"),
        ("E: seteuid 42 failed - seteuid (1: Operation not permitted)", "setresuid"),
        ("sudo: unable to set supplemental group IDs: Operation not permitted", "setgroups"),
        ("perf: Error: No permission to enable cycles event.", "perf_event_open"),
        ("strace: ptrace(PTRACE_TRACEME, ...): Operation not permitted", "ptrace"),
    ],
)
def test_messages_of_programs(message: str, calls: str) -> None:
    found = told(message)
    assert found is not None
    assert " ".join(found.calls) == calls
    assert not found.refused
    # A reader of logs keeps such a line.
    evidence = read_evidence(message, AMD64)
    assert evidence.messages or evidence.calls


@pytest.mark.parametrize(
    "message",
    [
        "container exited with code 159",
        "Exit Code: 159",
        "      Exit Code:    159",
        '        "ExitCode": 159,',
        "command terminated with exit code 159",
        "Exited (159) 3 minutes ago",
        "x.service: Main process exited, code=killed, status=31/SYS",
        "Fatal signal 31 (SIGSYS), code 1 (SYS_SECCOMP)",
    ],
)
def test_a_death_by_seccomp_names_no_call(message: str) -> None:
    found = told(message)
    assert found is not None
    assert (found.calls, found.refused) == ((), False)
    assert "killed" in found.meaning
    assert read_evidence(message, AMD64).messages


@pytest.mark.parametrize(
    "message",
    [
        "thread 'main' panicked at 'Os { code: 1, message: \"Operation not permitted\" }'",
        "ls: cannot access '/x': Permission denied",
        "rm: cannot remove 'x': No such file or directory",
        "Exit Code: 1590",
        "Unable to get session key from server: permission denied",
    ],
)
def test_no_call_is_guessed_from_words_that_only_look_like_one(message: str) -> None:
    assert told(message) is None


@pytest.mark.parametrize(
    "message",
    [
        "linux seccomp: seccomp profiles are not supported on this daemon, you cannot specify a custom seccomp profile",
        "seccomp is not enabled in your kernel, cannot run a custom seccomp profile.",
        "seccomp: config provided but seccomp not supported",
    ],
)
def test_an_engine_without_seccomp_is_told_from_a_bad_profile(message: str) -> None:
    found = told(f"docker: Error response from daemon: {message}")
    assert found is not None
    assert found.refused
    assert "docker info" in found.step


@pytest.mark.parametrize(
    "message",
    [
        "Decoding seccomp profile failed: json: cannot unmarshal number -1 into Go struct field",
        "string SCMP_ACT_FOO is not a valid action for seccomp",
        "both 'name' and 'names' are specified in the seccomp profile, use either 'name' or 'names'",
        "'architectures' and 'archMap' were specified in the seccomp profile",
        "error adding seccomp filter rule for syscall chmod: requested action matches default action of filter",
        "rule for syscall clone3: permission denied: unknown.",
        'invalid kernel version: "4", expected "<kernel>.<major>"',
        "seccomp listenerPath is not set",
        "unable to init seccomp: error adding architecture to seccomp filter: numerical argument out of domain",
        "error validating Seccomp architecture: unknown architecture",
        "action in seccomp profile is invalid: invalid action, cannot use in rule",
        "SCMP_ACT_NOTIFY cannot be used as default action",
        "youki: failed to apply seccomp filter",
        "x.service: Failed at step SECCOMP spawning /bin/x: Invalid argument",
        "crun: seccomp get action `SCMP_ACT_FOO`",
        "crun: invalid seccomp action `SCMP_ACT_FOO`",
        "crun: seccomp unknown architecture FOO",
        "crun: seccomp adding architecture: Numerical argument out of domain",
        "crun: get_seccomp_operator",
        "crun: invalid seccomp index 0",
        "crun: seccomp_rule_add_array: File exists",
        "crun: seccomp_rule_add `chmod`: Invalid argument",
        "crun: seccomp (SECCOMP_SET_MODE_FILTER): Invalid argument",
        "crun: unknown seccomp option X",
    ],
)
def test_a_refused_profile_denies_no_call(message: str) -> None:
    found = told(f"Error response from daemon: {message}.")
    assert found is not None
    assert found.refused


@pytest.mark.parametrize(
    ("message", "calls"),
    [
        ("qemu: failed to install seccomp syscall filter", "seccomp prctl"),
        ("error: seccomp: denied chmod(2)", "chmod fchmodat fchmodat2"),
        ("seccomp denied call: chmod failed", "chmod fchmodat fchmodat2"),
        ("error: seccomp: syscall personality is invalid here", "personality"),
    ],
)
def test_a_programs_own_filter_is_not_taken_for_a_refused_profile(message: str, calls: str) -> None:
    found = told(message)
    assert found is not None
    assert (" ".join(found.calls), found.runtime, found.refused) == (calls, False, False)


@pytest.mark.parametrize(
    "message",
    [
        "Error: container create failed: error decoding seccomp profile: invalid character '}'",
        "ERROR libcontainer::process::init::process: failed to initialize seccomp: failed to load seccomp profile",
    ],
)
def test_a_runtime_is_known_by_its_words_without_its_name(message: str) -> None:
    found = told(message)
    assert found is not None
    assert found.refused


def test_a_fault_of_seccomp_that_no_runtime_reports_says_nothing_of_the_profile() -> None:
    assert told("Seccomp violation: syscall 41 unknown") is None


def test_a_message_that_says_nothing_of_seccomp_is_not_guessed_at() -> None:
    assert told("ls: cannot access 'x': No such file or directory") is None
    assert told("") is None
