"""Error messages of runtimes, engines and programs → the calls whose denial they may come from.

runc's messages were measured by denying it one call at a time (versions 1.1.5, 1.1.15 and 1.3.6), and so were crun's
(1.8.1): a message names the operation that failed, not the call.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from runner.profile.calls.groups import KNOWN
from runner.profile.evidence.deaths import DEATH, OTHERS, death, other_module, own_sandbox
from runner.profile.evidence.functions import calls_of
from runner.profile.evidence.programs import FILES, PROGRAMS, PROGRAMS_ALONE


class Told(NamedTuple):
    """The meaning of a message: the calls that it may be about, the likeliest first, and its source.

    `runtime` if it comes from before the program started: then several calls may be missing, and the message shows only
    the first. `refused` if the profile itself was refused, and no call was denied. `step` is the remedy where the usual
    one does not help: for a refused profile whose text is not at fault, or if no profile of a container is.
    """

    calls: tuple[str, ...]
    meaning: str
    runtime: bool = False
    refused: bool = False
    step: str = ""


_RUNTIME = (
    (r"^(?:Error: )?(?:OCI [a-z ]+: )?(?:crun: )?capset: ", "capset", "crun could not set the capabilities"),
    (r"prctl drop bounding", "prctl", "crun could not drop capabilities"),
    (r"cannot setresuid to", "setresuid", "crun could not change the user"),
    (r"cannot setresgid to", "setresgid", "crun could not change the group"),
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
    (r"(?:create|join) session key", "keyctl", "runc could not make a keyring"),
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
    (r"close log ?pipe|close logpipe", "close", "runc could not close a file"),
    (r"exec: \"[^\"]*\": stat ", "newfstatat statx", "runc could not look at the program"),
    (
        r"(?<![\w/-])exec(?: user process caused)?:? .{0,1000}operation not permitted"
        r"|fork/exec .{0,1000}operation not permitted",
        "execve clone clone3 execveat",
        "the program could not be executed",
    ),
    (r"start container process: operation not permitted", "capget", "runc could not read the capabilities"),
)
_RUNTIME_ALONE = (
    (r"read from the init process", "", "crun's init could not tell what it failed at, or was killed"),
    (r"already running container", "write", "runc could not report that it is ready"),
    (r"futex facility returned", "futex", "runc's C library was refused a lock"),
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
_REFUSED = (
    r"decoding seccomp profile",
    r"is not a valid (?:action|operator|arch(?:itecture)?) for seccomp",
    r"both '(?:name|architectures)' and '",
    r"'(?:name|architectures)' and '(?:names|archMap)' were specified",
    r"syscalls only have up to 6 arguments",
    r"empty string is not a valid syscall",
    r"invalid kernel version",
    r"listenerPath is not set",
    r"error adding (?:seccomp )?(?:filter )?rule|error (?:creating|setting|loading) .*seccomp|seccomp: config",
    r"\brule for syscall \w+: (?:permission|invalid|requested)",
    r"error (?:validating|adding|initializing) .*(?:seccomp|filter)",
    r"two checks on same syscall argument",
    r"(?:unable to validate|action in) seccomp|(?:action|operator), cannot use in rule",
    r"NOTIFY cannot be used as default",
    r"seccomp notify unsupported|unable to fetch SECCOMP_FILTER_FLAG",
    # crun's words.
    r"seccomp get (?:action|operator)|seccomp misses the default action|errno value specified for action",
    r"invalid seccomp (?:action|index)|unknown seccomp (?:option|action)|seccomp (?:unknown|adding) architecture",
    r"get_seccomp_operator|seccomp_rule_add|seccomp \(SECCOMP_SET_MODE_FILTER\)|seccomp_load",
)
_OF_RUNTIME = re.compile(
    r"\b(?:runc|crun|youki|libcontainer|containerd|docker|podman|oci runtime|container create"
    r"|container (?:init|process)|response from daemon)\b"
    r"|failed at step seccomp",
    re.IGNORECASE,
)
_FAULT = re.compile(
    r"(?:failed|error|unable|invalid|cannot)\b.{0,60}\bseccomp\b|\bseccomp\b.{0,40}\b(?:failed|invalid|unknown)\b",
    re.IGNORECASE,
)
"""A fault of a profile where a runtime says so; a program's own filter may fail with the same words."""
_NONE_HERE = re.compile(
    r"seccomp (?:is |profiles are )?not (?:enabled|supported)|but seccomp not supported", re.IGNORECASE
)
_NO_FILE = re.compile(
    r"(?:cannot load seccomp profile|opening seccomp profile|open seccomp file|load(?:ing)? (?:local )?seccomp profile)"
    r".*no such file",
    re.IGNORECASE,
)
_NODE = re.compile(r"kubelet|/seccomp/")
_REFUSAL = (
    r"(?i)not permitted|permission denied|no permission|bad system call|function not implemented|errno ?[=:] ?1\b"
    r"|\b(?:EPERM|ENOSYS|SIGSYS)\b|31/SYS|must be superuser"
)
"""A reason that a refused call gives."""
_DENIED = re.compile(r"operation not permitted|function not implemented", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:(?:syscall|system call|rule for syscall)[ :]+[\"'`]?([a-z][a-z0-9_]+))"
    r"|(?<![\w./-])(?!signal: bad)([a-z][a-z0-9_]*)"
    r"(?=\(|\(\)|: (?:operation not|permission|function not|bad system|EPERM\b|ENOSYS\b)| failed\b| \((?:1|38): )",
    re.IGNORECASE,
)
"""A call that a text says is one, or a function that is named as what failed. Go writes `signal: bad system call`."""
_LEFT_OUT = re.compile(r"unknown (?:seccomp )?syscall \W*([a-z][a-z0-9_]+)\W* ignored", re.IGNORECASE)
_TOOLS = frozenset(
    (
        *("mount", "umount", "unshare", "chmod", "chown", "chroot", "mkdir", "mknod", "reboot", "sync"),
        *("open", "utime"),
    )
)
_OF_GO = re.compile(
    r"(?<![\w./-])(chmod|chown|fchmodat2?|fchown|fstat|lchown|link|lsetxattr|lstat|mkdir|mkdirat|mknod|openat|readlink"
    r"|rename|setxattr|stat|statfs|symlink|truncate|unlinkat|utimensat) (?:\.{0,2}/|\w+ )\S*: "
    r"(?:operation not permitted|function not implemented)"
)
"""An error of Go, with the operation and its file."""
_FUNCTIONS = frozenset(
    (
        *(
            "fopen",
            "opendir",
            "popen",
            "posix_spawn",
            "posix_spawnp",
            "readdir",
            "scandir",
            "shm_open",
            "sem_open",
        ),
        *("mkstemp", "mkfifo", "openpty", "posix_openpt", "isatty", "tcgetattr", "tcsetattr"),
        *("initgroups", "killpg", "realpath", "semop", "sigaction", "statvfs", "waitpid", "execvp", "execv"),
    )
)
"""Functions of the C library that are no calls, and no words that a message has for something else."""
_LIBUV = re.compile(
    r"\b(?:EPERM|ENOSYS|EACCES): [a-z ]{5,40}, ([a-z_]+)"
    r"|\b(spawn|listen|connect|bind) (?:\S+ )?(?:EPERM|ENOSYS|EACCES)\b"
)
"""An error of Node: libuv's function behind the error, or before it."""
_FUNCTION = re.compile(r"\b(keyctl_[a-zA-Z_]+|sete[ug]id)\b")
_FAILURE = r"(?:fail|error|unable|cannot|invalid)"
_ALONE = "|".join(
    (
        "seccomp",
        "closing exec fds|STATX_MNT_ID",
        DEATH.removeprefix("(?i)"),
        OTHERS,
        *(pattern for pattern, _, _ in (*_RUNTIME_ALONE, *PROGRAMS_ALONE)),
    )
).lower()
"""A sign, in lower case, of a line that may be about a refusal though it gives no reason; most lines have none."""


def reports_refusal(text: str) -> bool:
    """True for a line of a log that says that something was refused, or whose words are known to come of that."""
    if re.search(_REFUSAL, text):
        return True
    # Twice as fast as a search that ignores case, and each line of a log comes here.
    low = text.lower()
    sign = re.search(_ALONE, low) or (re.search(_FAILURE, low) and _OF_RUNTIME.search(text))
    return sign is not None and told(text) is not None


def told(text: str) -> Told | None:
    """Read a message about seccomp; None if it is not a known one."""
    text = text.replace('\\"', '"')  # as JSON and the engine's log write it
    if aside := _not_refused_by_seccomp(text):
        return aside
    words = list(_NAMED.findall(text))
    named = tuple(name for pair in words for name in pair if name in KNOWN)
    refused = _refused(text, named)
    if refused:
        return refused
    if before := _before_the_program(text):
        return before
    if function := _LIBUV.search(text) or _FUNCTION.search(text):
        name = next(filter(None, function.groups()))
        if calls := calls_of(name) or ((name,) if name in KNOWN else ()):
            return Told(calls, f"the message names the function {name}")
    if exact := _named(words):
        return exact
    found = _first(PROGRAMS_ALONE, text) or _first(PROGRAMS, text)
    found = found or (_first(FILES, text) if _DENIED.search(text) else None)
    if found:
        return Told(*found)
    if named:
        return Told(tuple(dict.fromkeys(_behind(named))), "the message names the call")
    killed = death(text)
    return Told((), killed) if killed else None


def _not_refused_by_seccomp(text: str) -> Told | None:
    if other := other_module(text) or own_sandbox(text):
        return Told((), other[0], step=other[1])
    if (ignored := _LEFT_OUT.search(text)) and ignored[1] in KNOWN:
        return Told(
            (ignored[1],), "the runtime left the call out of the profile: its libseccomp does not know it"
        )
    return None


def _before_the_program(text: str) -> Told | None:
    """What a runtime says of what it does before the program starts, or a program of Go of a file."""
    if found := _first(_RUNTIME, text):
        return Told(*found, runtime=True)
    if operation := _OF_GO.search(text):
        name = operation[1]
        told_by_runtime = _OF_RUNTIME.search(text) is not None
        return Told(calls_of(name) or (name,), f"the message names the operation {name}", told_by_runtime)
    found = _first(_RUNTIME_ALONE, text)
    return Told(*found, runtime=True) if found else None


def _named(words: list[tuple[str, str]]) -> Told | None:
    """What a message says that names calls, or functions of the C library; None for one that names a tool alone."""
    calls: dict[str, None] = {}
    functions = []
    for call, function in words:
        if call in KNOWN and call not in _TOOLS:
            calls[call] = None
        elif function and function not in _TOOLS and (function in KNOWN or function in _FUNCTIONS):
            behind = calls_of(function)
            calls.update(dict.fromkeys(behind or (function,)))
            functions += [function] * (behind not in ((), (function,)))
    if not calls:
        return None
    if functions:
        return Told(tuple(calls), f"the message names the function {functions[0]}")
    return Told(tuple(calls), "the message names the call")


def _refused(text: str, named: tuple[str, ...]) -> Told | None:
    """What a message says of a profile that was not put in force."""
    if _NO_FILE.search(text):
        where = "on the node, below the kubelet's folder seccomp" if _NODE.search(text) else "there"
        return Told(
            (), "the profile's file is not where it is looked for", True, True, f"put the file {where}"
        )
    if _NONE_HERE.search(text):
        step = "`docker info` lists seccomp under Security Options where the engine has it"
        return Told((), "the engine, or its kernel, has no seccomp, and takes no profile", True, True, step)
    if any(re.search(pattern, text, re.IGNORECASE) for pattern in _REFUSED) or (
        _OF_RUNTIME.search(text) and _FAULT.search(text)
    ):
        return Told(named, "the engine or the runtime refuses the profile itself", runtime=True, refused=True)
    return None


def _behind(names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        yield from calls_of(name) or (name,)


def _first(table: tuple[tuple[str, str, str], ...], text: str) -> tuple[tuple[str, ...], str] | None:
    for pattern, calls, meaning in table:
        if re.search(pattern, text, re.IGNORECASE):
            return tuple(calls.split()), meaning
    return None
