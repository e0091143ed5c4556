"""A text of each format."""

LXC = """2
denylist errno 5
[all]
reject_force_umount  # comment in the old style
kexec_load errno 1
chmod errno 38 [1,0x1ff,SCMP_CMP_EQ]
chown allow
ioctl errno 13 [1,0x5412,SCMP_CMP_MASKED_EQ,0xffffffff]
socket errno 97 [0,16,==] [2,9,>=]
[x86]
open errno 1
[arm64]
fchmodat trap
"""
STRACE_COUNT = """\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 42.31    0.000011           5         2           openat
 30.77    0.000008           8         1         1 faccessat2
  0.00    0.000000           0         3           syscall_0x1c4
------ ----------- ----------- --------- --------- ----------------
100.00    0.000026           4         6         1 total
"""
STRACE = """\
execve("/bin/cat", ["cat", "write(1)"], 0x7ffd /* 10 vars */) = 0
[pid  4711] openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3
4712  12:30:01.000001 read(3, "root:x", 4096) = 6
1700000000.5 futex(0x1, FUTEX_WAIT, 0, NULL <unfinished ...>
[pid  4711] <... nanosleep resumed>NULL) = 0
--- SIGCHLD {si_signo=SIGCHLD} ---
strace: Process 4713 attached
exit_group(0)                           = ?
+++ exited with 0 +++
"""
AUDIT = """\
audit: type=1326 audit(1700000000.123:42): auid=1000 uid=0 comm="chmod" exe="/bin/chmod" sig=0 arch=c000003e syscall=90 compat=0 ip=0x7f code=0x7ffc0000
type=SECCOMP msg=audit(1700000000.2:43): comm="x" arch=40000003 syscall=15 compat=1 code=0x7ffc0000
type=SECCOMP msg=audit(10/10/2026 10:00:00.2:43) : comm=x arch=aarch64 syscall=fchmodat code=log
type=SYSCALL msg=audit(1.1:1): arch=c000003e syscall=59 success=yes
"""  # noqa: E501 - a record is one line
