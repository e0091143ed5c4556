"""The ABI of each process in a log, from strace's mode lines."""

import re

from runner.profile.calls.syscalls import Arch
from runner.profile.calls.syscalls import arch as find_arch

_MODE = re.compile(
    r"(?:\[ Process PID=(\d{1,10}) runs in|System call usage summary for) (32 bit|64 bit|x32) mode"
)
_THIRTY_TWO = {
    "amd64": "386",
    "arm64": "arm",
    "ppc64le": "ppc",
    "ppc64": "ppc",
    "s390x": "s390",
    "mips64": "mips",
    "mips64le": "mipsle",
}


class Modes:
    """The ABI of each process, as far as strace's lines give it."""

    def __init__(self, native: Arch) -> None:
        self.native = native
        self.table: Arch | None = None
        """The ABI of the table that follows."""
        self._by_pid: dict[int, Arch] = {}
        self._current: Arch | None = None

    @property
    def mixed(self) -> bool:
        """True if lines must be told apart by their process."""
        return self._current is not None

    def told(self, text: str) -> bool:
        """Record the ABI that a mode line gives; True if the line was one."""
        mode = _MODE.search(text)
        if mode is None:
            return False
        if mode[1]:
            self._current = self._by_pid[int(mode[1])] = self._arch(mode[2])
        else:
            self.table = self._arch(mode[2])
        return True

    def of(self, pid: int | None) -> Arch | None:
        """The ABI of the process of a line; a new process begins with the ABI of the line before it."""
        if self._current is None:
            return None
        if pid is not None:
            self._current = self._by_pid.setdefault(pid, self._current)
        return self._current

    def _arch(self, mode: str) -> Arch:
        if mode == "x32":
            return find_arch("x32")
        go = self.native.go
        return find_arch(_THIRTY_TWO.get(go, go)) if mode == "32 bit" else self.native
