"""The calls behind functions of libraries: what a message names is seldom the call that the kernel saw."""

_STAT = "newfstatat statx stat"
CALLS = {
    "open": "openat open openat2",
    "opendir": "openat open",
    "scandir": "openat getdents64 open",
    "stat": _STAT,
    "lstat": "newfstatat statx lstat",
    "fstat": "newfstatat fstat statx",
    "access": "faccessat2 faccessat access",
    "mkdir": "mkdir mkdirat",
    "mkdtemp": "mkdir mkdirat",
    "mkfifo": "mknodat mknod",
    "rmdir": "rmdir unlinkat",
    "unlink": "unlink unlinkat",
    "rename": "rename renameat2 renameat",
    "link": "link linkat",
    "symlink": "symlink symlinkat",
    "readlink": "readlink readlinkat",
    "realpath": "readlink readlinkat",
    "chmod": "fchmodat chmod fchmodat2",
    "chown": "fchownat chown",
    "lchown": "fchownat lchown",
    "utime": "utimensat utime",
    "futime": "utimensat futimesat",
    "lutime": "utimensat",
    "utimes": "utimensat utimes",
    "copyfile": "copy_file_range sendfile fchmod",
    "uv_cwd": "getcwd",
    "spawn": "clone clone3 vfork fork execve",
    "fork": "clone clone3 fork",
    "exec": "execve execveat",
    "watch": "inotify_init1 inotify_add_watch",
    "listen": "listen bind socket",
    "seteuid": "setresuid setreuid",
    "setegid": "setresgid setregid",
}
"""The likeliest call first."""


def calls_of(function: str) -> tuple[str, ...]:
    """The calls that a function makes; none for one that is not listed."""
    if function.startswith("keyctl_"):
        return ("keyctl",)
    return tuple(CALLS.get(function, "").split())
