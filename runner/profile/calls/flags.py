"""The arguments of each call that hold flags: several values at once, one bit each."""

from runner.profile.calls.signatures import indexes

FLAG_ARGUMENTS = indexes(
    """
    0: clone epoll_create1 fanotify_init inotify_init1 memfd_secret mlockall personality unshare userfaultfd
    1: chmod creat delete_module eventfd2 fallocate fchmod fsmount mkdir mknod pidfd_open pipe2 seccomp
    1: memfd_create setns socket socketpair swapon timerfd_create umount2
    2: close_range dup3 fchmodat finit_module getrandom kexec_load mkdirat mknodat mlock2 mprotect msync
    1 2: open
    2: open_tree pkey_mprotect shmget statx unlinkat
    2 3: fchmodat2 mmap mmap2 openat
    3: accept4 faccessat2 mount mremap newfstatat recvfrom sendto signalfd4 splice tee utimensat vmsplice
    4: execveat fchownat fsetxattr kexec_file_load linkat lsetxattr move_mount name_to_handle_at
    4: perf_event_open renameat2 setxattr
    """
)
"""By call, the indexes; a file's mode counts as flags."""
