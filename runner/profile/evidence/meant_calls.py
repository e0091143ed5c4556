"""Tells which call a line means by a name that several calls have, also where it only resumes one."""

from runner.profile.calls.syscalls import Arch
from runner.profile.evidence.names import Named, by_arguments, depends_on_arguments

_MOST_BEGUN = 4096


class MeantCalls:
    """Remembers what such names meant where calls began: the line that resumes a call repeats no arguments."""

    def __init__(self) -> None:
        self._begun: dict[tuple[int | None, str], Named] = {}

    def call(
        self, found: Named, text: str, arch: Arch, pid: int | None, *, begins: bool, resumed: bool
    ) -> Named:
        """The call that a line of a process means, which only `begins` it, has `resumed` it, or has all of it."""
        if not depends_on_arguments(found):
            return found
        if resumed:
            # When the call began, there may have been no other process, so that its line had no process number.
            begun = self._begun.pop((pid, found.name), None) or self._begun.pop((None, found.name), None)
            return begun or found
        meant = by_arguments(found, text, arch)
        if begins:
            if len(self._begun) >= _MOST_BEGUN:
                self._begun.clear()
            self._begun[pid, found.name] = meant
        return meant
