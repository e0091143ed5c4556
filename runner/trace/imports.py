"""The C library functions that a program's ELF file imports, and so the calls that it could make."""

import io
from collections.abc import Collection, Iterator, Mapping

from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from runner.profile.calls.groups import KNOWN

_CLASS = 4
_NARROW = b"\x01"
"""The byte of an ELF file that tells whether it is one of 32 bits, and its value then."""
_PROCESSES = ("clone", "clone3", "fork", "vfork")
_THREADS = ("clone", "clone3")
_STAT = ("newfstatat", "stat", "lstat", "fstat", "statx", "fstatat64")
_OTHER_CALLS: Mapping[str, Collection[str]] = {
    "_Exit": ("exit_group",),
    "_exit": ("exit_group",),
    "abort": ("tgkill",),
    "accept": ("accept", "accept4"),
    "access": ("access", "faccessat", "faccessat2"),
    "adjtimex": ("clock_adjtime", "adjtimex"),
    "arc4random": ("getrandom",),
    "chmod": ("chmod", "fchmodat", "fchmodat2"),
    "chown": ("chown", "fchownat"),
    "clock": ("clock_gettime",),
    "closedir": ("close",),
    "creat": ("creat", "openat", "open"),
    "daemon": _PROCESSES,
    "dlopen": ("mmap",),
    "dup2": ("dup2", "dup3"),
    "eaccess": ("newfstatat", "faccessat2"),
    "epoll_create": ("epoll_create", "epoll_create1"),
    "epoll_wait": ("epoll_wait", "epoll_pwait"),
    "euidaccess": ("newfstatat", "faccessat2"),
    "eventfd": ("eventfd2",),
    "execl": ("execve",),
    "execle": ("execve",),
    "execlp": ("execve",),
    "execv": ("execve",),
    "execvp": ("execve",),
    "execvpe": ("execve",),
    "exit": ("exit_group",),
    "faccessat": ("faccessat", "faccessat2"),
    "fchmodat": ("fchmodat", "fchmodat2", "openat"),
    "fexecve": ("execveat",),
    "fopen": ("openat", "open"),
    "fork": _PROCESSES,
    "fpathconf": ("fstatfs",),
    "freopen": ("openat", "open"),
    "fstat": _STAT,
    "fstatat": _STAT,
    "fstatvfs": ("fstatfs",),
    "futimens": ("utimensat",),
    "futimes": ("utimensat",),
    "futimesat": ("utimensat", "futimesat"),
    "getaddrinfo": ("socket",),
    "getdents64": ("getdents64",),
    "getdomainname": ("uname",),
    "getentropy": ("getrandom",),
    "gethostbyname": ("socket",),
    "gethostname": ("uname",),
    "getifaddrs": ("socket",),
    "getloadavg": ("sysinfo",),
    "getrlimit": ("prlimit64", "getrlimit"),
    "grantpt": ("ioctl",),
    "if_nametoindex": ("socket",),
    "initgroups": ("setgroups",),
    "inotify_init": ("inotify_init", "inotify_init1"),
    "isatty": ("ioctl",),
    "kill": ("kill",),
    "killpg": ("kill",),
    "klogctl": ("syslog",),
    "lchmod": ("openat", "fchmodat2"),
    "lchown": ("lchown", "fchownat"),
    "link": ("link", "linkat"),
    "lockf": ("fcntl",),
    "lstat": _STAT,
    "lutimes": ("utimensat",),
    "mkdir": ("mkdir", "mkdirat"),
    "mkdtemp": ("mkdir", "mkdirat"),
    "mkfifo": ("mknod", "mknodat"),
    "mkfifoat": ("mknodat",),
    "mknod": ("mknod", "mknodat"),
    "mkstemp": ("openat", "open"),
    "mlock2": ("mlock", "mlock2"),
    "mq_close": ("close",),
    "mq_getattr": ("mq_getsetattr",),
    "mq_receive": ("mq_timedreceive",),
    "mq_send": ("mq_timedsend",),
    "mq_setattr": ("mq_getsetattr",),
    "nanosleep": ("clock_nanosleep", "nanosleep"),
    "nice": ("setpriority",),
    "ntp_adjtime": ("clock_adjtime", "adjtimex"),
    "open": ("openat", "open"),
    "opendir": ("openat", "open"),
    "openpty": ("openat", "open"),
    "pathconf": ("statfs",),
    "pause": ("pause", "ppoll"),
    "pipe": ("pipe", "pipe2"),
    "poll": ("poll", "ppoll"),
    "popen": _PROCESSES,
    "posix_fadvise": ("fadvise64",),
    "posix_fallocate": ("fallocate",),
    "posix_madvise": ("madvise",),
    "posix_openpt": ("openat", "open"),
    "posix_spawn": _PROCESSES,
    "posix_spawnp": _PROCESSES,
    "pselect": ("pselect6",),
    "pthread_create": _THREADS,
    "pthread_kill": ("tgkill",),
    "pthread_setaffinity_np": ("sched_setaffinity",),
    "pthread_setname_np": ("prctl",),
    "pthread_setschedparam": ("sched_setscheduler",),
    "pthread_sigmask": ("rt_sigprocmask",),
    "pthread_yield": ("sched_yield",),
    "ptsname": ("ioctl",),
    "quick_exit": ("exit_group",),
    "raise": ("tgkill",),
    "readdir": ("getdents64",),
    "readlink": ("readlink", "readlinkat"),
    "realpath": ("readlink", "readlinkat"),
    "recv": ("recvfrom",),
    "remove": ("unlink", "unlinkat"),
    "rename": ("rename", "renameat", "renameat2"),
    "renameat": ("renameat", "renameat2"),
    "renameat2": ("renameat", "renameat2"),
    "rewinddir": ("lseek",),
    "rmdir": ("rmdir", "unlinkat"),
    "sbrk": ("brk",),
    "scandir": ("getdents64",),
    "seekdir": ("lseek",),
    "select": ("select", "pselect6"),
    "sem_open": ("openat", "open"),
    "semop": ("semop", "semtimedop"),
    "send": ("sendto",),
    "setegid": ("setresgid",),
    "seteuid": ("setresuid",),
    "setpgrp": ("setpgid",),
    "setrlimit": ("prlimit64", "setrlimit"),
    "settimeofday": ("clock_settime", "settimeofday"),
    "shm_open": ("openat", "open"),
    "shm_unlink": ("unlink", "unlinkat"),
    "sigaction": ("rt_sigaction",),
    "sigblock": ("rt_sigprocmask",),
    "sighold": ("rt_sigprocmask",),
    "siginterrupt": ("rt_sigaction",),
    "signal": ("rt_sigaction",),
    "signalfd": ("signalfd4",),
    "sigpending": ("rt_sigpending",),
    "sigprocmask": ("rt_sigprocmask",),
    "sigqueue": ("rt_sigqueueinfo",),
    "sigsuspend": ("rt_sigsuspend",),
    "sigtimedwait": ("rt_sigtimedwait",),
    "sigwait": ("rt_sigtimedwait",),
    "sigwaitinfo": ("rt_sigtimedwait",),
    "sleep": ("clock_nanosleep", "nanosleep"),
    "sockatmark": ("ioctl",),
    "stat": _STAT,
    "statvfs": ("statfs",),
    "stime": ("clock_settime", "stime"),
    "symlink": ("symlink", "symlinkat"),
    "syslog": ("socket",),
    "system": _PROCESSES,
    "tcgetattr": ("ioctl",),
    "tcgetpgrp": ("ioctl",),
    "tcsetattr": ("ioctl",),
    "tcsetpgrp": ("ioctl",),
    "thrd_create": _THREADS,
    "tmpfile": ("openat", "open"),
    "ttyname": ("ioctl",),
    "ualarm": ("setitimer",),
    "umount": ("umount2",),
    "unlink": ("unlink", "unlinkat"),
    "unlockpt": ("ioctl",),
    "usleep": ("clock_nanosleep", "nanosleep"),
    "utime": ("utimensat", "utime"),
    "utimes": ("utimensat", "utimes"),
    "vfork": _PROCESSES,
    "vsyslog": ("socket",),
    "wait": ("wait4",),
    "wait3": ("wait4",),
    "waitpid": ("wait4", "waitid"),
}
"""Functions of the C library that make other calls than their names say; each may make any of its calls.

As measured with strace and glibc 2.36 on x86-64, and the calls that older libraries and other architectures have in
their place. Of a function that makes several, it is the one that no other function stands for.
"""
_MAPPED = frozenset(("clock_gettime", "clock_getres", "getcpu", "gettimeofday", "time"))
"""Calls answered by code that the kernel maps into each program."""
_REMAINS = frozenset(
    (
        *("bdflush", "create_module", "ftime", "get_kernel_syms", "getpmsg", "gtty", "nfsservctl", "profil"),
        *("putpmsg", "query_module", "stty", "ulimit", "uselib", "ustat"),
    )
)
"""Functions named as calls that the library has for old programs only, and that make none of that name."""
_WIDER = ("32", "64", "_time64")
"""What follows a call's name in newer calls of 32-bit architectures."""


