"""`runner.profile.evidence.messages.refused_profiles`: a profile that was not put in force."""

import pytest

from runner.profile.evidence import read_evidence
from runner.profile.evidence.messages import told
from tests.unit.profile.evidence.reading import AMD64


@pytest.mark.parametrize(
    "message",
    [
        "runc create failed: SCMP_ACT_NOTIFY cannot be used for the write syscall",
        "notify will require seccomp listener path to be set",
        "error patching filter: error finding last syscalls for -ENOSYS stub: cannot map architecture 62",
        "Error: crun: seccomp_export_bpf: Invalid argument",
        "Error: failed to create container: failed to load seccomp context",
        "load default profile: spec contains neither a default action nor any syscalls",
    ],
)
def test_a_runtimes_own_words_for_a_profile_that_it_does_not_take(message: str) -> None:
    (reported,) = read_evidence(message, AMD64).messages
    assert reported.meaning is not None
    assert reported.meaning.refused


@pytest.mark.parametrize(
    ("message", "where"),
    [
        (
            'Error: setup seccomp: unable to load local profile "/var/lib/kubelet/seccomp/n.json": open '
            "/var/lib/kubelet/seccomp/n.json: no such file or directory",
            "put the file on the node, below the kubelet's folder seccomp",
        ),
        (
            "docker: opening seccomp profile (x.json) failed: open x.json: permission denied.",
            "look at its permissions, and those of the folders above; docker's command from a snap reads files below "
            "the home folder alone",
        ),
        ("docker: opening seccomp profile (/x) failed: read /x: is a directory.", "name the file"),
        (
            "docker: opening seccomp profile () failed: open : no such file or directory.",
            "write `--security-opt seccomp=FILE`; where a variable gives the name, it is empty",
        ),
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
        "Operating system does not support seccomp",
        "this kernel has no seccomp support",
        "the host's kernel has no seccomp",
        "a kernel without seccomp",
        "this platform lacks seccomp",
        "no support for seccomp in this build",
        "runc was compiled without seccomp",
        "crun: built without seccomp",
    ],
)
def test_what_is_said_to_have_no_seccomp_takes_no_profile(message: str) -> None:
    found = told(message)
    assert found is not None
    assert found.refused
    assert found.meaning.startswith("the engine, or its kernel, has no seccomp")


@pytest.mark.parametrize(
    "said",
    [
        "this container runs without seccomp: {}",
        "I started it with no seccomp and still: {}",
        "no seccomp, but {}",
        "docker run without seccomp: {}",
        "the container has no seccomp: {}",
        "a pod that lacks seccomp says {}",
        "seccomp is not enabled for this container: {}",
        "seccomp not enabled in the pod, {}",
        "the kernel has no seccomp filter for it: {}",
    ],
)
def test_a_container_that_is_said_to_run_without_seccomp_has_its_call_judged(said: str) -> None:
    found = told(said.format("mount: /mnt: Operation not permitted"))
    assert found is not None
    assert (found.calls[0], found.refused) == ("mount", False)


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
