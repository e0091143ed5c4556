"""systemd's `SystemCallFilter=` and its companions."""

import re

from runner.profile.calls.constants import errno_number
from runner.profile.calls.syscalls import ARCHES, arch
from runner.profile.importers.imported import NAME, Imported, fault, profile, rule
from runner.profile.model import Action, Rule

_SETTING = re.compile(r"\s*(SystemCall(?:Filter|ErrorNumber|Architectures))\s*=(.*)")
_ARCHES = {
    "x86": "386",
    "x86-64": "amd64",
    "mips-le": "mipsle",
    "mips64-le": "mips64le",
    "ppc64-le": "ppc64le",
}
IMPLICIT = (
    *("execve", "exit", "exit_group", "getrlimit", "rt_sigreturn", "sigreturn", "clock_getres"),
    *("clock_gettime", "clock_nanosleep", "gettimeofday", "nanosleep", "pause", "time"),
)
"""What an allow-list of systemd's contains without saying so: what its manual names."""
_KILL = -1
NAMES = {
    arch.token: next((name for name, go in _ARCHES.items() if go == arch.go), arch.go) for arch in ARCHES
}
"""systemd's names of architectures, by libseccomp's tokens."""


def import_systemd(text: str) -> Imported:
    """The settings of a unit; sets such as `@system-service` are systemd's own, and refused."""
    allows: dict[str, int] = {}
    denies: dict[str, tuple[int, int | None]] = {}
    first_is_deny: bool | None = None
    errno: int | None = None
    architectures: tuple[str, ...] | None = None
    for line, content in enumerate(text.splitlines(), 1):
        match = _SETTING.match(content)
        if not match:
            continue
        setting, value = match[1], match[2].strip()
        if setting == "SystemCallErrorNumber":
            errno = _errno(value, line)
        elif setting == "SystemCallArchitectures":
            architectures = tuple(_arch(word, line) for word in value.split() if word != "native")
        else:
            deny = value.startswith("~")
            first_is_deny = deny if first_is_deny is None else first_is_deny
            for name, number in _calls(value.removeprefix("~"), line):
                if deny:
                    allows.pop(name, None)
                    denies[name] = (line, number)
                else:
                    denies.pop(name, None)
                    allows[name] = line
    if first_is_deny is None:
        raise fault(1, "no `SystemCallFilter=` in it")
    refusal = Action.KILL_PROCESS if errno is None else Action.ERRNO
    if first_is_deny:
        rules = [_denial(name, refusal, errno, *at) for name, at in denies.items()]
        return Imported(profile(Action.ALLOW, rules, architectures=architectures))
    names = dict.fromkeys(IMPLICIT, 1) | allows
    rules = [rule([name for name in names if name not in denies], Action.ALLOW)]
    rules += [_denial(name, refusal, errno, *at) for name, at in denies.items() if at[1] is not None]
    notes = (f"systemd always allows {', '.join(IMPLICIT)}: they were added",)
    return Imported(profile(refusal, rules, errno=errno, architectures=architectures), notes)


def _denial(name: str, action: Action, errno: int | None, line: int, own: int | None) -> Rule:
    if own == _KILL:
        return rule([name], Action.KILL_PROCESS, line=line)
    if own is not None:
        return rule([name], Action.ERRNO, line=line, errno=own)
    return rule([name], action, line=line, errno=errno)


def _calls(text: str, line: int) -> list[tuple[str, int | None]]:
    found: list[tuple[str, int | None]] = []
    for word in text.split():
        name, _, errno = word.partition(":")
        if name.startswith("@"):
            raise fault(
                line,
                f"{name[:40]} is a set of systemd's",
                remedy=f"write its calls instead: `systemd-analyze syscall-filter {name[:40]}` lists them",
            )
        if not NAME.match(name):
            raise fault(line, f"{name[:40]!r} is no name of a system call")
        found.append((name, _KILL if errno == "kill" else _errno(errno, line)))
    return found


def _errno(text: str, line: int) -> int | None:
    if text in ("", "kill"):
        return None
    number = int(text) if re.match(r"\d{1,4}\Z", text) else errno_number(text)
    if number is None or number > 4095:
        raise fault(line, f"{text[:40]!r} is no errno", remedy="write a name such as EPERM, or a number")
    return number


def _arch(word: str, line: int) -> str:
    go = _ARCHES.get(word, word)
    if go not in {arch.go for arch in ARCHES}:
        raise fault(line, f"unknown architecture {word[:40]!r}")
    return arch(go).scmp
