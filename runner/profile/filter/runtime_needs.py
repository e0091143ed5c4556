"""What runc itself still calls after it has loaded the filter, measured by taking calls away one by one."""

from collections.abc import Iterable

from runner.profile.filter.effective import effective
from runner.profile.model import Profile, Target
from runner.profile.resolve import resolve
from runner.profile.version import Version

_ALL = """capget capset chdir close execve fstat fstatfs getcwd getdents64 getppid newfstatat openat prctl read setgid
setgroups setuid write"""

BASE_SINCE: tuple[tuple[Version, frozenset[str]], ...] = (
    (Version.of("0"), frozenset(f"{_ALL} faccessat2".split())),
    (Version.of("1.2"), frozenset(f"{_ALL} futex".split())),
    (Version.of("1.2.8"), frozenset(f"{_ALL} futex openat2 statx".split())),
    (Version.of("1.3"), frozenset(f"{_ALL} futex".split())),
    (Version.of("1.3.3"), frozenset(f"{_ALL} futex openat2 statx".split())),
)
"""Without one of these a container does not start; each entry holds from its version to the next one's."""

GO_RUNTIME = frozenset(
    [
        "brk",
        "close_range",
        "epoll_ctl",
        "epoll_pwait",
        "exit_group",
        "fcntl",
        "futex",
        "getpid",
        "getuid",
        "mmap",
        "mprotect",
        "nanosleep",
        "openat2",
        "recvfrom",
        "rt_sigreturn",
        "sched_yield",
        "sigaltstack",
        "statx",
        "tgkill",
        "faccessat2",
    ]
)
"""What runc's threads call now and then: denied with an errno it may pass, but a killed thread hangs the start."""


def base(runtime: Version | None) -> frozenset[str]:
    """What runc of this version needs; what any version needs if it is None."""
    if runtime is None:
        return frozenset[str]().union(*(calls for _, calls in BASE_SINCE))
    return [calls for since, calls in BASE_SINCE if runtime >= since][-1]


def missing(profile: Profile, calls: Iterable[str]) -> tuple[str, ...]:
    """Those of the calls that a profile does not let through, whatever their arguments."""
    view = effective(resolve(profile, Target()))
    return tuple(name for name in calls if not view.always_allowed(name))
