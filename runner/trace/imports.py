"""The C library functions that a program's ELF file imports, and so the calls that it could make."""

import io
from collections.abc import Collection, Iterator, Mapping

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from runner.profile.calls.groups import KNOWN

_PROCESSES = ("clone", "clone3", "fork", "vfork")
_THREADS = ("clone", "clone3")
_STAT = ("newfstatat", "stat", "lstat", "fstat", "statx", "fstatat64")
_OTHER_CALLS: Mapping[str, Collection[str]] = {
    "abort": ("tgkill",),
    "accept": ("accept", "accept4"),
    "access": ("access", "faccessat", "faccessat2"),
    "chmod": ("chmod", "fchmodat", "fchmodat2"),
    "chown": ("chown", "fchownat"),
    "closedir": ("close",),
    "creat": ("creat", "openat", "open"),
    "daemon": _PROCESSES,
    "dlopen": ("mmap",),
    "dup2": ("dup2", "dup3"),
    "epoll_create": ("epoll_create", "epoll_create1"),
    "epoll_wait": ("epoll_wait", "epoll_pwait"),
    "exit": ("exit_group",),
    "execl": ("execve",),
    "execlp": ("execve",),
    "execv": ("execve",),
    "execvp": ("execve",),
    "faccessat": ("faccessat", "faccessat2"),
    "fork": _PROCESSES,
    "freopen": ("openat", "open"),
    "fopen": ("openat", "open"),
    "fstat": _STAT,
    "getaddrinfo": ("socket",),
    "getrlimit": ("prlimit64", "getrlimit"),
    "initgroups": ("setgroups",),
    "kill": ("kill",),
    "lchown": ("lchown", "fchownat"),
    "link": ("link", "linkat"),
    "lstat": _STAT,
    "mkdir": ("mkdir", "mkdirat"),
    "mkfifo": ("mknod", "mknodat"),
    "mkstemp": ("openat", "open"),
    "mknod": ("mknod", "mknodat"),
    "nanosleep": ("clock_nanosleep", "nanosleep"),
    "open": ("openat", "open"),
    "opendir": ("openat", "open"),
    "pipe": ("pipe", "pipe2"),
    "poll": ("poll", "ppoll"),
    "popen": _PROCESSES,
    "posix_spawn": _PROCESSES,
    "posix_spawnp": _PROCESSES,
    "pthread_create": _THREADS,
    "raise": ("tgkill",),
    "readdir": ("getdents64",),
    "readlink": ("readlink", "readlinkat"),
    "recv": ("recvfrom",),
    "remove": ("unlink", "unlinkat"),
    "rename": ("rename", "renameat", "renameat2"),
    "rmdir": ("rmdir", "unlinkat"),
    "select": ("select", "pselect6"),
    "send": ("sendto",),
    "setrlimit": ("prlimit64", "setrlimit"),
    "shm_open": ("openat", "open"),
    "sigaction": ("rt_sigaction",),
    "signal": ("rt_sigaction",),
    "sigprocmask": ("rt_sigprocmask",),
    "sleep": ("clock_nanosleep", "nanosleep"),
    "stat": _STAT,
    "symlink": ("symlink", "symlinkat"),
    "system": _PROCESSES,
    "unlink": ("unlink", "unlinkat"),
    "usleep": ("clock_nanosleep", "nanosleep"),
    "utimes": ("utimes", "utimensat"),
    "wait": ("wait4",),
    "waitpid": ("wait4", "waitid"),
}
"""Functions of the C library that make calls with other names; each may make any of its calls."""


_NO_CALLS = frozenset(("clock_gettime", "clock_getres", "getcpu", "gettimeofday", "time"))
"""Calls answered by code that the kernel maps into each program."""


def imported(program: bytes) -> Iterator[tuple[str, Collection[str]]]:
    """The functions imported by an ELF file that make system calls, each with these calls.

    Empty for other files, and for static programs, which import nothing.
    """
    for function in sorted(_undefined(program)):
        name = function.removeprefix("__").removesuffix("64")
        if name in _OTHER_CALLS:
            yield name, _OTHER_CALLS[name]
        elif name in KNOWN - _NO_CALLS:
            yield name, (name,)


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
    # For damaged files, the library raises any error that its parser runs into.
    except (ELFError, ValueError, KeyError, TypeError, UnicodeError, OSError):
        return set()
