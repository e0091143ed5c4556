"""Known causes of a profile that was not put in force: what a message means, and the step that helps."""

import re

from runner.profile.evidence.messages.model import Told
from runner.profile.evidence.messages.options import OPTIONS

_LOADING = r"(?:load\w{0,9} .{0,40}seccomp .{0,300}|\(SECCOMP_SET_MODE_FILTER\)|prctl\(SECCOMP\)): "
_CAUSES = (
    (
        r"\berrno 524\b",
        "the kernel has no room left for compiled filters (errno 524), whatever the profile says",
        "raise `sysctl net.core.bpf_jit_limit` on the host; where it fills up again, update the kernel, since some "
        "releases never free a filter",
    ),
    (
        r"requires libseccomp >= .{1,40}API level|unable to fetch SECCOMP_FILTER_FLAG"
        r"|SECCOMP_FILTER_FLAG_\w{1,30}\W{1,3} flag is not supported",
        "the filter is loaded with a flag that this kernel, or the runtime's libseccomp, does not know",
        "update the kernel, or libseccomp; with API level 0 the runtime reaches no seccomp(2) at all, as within "
        "another sandbox or under an emulator",
    ),
    (
        r"\bload\w{0,9} .{0,40}seccomp .{0,300}(?:invalid argument|operation canceled|errno 22\b)",
        "the kernel did not take the compiled filter",
        "a kernel takes 4,096 instructions at most (`workshop profile lint FILE` tells a longer filter) and needs "
        "CONFIG_SECCOMP_FILTER; an emulator such as qemu-user takes no filter at all",
    ),
    (
        rf"{_LOADING}permission denied",
        "the runtime may not load a filter: it has neither CAP_SYS_ADMIN nor no-new-privileges",
        "run the runtime with that capability, or set `--security-opt no-new-privileges`",
    ),
    (
        rf"{_LOADING}operation not permitted",
        "the runtime was refused the call that loads a filter: it runs under a filter itself",
        "look at the profile of the container that the runtime runs in: it must allow seccomp and prctl",
    ),
    (
        r"seccomp agent specified|(?:cannot|failed to) send seccomp (?:fd|notify)|send listener fd",
        "the profile hands calls to an agent, and nobody takes them at its listenerPath",
        "start the agent before the container, or take SCMP_ACT_NOTIFY and listenerPath out of the profile",
    ),
    (
        r"invalid seccomp syscall \W",
        "crun is told to refuse names that its libseccomp does not know, by run.oci.seccomp_fail_unknown_syscall",
        "correct the name (`workshop profile lint FILE` tells unknown ones), update libseccomp, or take that "
        "annotation away",
    ),
    (
        r"seccomp\b.{0,80}\bpull OCI artifact",
        "the profile is an OCI artifact that could not be pulled",
        "correct its name in the annotation, or log in to its registry",
    ),
    (
        r"seccomp profile (?:\(\{|failed: open \{)|open(?:ing)? seccomp (?:profile|file).{0,40}open \{",
        "the text of a profile was given where the path of a file is expected",
        "name the file: docker's command and Podman read it, and only the API of Docker's engine takes the text",
    ),
    (
        r"(?<!\) failed: )decod\w{0,9} seccomp profile.{0,80}(?:invalid character '[^{}\[\]\",:]{1,8}' "
        r"(?:looking for beginning of value|in literal)|cannot unmarshal string into Go value)",
        "the engine was given something that does not begin as a profile does, such as the name of its file",
        "a client of the engine's API must send the file's text, as docker's command and a current compose do; where "
        "yours does, `workshop profile lint FILE` says what is wrong with it",
    ),
    (
        r"empty string is not a valid syscall",
        "a rule has no name that this engine reads",
        "engines before 1.13 read `name` and not `names` (`workshop profile lint FILE --engine-version 1.12` tells "
        "them): update the engine, or write a rule with a `name` for each call",
    ),
    (
        r"rule for syscall \w+: ?(?:permission denied|requested action matches)",
        "the runtime takes a rule for the same as the default action, which libseccomp refuses",
        "runc before 1.0.0-rc91 reads no errnoRet, and before 1.0.0-rc95 no defaultErrnoRet, so that two errors become "
        "one (`workshop profile lint FILE --runtime 1.0.0-rc10` tells it): update runc, also one that another program "
        "brings, such as NVIDIA's runtime",
    ),
    (
        r"violates? PodSecurity\b.{0,2000}seccompProfile",
        "the cluster's Pod Security admission refuses a pod that names no profile, and nothing has run",
        "write `seccompProfile: {type: RuntimeDefault}` into the pod's securityContext",
    ),
    (
        r"annotations\[(?:container\.)?seccomp\.security\.alpha\.kubernetes\.io/.{1,300}(?:non-functional|deprecated)",
        "Kubernetes takes no profile from this annotation from 1.27 on, and the pod runs without the one that it names",
        "write `seccompProfile` into the pod's or the container's securityContext, and lint the manifest with "
        "`workshop profile lint`",
    ),
    (
        r"security context constraint.{0,2000}seccomp|seccomp may not be set",
        "OpenShift admits no pod that sets this profile, and nothing has run",
        "take it out of the pod, or use a SecurityContextConstraints that lists it under `seccompProfiles`",
    ),
    (
        r"(?:localhostProfile|seccompProfile[\w.]{0,40}): (?:required|invalid|unsupported|forbidden)",
        "Kubernetes refuses the manifest, and nothing has run",
        "`workshop profile lint MANIFEST` says what is wrong with it",
    ),
    (
        r"undefined symbol: seccomp_|libseccomp\.so[\w.]{0,20}: cannot open shared object file: no such file",
        "the runtime was built for a newer libseccomp than the host has, or the host has none",
        "install or update libseccomp on the host",
    ),
    (
        r"seccomp unavailable|CONFIG_SECCOMP(?:_FILTER)? not compiled",
        "a program finds no seccomp for a filter of its own: the kernel has none, or an emulator is in its place",
        "use a kernel with CONFIG_SECCOMP_FILTER, and an image of the machine's own architecture",
    ),
    (
        r"failed at step seccomp",
        "systemd could not put a service's own filter in force, and did not start the service",
        "correct its SystemCallFilter= and its other settings of seccomp, or, within a container, use a profile that "
        "allows seccomp and prctl",
    ),
    (
        r"executing hook\b.{0,300}seccomp",
        "a hook failed, which the runtime runs before the program",
        "run the hook by hand, or look into the journal for its own message",
    ),
)
_BY_PATTERN = tuple(
    (re.compile(pattern, re.IGNORECASE), meaning, step) for pattern, meaning, step in (*_CAUSES, *OPTIONS)
)


def known_cause(text: str, named: tuple[str, ...]) -> Told | None:
    """The cause that a message tells, if it is a known one."""
    for pattern, meaning, step in _BY_PATTERN:
        if pattern.search(text):
            return Told(named, meaning, runtime=True, refused=True, step=step)
    return None
