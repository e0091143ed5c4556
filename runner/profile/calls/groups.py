"""The purpose of each system call: every name that a profile may use, in groups."""

from typing import NamedTuple


class Group(NamedTuple):
    """Calls that serve one purpose; `id` is the name of the group in `profiles/src` and in `show`."""

    id: str
    title: str
    calls: tuple[str, ...]


def _group(identifier: str, title: str, calls: str) -> Group:
    return Group(identifier, title, tuple(sorted(calls.split())))


GROUPS = (
    _group(
        "files",
        "open, read and write files",
        """open openat openat2 creat close close_range read write readv writev pread64 pwrite64 preadv
        pwritev preadv2 pwritev2 lseek _llseek dup dup2 dup3 fcntl fcntl64 flock ioctl sendfile
        sendfile64 splice tee vmsplice copy_file_range truncate truncate64 ftruncate ftruncate64
        fallocate fsync fdatasync sync syncfs sync_file_range sync_file_range2 arm_sync_file_range
        fadvise64 fadvise64_64 arm_fadvise64_64 readahead cachestat umask pipe pipe2""",
    ),
    _group(
        "directories",
        "directories, links and special files",
        """mkdir mkdirat rmdir rename renameat renameat2 link linkat unlink unlinkat symlink symlinkat
        readlink readlinkat getdents getdents64 readdir getcwd chdir fchdir mknod mknodat
        name_to_handle_at""",
    ),
    _group(
        "status",
        "look at files and filesystems",
        """stat stat64 lstat lstat64 fstat fstat64 fstatat64 newfstatat statx statfs statfs64 fstatfs
        fstatfs64 statmount listmount access faccessat faccessat2 oldstat oldlstat oldfstat ustat""",
    ),
    _group(
        "attributes",
        "modes, owners, times and extended attributes of files",
        """chmod fchmod fchmodat fchmodat2 chown chown32 fchown fchown32 fchownat lchown lchown32 utime
        utimes futimesat utimensat utimensat_time64 getxattr lgetxattr fgetxattr getxattrat setxattr
        lsetxattr fsetxattr setxattrat listxattr llistxattr flistxattr listxattrat removexattr
        lremovexattr fremovexattr removexattrat file_getattr file_setattr""",
    ),
    _group(
        "memory",
        "map, protect and share memory",
        """brk mmap mmap2 munmap mremap mprotect pkey_alloc pkey_free pkey_mprotect madvise mincore
        mlock mlock2 mlockall munlock munlockall msync memfd_create memfd_secret remap_file_pages
        membarrier mseal map_shadow_stack""",
    ),
    _group(
        "numa",
        "place memory on nodes",
        """get_mempolicy set_mempolicy set_mempolicy_home_node mbind migrate_pages move_pages""",
    ),
    _group(
        "processes",
        "start, replace, wait for and end processes and threads",
        """fork vfork clone clone3 execve execveat exit exit_group wait4 waitid waitpid getpid getppid
        gettid getpgid getpgrp setpgid getsid setsid set_tid_address set_robust_list get_robust_list
        set_thread_area get_thread_area rseq pidfd_open pidfd_send_signal process_mrelease prctl
        restart_syscall""",
    ),
    _group(
        "identity",
        "users, groups and capabilities of a process",
        """getuid getuid32 geteuid geteuid32 getgid getgid32 getegid getegid32 getresuid getresuid32
        getresgid getresgid32 setuid setuid32 setgid setgid32 setreuid setreuid32 setregid
        setregid32 setresuid setresuid32 setresgid setresgid32 setfsuid setfsuid32 setfsgid
        setfsgid32 getgroups getgroups32 setgroups setgroups32 capget capset""",
    ),
    _group(
        "signals",
        "send and handle signals",
        """kill tkill tgkill rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn
        rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo sigaltstack
        sigprocmask sigreturn sigaction sigpending sigsuspend signal sgetmask ssetmask signalfd
        signalfd4 pause""",
    ),
    _group(
        "time",
        "clocks and timers",
        """time gettimeofday clock_gettime clock_gettime64 clock_getres clock_getres_time64
        clock_nanosleep clock_nanosleep_time64 nanosleep alarm getitimer setitimer timer_create
        timer_delete timer_getoverrun timer_gettime timer_gettime64 timer_settime timer_settime64
        timerfd timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64
        times adjtimex clock_adjtime clock_adjtime64""",
    ),
    _group("clock", "set the machine's clock", "clock_settime clock_settime64 settimeofday stime"),
    _group(
        "scheduling",
        "processor time and priorities",
        """sched_yield sched_getaffinity sched_setaffinity sched_getattr sched_setattr sched_getparam
        sched_setparam sched_getscheduler sched_setscheduler sched_get_priority_max
        sched_get_priority_min sched_rr_get_interval sched_rr_get_interval_time64 getpriority
        setpriority nice ioprio_get ioprio_set getcpu""",
    ),
    _group(
        "waiting",
        "wait for events and for other threads",
        """poll ppoll ppoll_time64 select _newselect pselect6 pselect6_time64 epoll_create
        epoll_create1 epoll_ctl epoll_ctl_old epoll_wait epoll_wait_old epoll_pwait epoll_pwait2
        eventfd eventfd2 futex futex_time64 futex_wait futex_wake futex_waitv futex_requeue""",
    ),
    _group(
        "network",
        "sockets",
        """socket socketpair socketcall bind listen accept accept4 connect shutdown getsockname
        getpeername getsockopt setsockopt send sendto sendmsg sendmmsg recv recvfrom recvmsg
        recvmmsg recvmmsg_time64""",
    ),
    _group(
        "ipc",
        "System V and POSIX queues, semaphores and shared memory",
        """ipc msgctl msgget msgrcv msgsnd semctl semget semop semtimedop semtimedop_time64 shmat
        shmctl shmdt shmget mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64
        mq_timedsend mq_timedsend_time64 mq_unlink""",
    ),
    _group(
        "aio",
        "asynchronous input and output",
        "io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents io_pgetevents_time64",
    ),
    _group("io-uring", "io_uring", "io_uring_setup io_uring_enter io_uring_register"),
    _group(
        "watching",
        "watch files change",
        """inotify_init inotify_init1 inotify_add_watch inotify_rm_watch fanotify_init fanotify_mark""",
    ),
    _group(
        "limits", "resource limits and usage", "getrlimit ugetrlimit setrlimit prlimit64 getrusage ulimit"
    ),
    _group(
        "sandboxing",
        "give up rights",
        """seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self""",
    ),
    _group("security-modules", "security modules", "lsm_get_self_attr lsm_set_self_attr lsm_list_modules"),
    _group("system", "ask about the machine", "uname sysinfo getrandom olduname oldolduname"),
    _group("personality", "execution domains", "personality"),
    _group(
        "tracing",
        "look into other processes",
        """ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd""",
    ),
    _group(
        "profiling",
        "performance events and BPF programs",
        "perf_event_open bpf lookup_dcookie uprobe uretprobe",
    ),
    _group("keys", "the kernel's keyrings", "add_key request_key keyctl"),
    _group("page-faults", "handle page faults in user space", "userfaultfd"),
    _group("handles", "open a file by a handle, past its directory's permissions", "open_by_handle_at"),
    _group(
        "mounts",
        "mount filesystems and change the root",
        """mount umount umount2 mount_setattr move_mount open_tree open_tree_attr fsopen fsconfig
        fsmount fspick pivot_root quotactl quotactl_fd""",
    ),
    _group("chroot", "change the root directory", "chroot"),
    _group("namespaces", "make and enter namespaces", "unshare setns sethostname setdomainname"),
    _group("modules", "kernel modules", "init_module finit_module delete_module create_module query_module"),
    _group("power", "reboot and load another kernel", "reboot kexec_load kexec_file_load"),
    _group("swap", "swap space", "swapon swapoff"),
    _group("accounting", "process accounting", "acct"),
    _group("ports", "processor input and output ports", "ioperm iopl"),
    _group("terminals", "hang up terminals", "vhangup"),
    _group("kernel-log", "the kernel's log", "syslog"),
    _group(
        "architecture",
        "particular processors",
        """arch_prctl modify_ldt cacheflush breakpoint set_tls get_tls usr26 usr32 swapcontext
        riscv_flush_icache riscv_hwprobe s390_guarded_storage s390_pci_mmio_read s390_pci_mmio_write
        s390_runtime_instr s390_sthyi subpage_prot switch_endian sys_debug_setcontext rtas
        spu_create spu_run sysmips cachectl pciconfig_iobase pciconfig_read pciconfig_write
        multiplexer vm86 vm86old""",
    ),
    _group(
        "dead",
        "removed or never implemented",
        """_sysctl sysfs uselib nfsservctl afs_syscall bdflush break ftime get_kernel_syms getpmsg gtty
        idle lock mpx prof profil putpmsg security stty syscall tuxcall vserver""",
    ),
)

GROUP_OF = {call: group for group in GROUPS for call in group.calls}
"""The group of each call."""

KNOWN = GROUP_OF.keys()
"""Every name of a system call, on any architecture."""
