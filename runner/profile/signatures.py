"""Which arguments of a call are pointers, and which the kernel cuts to 32 bits."""


def _table(text: str) -> dict[str, frozenset[int]]:
    """Lines of `INDICES: CALLS`."""
    table: dict[str, frozenset[int]] = {}
    for line in text.strip().splitlines():
        indices, _, calls = line.partition(":")
        positions = frozenset(map(int, indices.split()))
        table.update(dict.fromkeys(calls.split(), positions))
    return table


POINTERS = _table(
    """
    0: access acct chdir chmod chown chroot clone3 creat delete_module lchown mkdir mknod open rmdir
    0: setdomainname sethostname stat statfs swapoff swapon truncate umount umount2 unlink uselib utime utimes
    0 1: link lstat pivot_root rename symlink readlink getxattr
    0 1 2: execve
    0 1 2: lgetxattr lremovexattr removexattr setxattr lsetxattr
    0 1 2 4: mount
    1: bind bpf connect connectat faccessat faccessat2 fchmodat fchmodat2 fchownat getcwd getdents getdents64
    1: mkdirat mknodat name_to_handle_at newfstatat open_by_handle_at open_tree openat read recvmsg send recv
    1: sendmsg statx symlinkat unlinkat write pread64 pwrite64 readv writev fspick inotify_add_watch
    1 2: execveat openat2 readlinkat futimesat utimensat getsockname getpeername accept accept4
    1 3: linkat move_mount renameat renameat2
    1 4: recvfrom sendto
    0 2: init_module
    1: finit_module
    """
)
"""Arguments whose value is an address: what it points to is out of a filter's sight."""

INT_ARGUMENTS = _table(
    """
    0: alarm close dup epoll_create exit exit_group fchdir fsync fdatasync getpgid getsid io_uring_setup
    0: personality timerfd_create umask userfaultfd inotify_init1 pipe2 eventfd memfd_secret swapoff
    0 1: dup2 dup3 fchmod fcntl flock ioctl kill listen prctl setns shutdown tkill pidfd_open fchown
    0 1 2: accept4 socket socketpair tgkill sched_setscheduler setresuid setresgid
    0 1: setuid setgid setreuid setregid setpgid bind connect getpriority
    0 1 2 4: setsockopt getsockopt
    0 2 3: fchmodat2 openat
    0 2: fchmodat mkdirat mknodat unlinkat faccessat
    0: keyctl bpf
    0 4: fchownat linkat renameat2 execveat
    1: access chmod creat mkdir mknod umount2 swapon
    1 2: chown lchown open
    2: madvise setpriority sendmsg recvmsg
    2 4: statx
    3: accept recvfrom sendto
    """
)
"""Arguments that the kernel takes as `int`, `unsigned int` or less, dropping the upper half of the register."""
