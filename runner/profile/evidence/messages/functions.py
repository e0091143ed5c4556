"""The calls behind functions that messages name: of the C library, and of libuv, on which Node stands."""

from runner.profile.calls.c_library import CALLS
from runner.profile.calls.table import words_by_key

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
