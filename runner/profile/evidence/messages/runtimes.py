"""Messages of runtimes about what they do before the program starts.

runc's were measured by denying it one call at a time (versions 1.1.5, 1.1.15 and 1.3.6), and so were crun's (1.8.1): a
message names the operation that failed, not the call.
"""

import re

from runner.profile.evidence.messages.functions import calls_of
from runner.profile.evidence.messages.model import OF_THREADS, Told
from runner.profile.evidence.messages.phrases import Phrases, first_phrase

OF_RUNTIME = re.compile(
    r"\b(?:runc|crun|youki|libcontainer|containerd|docker|podman|oci runtime|container create"
    r"|container (?:init|process)|response from daemon)\b"
    r"|failed at step seccomp",
    re.IGNORECASE,
)
"""A sign that a runtime or an engine speaks."""
_RUNTIME: Phrases = (
    (
        r"did not terminate suc\w+: (?:exit status 159|signal: bad system call)",
        "",
        "seccomp killed the runtime itself before the program started, for a call that the message does not name",
    ),
    (r"^(?:Error: )?(?:OCI [a-z ]+: )?(?:crun: )?capset: ", "capset", "crun could not set the capabilities"),
    (r"prctl drop bounding", "prctl", "crun could not drop capabilities"),
    (r"cannot setresuid to", "setresuid", "crun could not change the user"),
    (r"cannot setresgid to", "setresgid", "crun could not change the group"),
    (
        r"\bmount [`'][^`']{1,300}[`'] to [`']",
        "mount",
        "the runtime could not mount a filesystem of the container",
    ),
    (
        r"(?:error mounting \"|mounting \".{1,300}\" to rootfs ).{0,1000}(?:not permitted|permission denied)",
        "mount fsopen fsmount move_mount open_tree mount_setattr",
        "the runtime could not mount a filesystem; it does so before the container's own profile counts, so that the "
        "profile of a container around it may have denied it",
    ),
    (
        r"ensure we are a cloned binary",
        "memfd_create openat sendfile execve",
        "runc could not make the copy of itself that it goes on in; it does so before the container's own profile "
        "counts",
    ),
    (r"exec container process", "execve execveat", "crun could not execute the program"),
    (
        r"apparmor failed to apply|set apparmor profile",
        "openat write",
        "runc could not set the AppArmor profile",
    ),
    (r"unable to apply caps", "capset", "runc could not set the capabilities"),
    (r"unable to get capability version", "capget", "runc could not read the capabilities"),
    (r"unable to apply bounding set", "prctl", "runc could not drop capabilities"),
    (r"(?:set|clear) keep caps", "prctl", "runc could not keep its capabilities while it changes the user"),
    (r"chdir to cwd", "chdir", "runc could not enter the working directory"),
    (r"working directory is safe", "getcwd", "runc could not ask for the working directory"),
    (r"(?:procfs detected: |\b)openat2 ", "openat2", "runc could not open a file of /proc"),
    (r"(?:create|join) session key|create keyring ", "keyctl", "the runtime could not make a keyring"),
    (r"setup user: setgroups|(?<![/\w])setgroups: ", "setgroups", "runc could not set the groups"),
    (r"setup user: f?stat |fstat /dev", "fstat newfstatat", "runc could not look at the standard streams"),
    (r"fstatfs|is on procfs", "fstatfs", "runc could not check that /proc is a procfs"),
    (r"readdirent", "getdents64", "runc could not list its open files"),
    (r"STATX_MNT_ID", "statx", "runc could not check that /proc is a procfs"),
    (r"setup user: operation", "setuid setgid", "runc could not change the user"),
    (
        r"open exec fifo|(?:runc|OCI runtime|container init|init process).{0,400}open /(?:proc|sys|dev)/",
        "openat openat2",
        "runc could not open a file",
    ),
    (r"read /proc/", "read pread64", "runc could not read a file of /proc"),
    (r"close log ?pipe", "close", "runc could not close a file"),
    (r"exec: \"[^\"]*\": stat ", "newfstatat statx", "runc could not look at the program"),
    (
        r"fork/exec .{0,1000}operation not permitted",
        "execve clone clone3 execveat",
        "a process could not be started, maybe one with namespaces of its own",
    ),
    (r"start container process: operation not permitted", "capget", "runc could not read the capabilities"),
)
_EXECUTING: Phrases = (
    (
        r"(?<![\w/-])exec(?: user process caused)?:? .{0,1000}operation not permitted",
        "execve clone clone3 execveat",
        "the program could not be executed",
    ),
)
"""Messages about the last step, long after the namespaces were made: then a runtime only makes threads."""
RUNTIME_ALONE: Phrases = (
    (r"read from the init process", "", "crun's init could not tell what it failed at, or was killed"),
    (r"already running container", "write", "runc could not report that it is ready"),
    (
        r"(?:runc|container|oci).{0,400}futex facility returned",
        "futex",
        "runc's C library was refused a lock",
    ),
    (r"failed to create new OS thread", "clone clone3", "Go could not start a thread"),
    (
        r"invalid memory address or nil pointer|process is already dead",
        "getppid setuid setgid",
        "runc's init died",
    ),
    (
        r"cannot start a stopped process|OCI runtime (?:create|start) failed|unable to start container process",
        "",
        "runc could not do what it does before the program starts",
    ),
)
"""Messages that need no reason, such as `operation not permitted`, to be about a refusal."""
_OF_GO = re.compile(
    r"(?<![\w./-])(chmod|chown|fchmodat2?|fchown|fstat|lchown|link|lsetxattr|lstat|mkdir|mkdirat|mknod|openat|readlink"
    r"|rename|setxattr|stat|statfs|symlink|truncate|unlinkat|utimensat) (?:\.{0,2}/|\w+ )\S*: "
    r"(?:operation not permitted|function not implemented)"
)
"""An error of Go, with the operation and its file."""


def before_the_program(text: str) -> Told | None:
    """What a runtime says of what it does before the program starts; also what any program of Go says of a file."""
    if found := first_phrase(_RUNTIME, text):
        return Told(*found, runtime=True)
    if found := first_phrase(_EXECUTING, text):
        return Told(*found, runtime=True, flags=OF_THREADS)
    if of_go := _operation_of_go(text):
        return of_go
    found = first_phrase(RUNTIME_ALONE, text)
    return Told(*found, runtime=True, flags=OF_THREADS) if found else None


def _operation_of_go(text: str) -> Told | None:
    """Runtimes are programs of Go, and so are others: only the text around the error tells whose it is."""
    operation = _OF_GO.search(text)
    if operation is None:
        return None
    name = operation[1]
    calls = calls_of(name) or (name,)
    of_runtime = OF_RUNTIME.search(text) is not None
    return Told(calls, f"the message names the operation {name}", runtime=of_runtime)
