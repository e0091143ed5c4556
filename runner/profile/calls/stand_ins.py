"""Calls that do the same as others, or nearly: denying only one of them denies little."""

NAMESPACE_FLAGS = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
"""The flags of namespaces that clone and unshare share, from CLONE_NEWNS to CLONE_NEWNET."""
NAMESPACES = sum(NAMESPACE_FLAGS)
"""All of them."""

_KIN = (
    "chmod fchmod fchmodat fchmodat2",
    "chown fchown fchownat lchown",
    "open openat openat2 creat",
    "execve execveat",
    "umount umount2",
    "mkdir mkdirat",
    "rename renameat renameat2",
    "link linkat",
    "symlink symlinkat",
    "mknod mknodat",
    "kill tkill tgkill pidfd_send_signal rt_sigqueueinfo rt_tgsigqueueinfo",
    "setxattr lsetxattr fsetxattr setxattrat",
    "utime utimes futimesat utimensat",
    "init_module finit_module",
    "kexec_load kexec_file_load",
    "setuid setreuid setresuid",
    "setgid setregid setresgid",
    "process_vm_readv process_vm_writev ptrace",
    "accept accept4",
    "sendto sendmsg sendmmsg",
    "recvfrom recvmsg recvmmsg",
    "access faccessat faccessat2",
    "stat lstat fstat newfstatat statx",
    "readlink readlinkat",
    "getdents getdents64",
    "removexattr lremovexattr fremovexattr removexattrat",
    "setrlimit prlimit64",
    "sched_setscheduler sched_setattr",
    "iopl ioperm",
    "inotify_init inotify_init1",
    "dup2 dup3",
    "pipe pipe2",
)
_ONE_WAY = {
    "open": "io_uring_setup open_by_handle_at",
    "openat": "io_uring_setup open_by_handle_at",
    "openat2": "io_uring_setup open_by_handle_at",
    "clone": "clone3 fork vfork",
    "fork": "clone clone3 vfork",
    "vfork": "clone clone3 fork",
    "unshare": "clone clone3",
    "mount": "fsopen fsmount move_mount open_tree mount_setattr",
    "socket": "socketcall io_uring_setup",
    "connect": "socketcall io_uring_setup",
    "rmdir": "unlinkat",
    "unlink": "unlinkat",
    "truncate": "ftruncate",
    "settimeofday": "clock_settime clock_adjtime adjtimex",
    "ptrace": "process_vm_writev",
    "mmap": "mprotect pkey_mprotect",
    "mprotect": "pkey_mprotect",
    "adjtimex": "clock_adjtime clock_settime settimeofday",
    "clock_settime": "settimeofday clock_adjtime adjtimex",
}
_OF_NAMESPACES = {"clone": ("clone3", "unshare")}
"""The calls that make the namespaces of another one: a fork alone makes none."""


def _ways_around() -> dict[str, tuple[str, ...]]:
    ways: dict[str, tuple[str, ...]] = {}
    for kin in map(str.split, _KIN):
        for call in kin:
            ways[call] = tuple(other for other in kin if other != call)
    for call, others in _ONE_WAY.items():
        ways[call] = tuple(dict.fromkeys((*ways.get(call, ()), *others.split())))
    return ways


_WAYS_AROUND = _ways_around()
REPLACEABLE = tuple(_WAYS_AROUND)
"""The calls that others can stand in for."""


def stand_ins(name: str, *, namespaces: bool = False) -> tuple[str, ...]:
    """The calls that can stand in for another one; with `namespaces`, for one that makes namespaces."""
    if namespaces and name in _OF_NAMESPACES:
        return _OF_NAMESPACES[name]
    return _WAYS_AROUND.get(name, ())
