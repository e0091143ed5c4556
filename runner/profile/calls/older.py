"""Names of calls that only some architectures have, with the calls that programs make elsewhere."""

from runner.profile.calls.table import words_by_key

INSTEAD = words_by_key(
    """
    stat64: newfstatat fstatat64 statx stat
    lstat64: newfstatat fstatat64 statx lstat
    fstat64: fstat
    fstatat64 newfstatat: newfstatat fstatat64 statx
    chown32: chown fchownat
    lchown32: lchown fchownat
    fchown32: fchown
    _newselect: pselect6
    time: clock_gettime
    alarm: setitimer
    mmap2: mmap
    fcntl64: fcntl
    sendfile64: sendfile
    _llseek: lseek
    ugetrlimit: prlimit64
    newuname: uname
    sigreturn: rt_sigreturn
    """
)
"""By the name that an architecture lacks: what its programs call, the likeliest first.

The functions of the C library, which have the names of many such calls, have a table of their own.
"""
