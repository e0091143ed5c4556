"""`runner.profile.evidence.messages.runtimes`: what runtimes say before the program starts."""

import pytest

from runner.profile.evidence import read_evidence
from runner.profile.evidence.messages import told
from runner.profile.evidence.messages.model import OF_THREADS
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
    ("message", "calls"),
    [
        (
            "unsafe procfs detected: openat2 fsmount:fscontext:proc/self/setgroups: operation not permitted",
            "openat2",
        ),
        ("lstat /proc/self/fd/0: operation not permitted", "newfstatat lstat statx fstatat64"),
        ("unable to join session keyring: unable to create session key: operation not permitted", "keyctl"),
    ],
)
def test_a_runtime_names_what_it_could_not_do(message: str, calls: str) -> None:
    found = told(f"OCI runtime create failed: {message}: unknown")
    assert found is not None
    assert (" ".join(found.calls), found.runtime) == (calls, True)


def test_crun_names_the_keyring_that_it_could_not_make() -> None:
    found = told("crun: create keyring `x`: Operation not permitted")
    assert found is not None
    assert (found.calls, found.runtime) == (("keyctl",), True)


def test_crun_names_the_mount_that_failed() -> None:
    found = told(
        "error from crun creating container for [/bin/sh]: mount `proc` to `proc`: Operation not permitted"
    )
    assert found is not None
    assert (found.calls, found.runtime) == (("mount",), True)


def test_a_mount_that_runc_makes_comes_before_the_containers_own_profile() -> None:
    mount = 'error mounting "sysfs" to rootfs at "/sys": mount sysfs:/sys (via /proc/self/fd/7), flags: 0xf'
    found = told(f"OCI runtime create failed: {mount}: operation not permitted: unknown")
    assert found is not None
    assert found.calls[0] == "mount"
    assert "a container around it" in found.meaning
    missing = told(f"OCI runtime create failed: {mount}: no such file or directory: unknown")
    assert missing is not None
    assert missing.calls == ()


@pytest.mark.parametrize(
    ("message", "flags"),
    [
        ("standard_init_linux.go:228: exec user process caused: operation not permitted", OF_THREADS),
        ('runc run failed: exec: "/bin/sh": operation not permitted', OF_THREADS),
        ("fork/exec /proc/self/exe: operation not permitted", ""),
    ],
)
def test_a_program_is_executed_after_all_namespaces_are_made(message: str, flags: str) -> None:
    found = told(message)
    assert found is not None
    assert "clone" in found.calls
    assert found.flags == flags


@pytest.mark.parametrize(
    ("message", "call"),
    [
        ('rootfs_linux.go:60: mounting "proc" to rootfs at "/proc" caused: operation not permitted', "mount"),
        ("nsenter: could not ensure we are a cloned binary: Function not implemented", "memfd_create"),
        ("FATA[0000] nsexec[1291]: could not ensure we are a cloned binary: No such file", "memfd_create"),
    ],
)
def test_what_a_runtime_does_before_the_profile_counts_is_said_to_be_that(message: str, call: str) -> None:
    (reported,) = read_evidence(message, AMD64).messages
    assert reported.meaning is not None
    assert reported.meaning.runtime
    assert reported.meaning.calls[0] == call
    assert "before the container's own profile counts" in reported.meaning.meaning


@pytest.mark.parametrize("end", ["exit status 159", "signal: bad system call (core dumped)"])
def test_a_runtime_that_seccomp_killed_is_said_to_be_killed(end: str) -> None:
    (reported,) = read_evidence(
        "docker: Error response from daemon: OCI runtime create failed: unable to retrieve OCI runtime error "
        f"(open x/log.json: no such file or directory): runc did not terminate successfully: {end}: unknown.",
        AMD64,
    ).messages
    assert reported.meaning is not None
    assert reported.meaning.runtime
    assert "seccomp killed the runtime itself" in reported.meaning.meaning
