"""Joins calls of strace whose results stand on a later line."""

from runner.profile.evidence import strace_line
from runner.profile.evidence.ledger import Ledger
from runner.profile.evidence.model import SeenCall

_MOST_PENDING = 100_000


class Unfinished:
    """Hands calls on to the ledger's observer, each when its result has come."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._pending: dict[tuple[int | None, str], SeenCall] = {}
        self._cut: tuple[int | None, str] | None = None
        """The last pending call: the rest of its line may come after strace's message about a new process."""

    @property
    def any(self) -> bool:
        """True if a result has not come."""
        return bool(self._pending)

    def take(self, call: SeenCall, tail: strace_line.Tail, *, resumed: bool) -> None:
        """Handle the call of a line, which begins it, resumes it, or has all of it."""
        key = (call.pid, call.name)
        begun = self._pending.pop(key, None)
        if begun is None and resumed:
            # When the call began, there was no other process, so its line had no process number.
            begun = self._pending.pop((None, call.name), None)
        if resumed:
            whole = completed(begun, tail) if begun else completed(call, tail)._replace(args=None)
            self._ledger.observe(whole)
            return
        if begun:
            self._ledger.observe(begun)
        call = completed(call, tail)
        if tail.unfinished and len(self._pending) < _MOST_PENDING:
            self._pending[key] = call
            self._cut = key
        else:
            self._ledger.observe(call)

    def rest(self, line: bytes) -> bool:
        """Handle the rest of a line that was cut; True if the line was one."""
        if self._cut is None:
            return False
        text = line.decode("utf-8", "replace").strip()
        if text == "<unfinished ...>":
            self._cut = None
            return True
        if not text.startswith(")"):
            return False
        key, self._cut = self._cut, None
        begun = self._pending.pop(key, None)
        if begun is not None:
            self._ledger.observe(completed(begun, strace_line.tail(text)))
        return True

    def close(self) -> None:
        """Hand on the calls whose results never came."""
        for call in self._pending.values():
            self._ledger.observe(call)
        self._pending.clear()


def completed(call: SeenCall, tail: strace_line.Tail) -> SeenCall:
    """The call with the arguments and the result that a later line gives."""
    args = (*(call.args or ()), *strace_line.split_args(tail.args))
    return call._replace(args=args, result=tail.result, errno=tail.errno)
