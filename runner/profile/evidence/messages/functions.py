"""The calls behind functions that messages name: of the C library, and of libuv, on which Node stands."""

from runner.profile.calls.c_library import CALLS
from runner.profile.calls.table import words_by_key
from runner.profile.evidence.messages.model import OF_PROCESSES

LIBUV = words_by_key(
    """
    copyfile: copy_file_range sendfile fchmod
    exec: execve execveat
    futime: utimensat futimesat
    listen: listen bind socket
    lutime: utimensat
    scandir: openat getdents64 open
    spawn: clone clone3 vfork fork execve
    uv_cwd: getcwd
    watch: inotify_init1 inotify_add_watch
    """
)
"""By a function of libuv that makes other calls than the C library's function of that name, the likeliest first."""
_OWN = frozenset(("syslog",))
"""Functions that report no error: a message with such a name is about the call."""


def calls_of(function: str) -> tuple[str, ...]:
    """The calls that a function makes; none for one that is not listed."""
    if function.startswith("keyctl_"):
        return ("keyctl",)
    if function in _OWN:
        return (function,)
    return LIBUV.get(function) or CALLS.get(function, ())


_STARTS_PROCESSES = frozenset(
    ("fork", "vfork", "popen", "posix_spawn", "posix_spawnp", "spawn", "system", "daemon")
)


def flags_of(function: str) -> str:
    """The flags of `clone` in a function; "" for one that does not call it, or with any flags."""
    return OF_PROCESSES if function in _STARTS_PROCESSES else ""
