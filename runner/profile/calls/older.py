"""Calls that newer architectures lack, with the calls that programs make instead."""

_INSTEAD = """
open creat: openat
stat stat64: newfstatat fstatat64 statx stat
lstat lstat64: newfstatat fstatat64 statx lstat
fstat64: fstat
fstatat64 newfstatat: newfstatat fstatat64 statx
access: faccessat
readlink: readlinkat
mkdir: mkdirat
rmdir unlink: unlinkat
rename renameat: renameat renameat2
link: linkat
symlink: symlinkat
mknod: mknodat
chmod: fchmodat
chown lchown: fchownat
chown32: chown fchownat
lchown32: lchown fchownat
fchown32: fchown
utime utimes futimesat: utimensat
umount: umount2
pipe: pipe2
dup2: dup3
fork vfork: clone
poll: ppoll
select _newselect: pselect6
epoll_create: epoll_create1
epoll_wait: epoll_pwait
inotify_init: inotify_init1
signalfd: signalfd4
eventfd: eventfd2
getdents: getdents64
accept: accept4
send: sendto
recv: recvfrom
time: clock_gettime
alarm: setitimer
pause: ppoll
mmap2: mmap
fcntl64: fcntl
sendfile64: sendfile
_llseek: lseek
waitpid: wait4
getrlimit ugetrlimit: prlimit64
nice: setpriority
newuname: uname
sigaction: rt_sigaction
sigprocmask: rt_sigprocmask
sigreturn: rt_sigreturn
"""
INSTEAD = {
    older: newer.split()
    for olders, _, newer in (line.partition(":") for line in _INSTEAD.strip().splitlines())
    for older in olders.split()
}
"""By the name that an architecture lacks: what its programs call, the likeliest first."""
