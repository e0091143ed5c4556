"""`runner.profile.evidence.messages.programs`: the calls behind the words of programs."""

import pytest

from runner.profile.evidence import read_evidence
from runner.profile.evidence.messages import told
from tests.unit.profile.evidence.reading import AMD64


@pytest.mark.parametrize(
    ("message", "calls"),
    [
        (
            "true: error while loading shared libraries: libc.so.6: cannot stat shared object: Operation not permitted",
            "newfstatat fstat statx",
        ),
        ("libc.so.6: cannot open shared object file: Operation not permitted", "openat open"),
        ("/lib/libc.so.6: cannot read file data: Operation not permitted", "read pread64"),
        ("libc.so.6: cannot close file descriptor: Operation not permitted", "close"),
        ("io_uring_queue_init: Operation not permitted", "io_uring_setup"),
        (
            "java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory",
            "clone3 clone",
        ),
        ("chmod: changing permissions of '/tmp': Operation not permitted", "fchmodat fchmodat2 chmod fchmod"),
        ("unshare: unshare failed: Operation not permitted", "unshare clone"),
        ("mount: /mnt: permission denied.", "mount fsopen fsmount move_mount open_tree mount_setattr"),
        ("umount: /mnt: must be superuser: Operation not permitted", "umount2"),
        ("warning: Error disabling address space randomization: Operation not permitted", "personality"),
        ("setarch: failed to set personality to x86_64: Operation not permitted", "personality"),
        ("pthread_create failed: Operation not permitted", "clone3 clone"),
        ("runtime: failed to create new OS thread (have 2 already; errno=1)", "clone clone3"),
        ("io_uring_setup(8, 0x7f) failed: Operation not permitted", "io_uring_setup"),
        ("perf_event_open: Operation not permitted", "perf_event_open"),
        (
            "loading shared libraries: cannot apply additional memory protection after relocation",
            "mprotect",
        ),
        ("cannot set %fs base address for thread-local storage", "arch_prctl"),
        (
            "W: chmod 0700 of directory /var/lib/apt/lists/partial failed - SetupAPTPartialDirectory "
            "(1: Operation not permitted)",
            "fchmodat fchmodat2 chmod fchmod",
        ),
        (
            "W: chown to _apt:root of directory /var/lib/apt/lists/partial failed - SetupAPTPartialDirectory "
            "(1: Operation not permitted)",
            "fchownat chown lchown fchown",
        ),
        ("ls: cannot open directory '.': Operation not permitted", "openat open fstat newfstatat"),
        (
            'FATAL: could not open shared memory segment "/PostgreSQL.1": Operation not permitted',
            "openat open",
        ),
        ("runuser: cannot set user id: Operation not permitted", "setresgid setresuid setgid setuid"),
        ("gdbserver: Cannot trace process 7: Operation not permitted (1)", "ptrace"),
        ("hostname: you must be root to change the host name", "sethostname"),
        ("Error: crun: mount_setattr `/sys`: Function not implemented: OCI runtime error", "mount_setattr"),
        ("keyctl: Function not implemented", "keyctl"),
        ("keyctl_read: Operation not permitted", "keyctl"),
        ("RuntimeError: can't start new thread", "clone3 clone"),
        ("Assertion `(0) == (uv_thread_create(t.get(), start_thread, this))' failed.", "clone3 clone"),
        ("terminate called after throwing an instance of 'std::system_error'", "clone3 clone"),
        ("Error: EPERM: operation not permitted, chmod '/x'", "chmod fchmodat fchmodat2"),
        ("Error: EPERM: operation not permitted, uv_cwd", "getcwd"),
        ("Error: spawn /bin/x EPERM", "clone clone3 vfork fork execve"),
        ("bwrap: Creating new namespace failed: Operation not permitted", "clone unshare clone3"),
        ("No usable sandbox! Update your kernel", "clone unshare clone3"),
        ("make[1]: /bin/sh: Operation not permitted", "faccessat2 faccessat execve"),
        ("ls: cannot access '/x': Operation not permitted", "newfstatat statx lstat stat"),
        ("rm: cannot remove 'x': Operation not permitted", "unlinkat unlink rmdir"),
        ("chmod: /x: Operation not permitted", "fchmodat fchmodat2 chmod fchmod"),
        ("tar: x: Cannot utime: Operation not permitted", "utimensat utimes utime"),
        ("sd-bus: Failed to open: Operation not permitted", "openat open"),
        ("open /dev/fuse: operation not permitted", "openat openat2 open"),
        ("E: seteuid 42 failed - seteuid (1: Operation not permitted)", "setresuid"),
        ("sudo: unable to set supplemental group IDs: Operation not permitted", "setgroups"),
        ("perf: Error: No permission to enable cycles event.", "perf_event_open"),
        ("strace: ptrace(PTRACE_TRACEME, ...): Operation not permitted", "ptrace"),
        ("could not setup io_uring queue: Operation not permitted", "io_uring_setup"),
        ("qemu: qemu_thread_create: Operation not permitted", "clone3 clone"),
        ("Can't fork, Operation not permitted", "clone clone3 fork vfork"),
        ("dmesg: read kernel buffer failed: Operation not permitted", "syslog"),
        ("libbpf: Error in bpf_object__probe_loading():Operation not permitted(1)", "bpf"),
        ("mount.nfs: Operation not permitted", "mount fsopen fsmount move_mount open_tree mount_setattr"),
        (
            "mount error(1): Operation not permitted",
            "mount fsopen fsmount move_mount open_tree mount_setattr",
        ),
        (
            "Failed at step NAMESPACE spawning /x: Operation not permitted",
            "unshare mount clone setns pivot_root",
        ),
        ("mv: cannot move 'a' to 'b': Operation not permitted", "renameat2 renameat rename"),
        ("ln: failed to create symbolic link 'a': Operation not permitted", "symlinkat symlink"),
        ("cp: cannot create regular file 'b': Operation not permitted", "openat openat2 open creat"),
        ('rsync: chgrp "/x" failed: Operation not permitted (1)', "fchownat fchown chown lchown"),
        ("pidfd_getfd: EPERM (Operation not permitted)", "pidfd_getfd"),
        ("curl: (6) getaddrinfo() thread failed to start", "clone3 clone"),
        ("Fatal Python error: init_interp_main: can't initialize time", "clock_gettime64 clock_gettime"),
        ("liburing: io_uring_queue_init: -38", "io_uring_setup"),
        (
            "thread 'main' panicked at library/std/src/sys/pal/unix/time.rs:9:2:",
            "clock_gettime64 clock_gettime",
        ),
        (
            'IOException: Cannot run program "x": error=1, Operation not permitted',
            "clone3 clone vfork execve",
        ),
        ("Unable to lock JVM Memory: error=1, reason=Operation not permitted", "mlockall"),
        (
            "sudo: unable to change to root gid: Operation not permitted",
            "setresgid setresuid setgid setuid",
        ),
        ("x.service: Failed to set up kernel keyring: Permission denied", "keyctl"),
        ("clone process: operation not permitted", "clone clone3"),
        ("could not copy a to b: Operation not permitted (os error 1)", "copy_file_range sendfile openat"),
        ("sh: 1: x: Operation not permitted", "execve faccessat2 faccessat openat"),
        ("bootstrap: system call filters failed to install; check the logs", "seccomp prctl"),
        (
            "Failed to determine whether /dev is a mount point: Operation not permitted",
            "name_to_handle_at statx newfstatat",
        ),
        ("dpkg: error setting ownership of './x': Operation not permitted", "fchownat fchown chown lchown"),
        (
            'FATAL:  could not write to file "x": Operation not permitted',
            "pwrite64 pwritev write fallocate",
        ),
        ("fatal: failed to start the io-uring driver", "io_uring_setup"),
        ("queue_init: Operation not permitted", "io_uring_setup"),
        ("Assertion `(0) == (uv_gettimeofday(&now))' failed.", "clock_gettime64 clock_gettime"),
        ("Server VM warning: No monotonic clock was available", "clock_gettime64 clock_gettime"),
        ("sleep: cannot read realtime clock: Operation not permitted", "clock_gettime64 clock_gettime"),
        ("Fatal glibc error: cannot get entropy for arc4random", "getrandom"),
        ("The futex facility returned an unexpected error code.", "futex futex_time64"),
        ("failed to fd_walk: operation not permitted", "close_range openat getdents64"),
        ("su-exec: setgroups(1000): Operation not permitted", "setgroups"),
        (
            'error: failed switching to "redis": operation not permitted',
            "setgroups setgid setuid setresgid setresuid",
        ),
        ("mv: can't rename 'a': Operation not permitted", "renameat2 renameat rename"),
        ("chown: .: Operation not permitted", "fchownat chown lchown fchown"),
        (
            "install: cannot change permissions of 'x': Operation not permitted",
            "fchmodat fchmodat2 chmod fchmod",
        ),
        (
            "filesystem error: cannot get status: Operation not permitted [/x]",
            "newfstatat statx lstat stat",
        ),
        ("/usr/bin/env: 'sh': Operation not permitted", "execve faccessat2 faccessat openat"),
        ("/entry.sh: line 3: /x: Operation not permitted", "execve faccessat2 faccessat openat"),
        ("find: '.': Operation not permitted", "newfstatat openat getdents64 statx"),
        (
            "mktemp: failed to create file via template '/tmp/x': Operation not permitted",
            "openat openat2 open creat",
        ),
        (
            "hwloc_set_membind 0x1 (policy 2) failed (errno 1 Operation not permitted)",
            "set_mempolicy mbind get_mempolicy",
        ),
        (
            "[FATAL PerfCounters.cc:298:start_counter() errno: EPERM] Failed to initialize counter",
            "perf_event_open",
        ),
        ("[ERROR] No access to perf events. Try --fdtransfer", "perf_event_open"),
        (
            "Error: Access to performance monitoring and observability operations is limited.",
            "perf_event_open",
        ),
        ("Could not attach to process.  If your uid matches the uid of", "ptrace process_vm_readv"),
        ("could not attach to pid 1: operation not permitted", "ptrace process_vm_readv"),
        ("ltrace: Cannot attach to pid 1: Operation not permitted", "ptrace process_vm_readv"),
        ("Error: Failed to suspend process", "ptrace process_vm_readv"),
        ("initdb: error: popen failure: Operation not permitted", "clone3 clone vfork execve"),
        ("failed to set memlock rlimit: operation not permitted", "prlimit64 setrlimit"),
        ("ntpd: step-systime: Operation not permitted", "clock_settime settimeofday adjtimex"),
        ("bpf: Failed to load program: Operation not permitted", "bpf"),
        ("chrt: failed to set pid 0's policy: Operation not permitted", "sched_setattr sched_setscheduler"),
        ("taskset: failed to set pid 1's affinity: Operation not permitted", "sched_setaffinity"),
        ("renice: failed to set priority for 1 (process ID): Operation not permitted", "setpriority"),
        ('setting the network namespace "x" failed: Operation not permitted', "setns"),
        ("cannot create user namespace: Operation not permitted", "clone unshare clone3"),
        ("nix: error: cloning builder process: Operation not permitted", "clone unshare clone3"),
        (
            "error: this system does not support the kernel namespaces that are required for",
            "clone unshare clone3",
        ),
        (
            "mount --make-shared /run/netns failed: Operation not permitted",
            "mount fsopen fsmount move_mount open_tree mount_setattr",
        ),
        (
            "Failed to mount tmpfs at /run: Operation not permitted",
            "mount fsopen fsmount move_mount open_tree mount_setattr",
        ),
        ("Failed to set capabilities on file '/x': Operation not permitted", "setxattr lsetxattr fsetxattr"),
        ("capsh: failed to set caps: Operation not permitted", "capset prctl"),
        ("chattr: Operation not permitted while setting flags on /x", "ioctl"),
        (
            "thread 'main' panicked at library/std/src/time.rs:6:2: Os { message: \"Operation not permitted\" }",
            "clock_gettime64 clock_gettime",
        ),
        (
            "E: Unable to determine file size for fd 7 - fstat (1: Operation not permitted)",
            "newfstatat fstat statx",
        ),
        (
            'error mounting "proc" to rootfs at "/proc": mount proc:/proc, flags: 0xe: operation not permitted',
            "mount fsopen fsmount move_mount open_tree mount_setattr",
        ),
        ("Job for x.service failed. status=228/SECCOMP", "seccomp prctl"),
        (
            "unable to set apparmor profile: apparmor failed to apply profile: write fsmount:fscontext:proc/"
            "thread-self/attr/apparmor/exec: operation not permitted",
            "openat write",
        ),
        ("keyctl_get_keyring_ID: Operation not permitted", "keyctl"),
        ("syslog: operation not permitted", "syslog"),
        ("chown /workspace: operation not permitted", "chown fchownat"),
        ("symlink a /b/c: operation not permitted", "symlink symlinkat"),
    ],
)
def test_words_lead_to_the_calls_that_they_are_about(message: str, calls: str) -> None:
    found = told(message)
    assert found is not None
    assert (" ".join(found.calls), found.refused) == (calls, False)
    assert read_evidence(message, AMD64).messages
