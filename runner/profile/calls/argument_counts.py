"""The number of arguments that each call has.

Facts from the `SYSCALL_DEFINEn` and the tables of calls of Linux 6.12, and for the calls that came later, or that the
kernel writes in assembler, from the tables of strace 7.2. On machines of 32 bits, each half of an argument of 64 bits
counts by itself, and so does a register that is left out before it.
"""

from runner.profile.calls.syscalls import Arch


def _counts(text: str) -> dict[str, int]:
    """By call, the number before the colon of its line."""
    return {
        call: int(number)
        for number, _, calls in (line.partition(":") for line in text.strip().splitlines())
        for call in calls.split()
    }


_COUNTS = _counts(
    """
    0: fork getegid getegid32 geteuid geteuid32 getgid getgid32 getpgrp getpid getppid gettid getuid getuid32
    0: inotify_init munlockall pause restart_syscall rt_sigreturn sched_yield setsid sgetmask sigreturn switch_endian
    0: sync uretprobe vfork vhangup
    1: acct adjtimex alarm brk chdir chroot close dup epoll_create epoll_create1 eventfd exit exit_group fchdir
    1: fdatasync fsync get_thread_area getpgid getsid inotify_init1 io_destroy iopl memfd_secret mlockall mq_unlink
    1: nice oldolduname olduname personality pipe pkey_free rmdir rtas sched_get_priority_max sched_get_priority_min
    1: sched_getscheduler set_thread_area set_tid_address setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32
    1: setuid setuid32 shmdt sigpending ssetmask stime swapoff syncfs sysinfo time timer_delete timer_getoverrun times
    1: umask umount uname unlink unshare uselib userfaultfd vm86old
    2: access arch_prctl capget capset chmod clock_adjtime clock_adjtime64 clock_getres clock_getres_time64
    2: clock_gettime clock_gettime64 clock_settime clock_settime64 clone3 creat delete_module dup2 eventfd2
    2: fanotify_init fchmod flock fremovexattr fsopen fstat fstat64 fstatfs ftruncate getcwd getgroups getgroups32
    2: getitimer getpriority getrlimit getrusage gettimeofday inotify_rm_watch io_setup io_uring_setup ioprio_get kill
    2: landlock_restrict_self link listen lremovexattr lstat lstat64 memfd_create mkdir mlock mq_notify msgget munlock
    2: munmap nanosleep oldfstat oldlstat oldstat pidfd_open pipe2 pivot_root pkey_alloc process_mrelease removexattr
    2: rename rt_sigpending rt_sigsuspend s390_guarded_storage s390_runtime_instr sched_getparam sched_rr_get_interval
    2: sched_rr_get_interval_time64 sched_setparam set_robust_list setdomainname setgroups setgroups32 sethostname
    2: setns setpgid setregid setregid32 setreuid setreuid32 setrlimit settimeofday shutdown sigaltstack signal
    2: socketcall stat stat64 statfs swapon symlink timer_gettime timer_gettime64 timerfd_create timerfd_gettime
    2: timerfd_gettime64 tkill truncate ugetrlimit umount2 ustat utime utimes vm86
    3: accept bind bpf cachectl cacheflush chown chown32 close_range connect dup3 execve faccessat fchmodat fchown
    3: fchown32 fcntl fcntl64 finit_module flistxattr fsmount fspick fstatfs64 futimesat get_robust_list getcpu
    3: getdents getdents64 getpeername getrandom getresgid getresgid32 getresuid getresuid32 getsockname init_module
    3: inotify_add_watch io_cancel io_submit ioctl ioperm ioprio_set landlock_create_ruleset lchown lchown32 listxattr
    3: llistxattr lookup_dcookie lseek lsm_list_modules madvise map_shadow_stack membarrier mincore mkdirat mknod
    3: mlock2 modify_ldt mprotect mq_getsetattr mseal msgctl msync open open_by_handle_at open_tree pciconfig_iobase
    3: pidfd_getfd poll read readahead readdir readlink readv recvmsg riscv_flush_icache rt_sigqueueinfo
    3: s390_pci_mmio_read s390_pci_mmio_write sched_getaffinity sched_setaffinity sched_setattr sched_setscheduler
    3: seccomp semget semop sendmsg set_mempolicy setitimer setpriority setresgid setresgid32 setresuid setresuid32
    3: shmat shmctl shmget sigaction signalfd sigprocmask sigsuspend socket spu_run statfs64 subpage_prot swapcontext
    3: symlinkat sys_debug_setcontext sysfs syslog tgkill timer_create unlinkat waitpid write writev
    4: accept4 cachestat clock_nanosleep clock_nanosleep_time64 epoll_ctl epoll_wait faccessat2 fadvise64 fallocate
    4: fchmodat2 fgetxattr fstatat64 ftruncate64 futex_requeue futex_wake getxattr io_uring_register kexec_load
    4: landlock_add_rule lgetxattr listmount lsm_get_self_attr lsm_set_self_attr migrate_pages mknodat mq_open msgsnd
    4: newfstatat openat openat2 pidfd_send_signal pkey_mprotect pread64 prlimit64 ptrace pwrite64 quotactl quotactl_fd
    4: readlinkat reboot recv removexattrat renameat request_key rseq rt_sigaction rt_sigprocmask rt_sigtimedwait
    4: rt_sigtimedwait_time64 rt_tgsigqueueinfo s390_sthyi sched_getattr semctl semtimedop semtimedop_time64 send
    4: sendfile sendfile64 sendmmsg set_mempolicy_home_node signalfd4 socketpair spu_create statmount sync_file_range
    4: sync_file_range2 sysmips tee timer_settime timer_settime64 timerfd_settime timerfd_settime64 truncate64
    4: utimensat utimensat_time64 vmsplice wait4
    5: _llseek _newselect add_key clone execveat fanotify_mark fchownat file_getattr file_setattr fsconfig fsetxattr
    5: futex_waitv get_mempolicy getsockopt io_getevents kcmp kexec_file_load keyctl linkat listxattrat lsetxattr mount
    5: mount_setattr move_mount mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mremap msgrcv
    5: name_to_handle_at open_tree_attr pciconfig_read pciconfig_write perf_event_open ppoll ppoll_time64 prctl preadv
    5: process_madvise pwritev recvmmsg recvmmsg_time64 remap_file_pages renameat2 select setsockopt setxattr statx
    5: waitid
    6: arm_fadvise64_64 arm_sync_file_range copy_file_range epoll_pwait epoll_pwait2 fadvise64_64 futex futex_time64
    6: futex_wait getxattrat io_pgetevents io_pgetevents_time64 io_uring_enter ipc mbind mmap mmap2 move_pages preadv2
    6: process_vm_readv process_vm_writev pselect6 pselect6_time64 pwritev2 recvfrom sendto setxattrat splice
    """
)
_ELSEWHERE: dict[tuple[str, str], int] = {
    (call, arch): int(number)
    for machines, _, calls in (
        line.partition(":")
        for line in """
    mips mips64 mips64p32 mipsle mips64le mips64p32le 0: pipe
    386 ppc 1: select
    386 s390 s390x 1: mmap
    mips mipsle ppc 1: sigsuspend
    s390 1: fadvise64_64 mmap2
    386 s390 3: ftruncate64 truncate64
    386 arm mips mipsle ppc s390 4: lookup_dcookie
    386 s390 4: readahead
    x32 4: preadv pwritev
    386 s390 5: fadvise64 pread64 pwrite64
    arm mips mipsle ppc 5: readahead
    s390 s390x 5: ipc
    x32 5: preadv2 pwritev2
    386 arm mips mipsle ppc s390 6: fallocate fanotify_mark
    386 mips mipsle s390 6: sync_file_range
    arm mips mipsle ppc 6: pread64 pwrite64
    mips mipsle ppc 6: fadvise64
    ppc 6: sync_file_range2
    """.strip().splitlines()
    )
    for *arches, number in [machines.split()]
    for arch in arches
    for call in calls.split()
}
"""The counts of a call on some architectures, by Go's names, where they differ."""


def argument_count(name: str, arch: Arch) -> int | None:
    """The number of arguments of a call on an architecture; None if it is not known."""
    return _ELSEWHERE.get((name, arch.go), _COUNTS.get(name))
