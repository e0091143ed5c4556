"""The calls that runc itself makes after it has loaded the filter, measured by denying them one by one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from errno import ENOSYS, EPERM
from typing import NamedTuple

from runner.profile.filter.effective import Effective, effective
from runner.profile.model import Action, Arg, Profile, Target
from runner.profile.resolve import resolve
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
        return (self.since is None or version >= self.since) and (self.until is None or version < self.until)

    def __str__(self) -> str:
        if self.since is None:
            return f"before {self.until}" if self.until else "every release"
        return f"{self.since} up to, not including, {self.until}" if self.until else f"{self.since} and newer"


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

    def is_met(self, view: Effective) -> bool:
        """True if a profile's decisions satisfy the need."""
        if view.allowed(self.call):
            return True
        denied = view.ruling_for(self.call)
        if denied.action is not Action.ERRNO or denied.errno not in self.fallback:
            return False
        return not self.stand_in or view.allowed(self.stand_in)


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

    def is_denied(self, view: Effective) -> bool:
        """True if a profile that lets the call pass with some arguments denies it with these."""
        ruling = view.calls.get(self.call)
        if ruling is None or ruling.always is not None:
            return False
        met = [(self._met(case.args), case.effect.passes) for case in ruling.conditional]
        outcomes = {passes for holds, passes in met if holds is not False}
        if not any(holds for holds, _ in met):
            outcomes.add(view.default.passes)
        return outcomes == {False}

    def _met(self, conditions: Iterable[Arg]) -> bool | None:
        """True if these arguments meet all conditions; None if that depends on an unknown one."""
        answers = []
        for arg in conditions:
            value = self.args[arg.index] if arg.index < len(self.args) else None
            answers.append(None if value is None else arg.op.holds(value, arg.value, arg.value_two))
        return False if False in answers else None if None in answers else True


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


def unmet(view: Effective, runtime: Version | None) -> Iterator[Need]:
    """The needs of this runc, or of a current one (None), that a profile denies."""
    return (need for need in NEEDS if need.of(runtime) and not need.is_met(view))


def missing(profile: Profile, calls: Iterable[str]) -> tuple[str, ...]:
    """The calls among these that a profile does not allow with all arguments."""
    view = effective(resolve(profile, Target()))
    return tuple(name for name in calls if not view.always_allowed(name))


def unmet_by_others(view: Effective) -> Iterator[Need]:
    """The needs of releases other than the current ones that a profile denies."""
    return (need for need in NEEDS if not need.of(None) and not need.is_met(view))
