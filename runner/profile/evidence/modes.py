"""In which way each process of a log calls the kernel: strace says so where it is not the machine's own."""

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
    """The architecture of each process, as far as strace has said something of it."""

    def __init__(self, native: Arch) -> None:
        self.native = native
        self.table: Arch | None = None
        """The architecture of the table that follows."""
        self._by_pid: dict[int, Arch] = {}
        self._current: Arch | None = None

    @property
    def mixed(self) -> bool:
        """Whether lines must be told apart by their process."""
        return self._current is not None

    def told(self, text: str) -> bool:
        """Take note of a line that says how a process runs; whether it was one."""
        mode = _MODE.search(text)
        if mode is None:
            return False
        if mode[1]:
            self._current = self._by_pid[int(mode[1])] = self._arch(mode[2])
        else:
            self.table = self._arch(mode[2])
        return True

    def of(self, pid: int | None) -> Arch | None:
        """How the process of a line calls; a new one begins as the one of the line before it runs."""
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
