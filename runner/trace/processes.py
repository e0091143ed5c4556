"""The processes of strace's log: it leaves out the number of a process while that is the only one."""

MOST = 4096
"""The number of processes that are followed at most."""


class Processes:
    """Finds the process of each line, from the lines in their order. Threads count as processes, as in the log.

    A process is known by its number, or as None while the log has never shown that.
    """

    def __init__(self) -> None:
        self._live: dict[int, None] = {}
        self._fresh: set[int] = set()
        """Those of whom there has been no line yet."""
        self._unnumbered = False
        """True if there is a process whose number has not been shown."""
        self._group: dict[int, int | None] = {}
        """The process of a thread, by the thread's number."""

    def attached(self, number: int | None) -> None:
        """Note a process that strace traces from now on."""
        if number is not None and len(self._live) < MOST:
            self._live[number] = None
            self._fresh.add(number)

    def of(self, printed: int | None) -> int | None:
        """The process of a line with this number, or without one."""
        if printed is None:
            return self._only()
        self._fresh.discard(printed)
        if len(self._live) < MOST:
            self._live[printed] = None
        return printed

    def was_unnumbered(self, printed: int | None) -> bool:
        """True if this number, which is new, is that of the process that had none; ask before `of`."""
        if printed is None or printed in self._live or not self._unnumbered:
            return False
        self._unnumbered = False
        self._group.update((thread, printed) for thread, leader in self._group.items() if leader is None)
        return True

    def forked(self, parent: int | None, child: int, *, thread: bool) -> None:
        """Note a new process of `parent`; `thread` is true if it is one of its threads, or may be."""
        self.attached(child)
        if thread and len(self._group) < MOST:
            self._group[child] = self._leader(parent)

    def executed(self, process: int | None) -> None:
        """Note that a process runs another program, and so is a thread of no other one."""
        if process is not None:
            self._group.pop(process, None)

    def threads(self, process: int | None) -> set[int | None]:
        """The process with all others that are, or may be, threads of the same one, as far as the log has shown."""
        leader = self._leader(process)
        return {process, leader, *(thread for thread in self._group if self._leader(thread) == leader)}

    def ended(self, process: int | None) -> None:
        """Forget a process."""
        if process is None:
            self._unnumbered = False
            return
        self._live.pop(process, None)
        self._fresh.discard(process)
        self._group.pop(process, None)

    def _leader(self, process: int | None) -> int | None:
        return process if process is None else self._group.get(process, process)

    def _only(self) -> int | None:
        """The process of a line without a number. A line that another process's beginning has cut counts as such."""
        if self._unnumbered:
            return None
        old = [number for number in self._live if number not in self._fresh] or [*self._live][:1]
        if not old:
            self._unnumbered = True
        if len(old) != 1:
            return None
        self._fresh.discard(old[0])
        return old[0]
