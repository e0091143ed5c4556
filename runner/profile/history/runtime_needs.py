"""The calls that runc itself makes after it has loaded the filter, measured by denying them one by one."""

from dataclasses import dataclass
from errno import ENOSYS, EPERM
from typing import NamedTuple

from runner.language import tr
from runner.profile.version import Version

_ALWAYS = (
    *("capget", "capset", "chdir", "close", "execve", "fstat", "fstatfs", "getcwd", "getdents64", "getppid"),
    *("newfstatat", "openat", "prctl", "read", "setgid", "setgroups", "setuid", "write"),
)


@dataclass(frozen=True, slots=True)
class Releases:
    """The releases from `since` on and before `until`; None is no limit on that side."""

    since: Version | None = None
    until: Version | None = None

    def __contains__(self, version: Version) -> bool:
        return (self.since is None or version.reaches(self.since)) and not (
            self.until is not None and version.reaches(self.until)
        )

    def __str__(self) -> str:
        if self.since is None:
            return tr("before {version}", version=self.until) if self.until else tr("every release")
        if self.until:
            return tr("{first} up to, not including, {end}", first=self.since, end=self.until)
        return tr("{version} and newer", version=self.since)


class Need(NamedTuple):
    """A call that some releases of runc need to start a container.

    The container also starts if the call fails with one of the `fallback` errnos and `stand_in`, if given, is allowed.
    """

    call: str
    releases: tuple[Releases, ...] = (Releases(),)
    stand_in: str = ""
    fallback: frozenset[int] = frozenset()

    def of(self, runtime: Version | None) -> bool:
        """True if this release of runc, or a current one (None), needs the call."""
        if runtime is None:
            return any(releases.until is None for releases in self.releases)
        return any(runtime in releases for releases in self.releases)


NEEDS = (
    *(Need(call) for call in _ALWAYS),
    Need(
        "faccessat2",
        (Releases(Version.of("1.1.4"), Version.of("1.1.6")),),
        "faccessat",
        frozenset((EPERM, ENOSYS)),
    ),
    Need("faccessat2", (Releases(Version.of("1.1.6")),), fallback=frozenset((EPERM, ENOSYS))),
    Need("futex", (Releases(Version.of("1.2")),)),
    Need("statx", (Releases(Version.of("1.2.8"), Version.of("1.3")), Releases(Version.of("1.3.3")))),
    Need(
        "openat2",
        (
            Releases(Version.of("1.2.8"), Version.of("1.2.9")),
            Releases(Version.of("1.3.3"), Version.of("1.3.4")),
        ),
    ),
)
"""The needs of each release of runc. Releases after 1.3.3 use openat if openat2 fails."""


def releases_that_need(call: str) -> str:
    """The releases of runc that fail to start a container without the call, in words; empty if there are none."""
    return "; ".join(str(releases) for need in NEEDS if need.call == call for releases in need.releases)


class Made(NamedTuple):
    """A call as runc makes it, with its known arguments; None is a pointer, or a value that differs."""

    call: str
    args: tuple[int | None, ...]
    text: str


MADE = (
    Made("prctl", (8, 1, 0, 0, 0), "prctl(PR_SET_KEEPCAPS, 1)"),
    Made("prctl", (8, 0, 0, 0, 0), "prctl(PR_SET_KEEPCAPS, 0)"),
)
"""Calls with these exact arguments, without which no container starts."""
MADE_TO_DROP = Made("prctl", (24, None, 0, 0, 0), "prctl(PR_CAPBSET_DROP, …)")
"""The call needed for a container that lacks a capability."""
MADE_FOR_ROOT = (Made("setuid", (0,), "setuid(0)"), Made("setgid", (0,), "setgid(0)"))
"""The calls needed for a container whose program runs as root."""

GO_RUNTIME = frozenset(
    (
        *("brk", "close_range", "epoll_ctl", "epoll_pwait", "exit_group", "faccessat2", "fcntl", "futex"),
        *("getpid", "getuid", "mmap", "mprotect", "nanosleep", "openat2", "recvfrom", "rt_sigreturn"),
        *("sched_yield", "sigaltstack", "statx", "tgkill"),
    )
)
"""Calls that runc's threads make now and then: with an errno the start may work, but a killed thread hangs it."""


def base(runtime: Version | None) -> frozenset[str]:
    """The calls to allow for this version of runc, or for any version if it is None."""
    return frozenset(need.call for need in NEEDS if runtime is None or need.of(runtime))