def imported(program: bytes) -> Iterator[tuple[str, Collection[str]]]:
    """The functions imported by an ELF file that make system calls, each with these calls.

    Empty for other files, and for static programs, which import nothing.
    """
    narrow = program[_CLASS : _CLASS + 1] == _NARROW
    for function in sorted(_undefined(program)):
        name, calls = _calls(function.removeprefix("__"))
        if calls and narrow:
            newer = tuple(call + suffix for call in calls for suffix in _WIDER)
            calls = (*calls, *(call for call in newer if call in KNOWN))
        if calls:
            yield name, calls


def _calls(function: str) -> tuple[str, Collection[str]]:
    """A function's name without the size of file offsets, and its calls, of which some have that in their names."""
    plain = function.removesuffix("64")
    for name in (function, plain):
        if name in _OTHER_CALLS:
            return name, _OTHER_CALLS[name]
    for name in (plain, function, f"{plain}64"):
        if name in KNOWN - _MAPPED - _REMAINS:
            return (plain if name == plain else function), (name,)
    return function, ()


def why_not_looked_into(program: bytes) -> str:
    """The reason why a program's file does not tell what it could call; "" if it does."""
    if not program:
        return "its file could not be read"
    if not program.startswith(b"\x7fELF"):
        return "a script, whose interpreter is another program"
    return "" if _undefined(program) else "a static program, which imports nothing"


def _undefined(program: bytes) -> set[str]:
    try:
        elf = ELFFile(io.BytesIO(program))
        return {
            symbol.name
            for section in elf.iter_sections()
            if isinstance(section, SymbolTableSection) and section.name == ".dynsym"
            for symbol in section.iter_symbols()
            if symbol["st_shndx"] == "SHN_UNDEF" and symbol.name
        }
    except Exception:  # noqa: BLE001 - for a damaged file, the library raises any error that its parser runs into
        return set()
