"""`runner.profile.evidence.messages.causes`: messages about a profile whose cause is known."""

from time import process_time

import pytest

from runner.profile.evidence import read_evidence
from runner.profile.evidence.messages import told
from tests.unit.profile.evidence.reading import AMD64


@pytest.mark.parametrize(
    ("message", "step"),
    [
        (
            "runc create failed: error loading seccomp filter into kernel: error loading seccomp filter: errno 524",
            "net.core.bpf_jit_limit",
        ),
        (
            "error adding SSB flag to seccomp filter: SetSSB requires libseccomp >= 2.5.0 and API level >= 4",
            "update the kernel",
        ),
        ("runc: error loading seccomp filter into kernel: invalid argument", "4,096 instructions"),
        ("unable to init seccomp: error loading seccomp filter: operation canceled", "CONFIG_SECCOMP_FILTER"),
        (
            'container create: opening seccomp profile failed: open {"defaultAction": "SCMP_ACT_ERRNO"}: no such file',
            "name the file",
        ),
        (
            "Decoding seccomp profile failed: invalid character '.' looking for beginning of value",
            "send the file's text",
        ),
        (
            "Decoding seccomp profile failed: json: cannot unmarshal string into Go value of type seccomp.Seccomp",
            "send the file's text",
        ),
        (
            "runc: error loading seccomp filter into kernel: error loading seccomp filter: permission denied",
            "no-new-priv",
        ),
        ("Error: crun: prctl(SECCOMP): Permission denied: OCI permission denied", "no-new-privileges"),
        ("runc: error loading seccomp filter: operation not permitted", "must allow seccomp and prctl"),
        (
            "runc: failed to connect with seccomp agent specified in the seccomp profile: dial unix /x: no such file",
            "start the agent",
        ),
        ("runc create failed: cannot send seccomp fd to /run/agent.sock: broken pipe", "start the agent"),
        ("Error: crun: send listener fd `5` to receiver: OCI runtime error", "start the agent"),
        ("Error: crun: invalid seccomp syscall `foo`: OCI runtime error", "take that annotation away"),
        ("Error: crun: the `SECCOMP_FILTER_FLAG_NEW_LISTENER` flag is not supported", "update the kernel"),
        (
            "setup seccomp: try to pull OCI artifact seccomp profile: pull OCI artifact: denied",
            "its registry",
        ),
        (
            "unable to configure the Docker daemon with file /etc/docker/daemon.json: the following directives don't "
            "match any configuration option: seccomp_profile",
            "`seccomp-profile`",
        ),
        ("Ignoring unsupported options: build, security_opt", "daemon.json"),
        (
            "The daemon on this platform does not support setting security options on build",
            "build with Podman",
        ),
        ("Error response from daemon: security options are not supported on linux", "build with Podman"),
        ('failed to generate seccomp spec opts: invalid seccomp profile "localhost"', "localhost/FILE"),
        ("services.web.security_opt must be a list", "`- seccomp=FILE`"),
        (
            'services.web.security_opt contains "x", which is an invalid type, it should be a string',
            "`- seccomp=FILE`",
        ),
        ('invalid --security-opt 2: "seccomp="', "seccomp=FILE"),
        ("oci runtime error: empty string is not a valid syscall", "--engine-version 1.12"),
        ("error adding seccomp rule for syscall socket: permission denied", "--runtime 1.0.0-rc10"),
        ("error adding seccomp filter rule for syscall acct:permission denied:OCI", "--runtime 1.0.0-rc10"),
        (
            "error adding seccomp filter rule for syscall acct: requested action matches default action of filter",
            "update runc",
        ),
        ('Error: invalid --security-opt 2: "seccomp:./x.json"', "`=`"),
        ('Error response from daemon: invalid --security-opt 1: "seccomp"', "seccomp=FILE"),
        ("docker: invalid --security-opt: seccomp", "seccomp=FILE"),
        (
            'invalid seccomp policy "x.json": valid policies are ["default" "image"]',
            "--security-opt seccomp=",
        ),
        (
            "Warning: spec.template.metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in "
            'v1.27+; use the "seccompProfile" field instead',
            "write `seccompProfile`",
        ),
        (
            'pods "a" is forbidden: violates PodSecurity "restricted:latest": seccompProfile (pod must set it)',
            "RuntimeDefault",
        ),
        (
            'unable to validate against any security context constraint: [provider "x": seccomp may not be set]',
            "SecurityContextConstraints",
        ),
        (
            "spec.securityContext.seccompProfile.localhostProfile: Required value: must be set",
            "lint MANIFEST",
        ),
        ("runc: symbol lookup error: runc: undefined symbol: seccomp_notify_fd", "update libseccomp"),
        ("seccomp unavailable: CONFIG_SECCOMP not compiled into kernel", "architecture"),
        ("crun: error executing hook `/usr/bin/oci-seccomp-bpf-hook` (exit code: 1)", "hook"),
        ('unknown: seccomp profile "localhost/a.json" not found', "put the file"),
        ("containerd: failed to generate seccomp spec opts: seccomp is not supported", "/proc/self/status"),
    ],
)
def test_the_step_fits_the_cause(message: str, step: str) -> None:
    (reported,) = read_evidence(message, AMD64).messages
    assert reported.meaning is not None
    assert reported.meaning.refused
    assert step in reported.meaning.step


@pytest.mark.parametrize(
    "message",
    [
        "Decoding seccomp profile failed: invalid character '}' looking for beginning of object key string",
        "Decoding seccomp profile failed: json: cannot unmarshal array into Go value of type seccomp.Seccomp",
    ],
)
def test_a_fault_within_the_text_is_found_by_reading_it(message: str) -> None:
    found = told(message)
    assert found is not None
    assert (found.refused, found.step) == (True, "")


@pytest.mark.parametrize(
    "begin", ["load seccomp ", "decode seccomp profile ", "violates PodSecurity ", "executing hook "]
)
def test_a_line_of_any_length_takes_no_longer_for_each_character(begin: str) -> None:
    def seconds(times: int) -> float:
        start = process_time()
        told(begin * times)
        return process_time() - start

    seconds(10)
    assert seconds(4000) < 20 * max(seconds(1000), 0.001)


def test_a_file_that_was_read_is_at_fault_itself() -> None:
    found = told(
        "Error: container create: setup seccomp: unable to load default profile: loading seccomp profile (/etc/x.json) "
        "failed: decoding seccomp profile failed: invalid character '/' looking for beginning of value"
    )
    assert found is not None
    assert (found.refused, found.step) == (True, "")
