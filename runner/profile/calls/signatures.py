"""The arguments of each call that are pointers, and those that the kernel cuts to 32 bits."""


def indexes(text: str) -> dict[str, frozenset[int]]:
    """By call, the indexes of some of its arguments, from lines of `INDEXES: CALLS`."""
    table: dict[str, frozenset[int]] = {}
    for line in text.strip().splitlines():
        indices, _, listed = line.partition(":")
        calls = listed.split()
        assert table.keys().isdisjoint(calls), "a call stands on one line only"
        table.update(dict.fromkeys(calls, frozenset(map(int, indices.split()))))
    return table


POINTERS = indexes(
    """
    0: access acct chdir chmod chown chroot clone3 creat delete_module fsopen getcwd lchown memfd_create mkdir
    0: mknod open perf_event_open pipe pipe2 rmdir setdomainname sethostname swapoff swapon truncate umount
    0: umount2 unlink uselib
    0 1: link listxattr llistxattr lremovexattr lstat pivot_root readlink removexattr rename stat statfs symlink
    0 1: utime utimes
    0 1 2: add_key execve getxattr lgetxattr lsetxattr request_key setxattr
    0 1 2 4: mount
    0 2: init_module symlinkat
    1: bind bpf connect faccessat faccessat2 fchmodat fchmodat2 fchownat finit_module fspick getdents getdents64
    1: inotify_add_watch io_uring_setup mkdirat mknodat open_by_handle_at open_tree openat pread64 preadv
    1: pwrite64 pwritev read readv recv recvmsg send sendmsg unlinkat write writev
    1 2: accept accept4 futimesat getpeername getsockname newfstatat openat2 readlinkat utimensat
    1 2 3: execveat name_to_handle_at
    1 3: linkat mount_setattr move_mount process_vm_readv process_vm_writev quotactl renameat renameat2
    1 4: sendto statx
    1 4 5: recvfrom
    2: seccomp
    2 3: fsconfig
    3: kexec_file_load setsockopt socketpair
    3 4: getsockopt
    """
)
"""Arguments whose value is an address: a filter cannot see the data at it."""

INT_ARGUMENTS = indexes(
    """
    0: accept alarm clone close dup epoll_create epoll_create1 eventfd exit exit_group fchdir fdatasync fsync
    0: futimesat getdents getpeername getpgid getsid getsockname inotify_init1 io_uring_setup keyctl memfd_secret
    0: openat2 personality pidfd_getfd pread64 prctl process_vm_readv process_vm_writev pwrite64 quotactl read
    0: setfsgid setfsuid setgid setuid socketcall syslog umask userfaultfd write
    0 1: dup2 eventfd2 fchmod fcntl flock getpriority ioctl ioprio_get kill listen membarrier pidfd_open
    0 1: sched_setscheduler seccomp setns setpgid setregid setreuid shutdown timerfd_create tkill
    0 1 2: dup3 fchown getsockopt ioprio_set setpriority setresgid setresuid socket socketpair tgkill
    0 1 2 4: setsockopt
    0 2: bind bpf connect faccessat fchmodat finit_module inotify_add_watch mkdirat move_mount open_by_handle_at
    0 2: open_tree recvmsg renameat sendmsg unlinkat
    0 2 3: faccessat2 fchmodat2 mknodat openat statx
    0 2 3 4: fchownat
    0 2 4: linkat renameat2
    0 3: accept4 newfstatat recv recvfrom send utimensat
    0 3 5: sendto
    0 4: execveat name_to_handle_at
    1: access chmod creat delete_module fsopen memfd_create mkdir pipe2 setdomainname sethostname swapon
    1: symlinkat umount2
    1 2: chown lchown mknod open
    2: madvise mlock2 msync readlink
    3: pkey_mprotect readlinkat
    """
)
"""Arguments that the kernel takes as `int`, `unsigned int` or less, dropping the upper half of the register."""
