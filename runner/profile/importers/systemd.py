"""Import systemd's `SystemCallFilter=` and related settings."""

import re
from collections.abc import Iterator

from runner.profile.calls.constants import read_errno
from runner.profile.calls.syscalls import ARCHES, arch
from runner.profile.evidence.model import Unused
from runner.profile.importers.imported import (
    DETECTED,
    NAME,
    Imported,
    check_used,
    fault,
    profile,
    rule,
    unknown_names,
)
from runner.profile.model import Action, Rule

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.profile.errors import ProfileError

_SETTING = re.compile(r"\s*SystemCall(Filter|ErrorNumber|Architectures|Log)\s*=(.*)")
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
"""The calls that every allow-list of systemd includes implicitly, as its manual lists them."""
_KILL = -1
_UNSET = ("0", "2147483646")
"""What `systemctl show` prints for an errno that is not set: calls that are denied kill."""
NAMES = {
    arch.token: next((name for name, go in _ARCHES.items() if go == arch.go), arch.go) for arch in ARCHES
}
"""systemd's names of architectures, by libseccomp's tokens."""


def import_systemd(text: str) -> Imported:
    """Import the settings of a unit; refuse sets such as `@system-service`, whose content only systemd knows."""
    calls = _Filter()
    errno: int | None = None
    architectures: tuple[str, ...] | None = None
    notes: list[str] = []
    for line, setting, value in _settings(text):
        match setting:
            case "Log":
                notes.append(f"line {line}: left out SystemCallLog: the other settings decide on its calls")
            case "ErrorNumber":
                errno = None if value in _UNSET else _errno(value, line)
            case "Architectures":
                architectures = tuple(_arch(word, line) for word in value.split() if word != "native")
            case _:
                calls.add(value, line)
    if calls.set_of is not None:
        raise calls.set_of
    if calls.first_is_deny is None and calls.emptied:
        raise fault(
            calls.emptied,
            "this empty `SystemCallFilter=` cancels all before it, and none comes after: the unit filters no call",
            remedy="delete that line, or name a unit that has a filter",
        )
    if calls.first_is_deny is None:
        raise fault(1, "no `SystemCallFilter=` in it", remedy=DETECTED)
    allows, denies = calls.allows, calls.denies
    notes += unknown_names({**allows, **{name: at for name, (at, _) in denies.items()}})
    refusal = Action.KILL_PROCESS if errno is None else Action.ERRNO
    wrong = tuple(calls.wrong)
    check_used(len(allows) + len(denies), len(wrong), wrong)
    if calls.first_is_deny:
        rules = [_denial(name, refusal, errno, *at) for name, at in denies.items()]
        denying = profile(Action.ALLOW, rules, architectures=architectures)
        return Imported(denying, tuple(notes), unused=wrong, unused_lines=len(wrong))
    names = dict.fromkeys(IMPLICIT, 1) | allows
    rules = [rule([name for name in names if name not in denies], Action.ALLOW)]
    rules += [_denial(name, refusal, errno, *at) for name, at in denies.items() if at[1] is not None]
    notes.append(f"systemd always allows {', '.join(IMPLICIT)}: they were added")
    allowing = profile(refusal, rules, errno=errno, architectures=architectures)
    return Imported(allowing, tuple(notes), unused=wrong, unused_lines=len(wrong))


class _Filter:
    """The calls of the `SystemCallFilter=` lines so far; the first line decides between allow-list and deny-list."""

    def __init__(self) -> None:
        self.allows: dict[str, int] = {}
        self.denies: dict[str, tuple[int, int | None]] = {}
        self.first_is_deny: bool | None = None
        self.emptied = 0
        """The last empty line's number."""
        self.set_of: ProfileError | None = None
        """The error for the first set of systemd's that is still in force."""
        self.wrong: list[Unused] = []
        """The words that name no system call, which systemd ignores too."""

    def add(self, value: str, line: int) -> None:
        """Add a line; an empty one cancels all lines before it."""
        if not value:
            self.allows, self.denies, self.first_is_deny = {}, {}, None
            self.set_of = None
            self.emptied = line
            return
        deny = value.startswith("~")
        self.first_is_deny = deny if self.first_is_deny is None else self.first_is_deny
        for name, number in self._calls(value.removeprefix("~"), line):
            if deny:
                self.allows.pop(name, None)
                self.denies[name] = (line, number)
            else:
                self.denies.pop(name, None)
                self.allows[name] = line

    def _calls(self, text: str, line: int) -> Iterator[tuple[str, int | None]]:
        """The calls that a line names, each with its own errno if it has one."""
        for word in text.split():
            name, _, errno = word.partition(":")
            if name.startswith("@"):
                self.set_of = self.set_of or fault(
                    line,
                    f"{name[:40]} is a set of systemd's",
                    remedy=f"write its calls instead: `systemd-analyze syscall-filter {name[:40]}` lists them",
                )
            elif NAME.match(name):
                yield name, _KILL if errno == "kill" else _errno(errno, line)
            else:
                self.wrong.append(Unused(line, "no name of a system call", word[:40]))


def _settings(text: str) -> Iterator[tuple[int, str, str]]:
    """Each SystemCall setting: line number, name without the prefix, value."""
    for line, content in _joined_lines(text):
        match = _SETTING.match(content)
        if match:
            yield line, match[1], match[2].strip()


def _joined_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers; a backslash at the end joins a line with the next one."""
    start, joined = 0, ""
    for line, content in enumerate(text.splitlines(), 1):
        if start and content.lstrip().startswith(("#", ";")):
            continue  # a comment does not end the setting that it stands in
        start = start or line
        if content.endswith("\\"):
            joined += content[:-1] + " "
            continue
        yield start, joined + content
        start, joined = 0, ""
    if joined:
        yield start, joined


def _denial(name: str, action: Action, errno: int | None, line: int, own: int | None) -> Rule:
    if own == _KILL:
        return rule([name], Action.KILL_PROCESS, line=line)
    if own is not None:
        return rule([name], Action.ERRNO, line=line, errno=own)
    return rule([name], action, line=line, errno=errno)


def _errno(text: str, line: int) -> int | None:
    if text in ("", "kill"):
        return None
    number = read_errno(text)
    if number is None or number > 4095:
        raise fault(line, f"{text[:40]!r} is not an errno", remedy="write a name such as EPERM, or a number")
    return number


def _arch(word: str, line: int) -> str:
    go = _ARCHES.get(word, word)
    if go not in {arch.go for arch in ARCHES}:
        raise fault(line, f"unknown architecture {word[:40]!r}")
    return arch(go).scmp
