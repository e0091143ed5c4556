"""The calls for which seccomp killed processes, in a log of strace that shows their deaths."""

from typing import NamedTuple

from runner.profile.calls.syscalls import Arch
from runner.profile.evidence import strace_line
from runner.profile.evidence.arguments import rolled_back
from runner.profile.evidence.messages import told
from runner.profile.evidence.messages.deaths import death
from runner.profile.evidence.model import EvidenceKind, Message, SeenCall
from runner.profile.evidence.names import named

_SIGN = b"+++ killed by SIGSYS"
_SIGNAL = b"--- SIGSYS {"
"""The signal, which names the call itself."""
_KEPT = 1 << 18
"""The bytes of a log before a death that are looked through for the call."""
_WAITING = frozenset(
    (
        *("futex", "futex_time64", "epoll_wait", "epoll_pwait", "poll", "ppoll", "select", "pselect6"),
        *("pause", "nanosleep", "clock_nanosleep", "wait4", "waitid", "read", "accept", "accept4"),
        *("recvfrom", "recvmsg", "restart_syscall", "rt_sigtimedwait", "rt_sigsuspend"),
    )
)
"""Calls in which the other threads of a killed process wait."""


class _Death(NamedTuple):
    """The end of a process by SIGSYS, and its last call, if the log shows one."""

    line: int
    text: str
    last: SeenCall | None


class Killed:
    """Looks for such deaths: `feed` it with the log piece by piece.

    `calls` are the calls that caused them, as far as the log shows these, and `unexplained` are the other deaths.
    strace prints a death also where it prints no signal: the kernel does not report one that nobody can handle.
    """

    def __init__(self, arch: Arch) -> None:
        self.calls: list[SeenCall] = []
        self.unexplained: list[Message] = []
        self._arch = arch
        self._kept = b""
        self._seen = 0
        """How much of what is kept has been looked at."""
        self._lines = 0
        """The number of lines before what is kept."""

    def feed(self, block: bytes) -> None:
        """Take in a piece of the log; an empty one is its end."""
        text = self._kept + (block or b"\n")
        end = text.rfind(b"\n") + 1
        if text.find(_SIGN, max(self._seen - len(_SIGN), 0), end) >= 0:
            self._look(text[:end])
        kept = text.rfind(b"\n", 0, max(end - _KEPT, 0)) + 1
        self._lines += text.count(b"\n", 0, kept)
        self._kept, self._seen = text[kept:], end - kept

    def _look(self, text: bytes) -> None:
        last: dict[int | None, SeenCall] = {}
        told_already: set[int | None] = set()
        deaths: list[_Death] = []
        newest: SeenCall | None = None
        for line, row in enumerate(strace_line.ROW.finditer(text), self._lines + 1):
            prefix, resumed, name, rest, other = row.groups()
            pid = strace_line.process(prefix if name else other or b"")[0]
            if name:
                call = self._call(line, pid, name, rest, last.get(pid) if resumed else None)
                if not (resumed and call and call.result.startswith("?")):
                    self._settle(deaths)
                if call:
                    newest = last[pid] = call
                    told_already.discard(pid)
            elif other and _SIGNAL in other:
                told_already.add(pid)
            elif pid in told_already:
                continue
            elif row.end() > self._seen and other and _SIGN in other:
                shown = other.decode("utf-8", "replace").strip()
                deaths.append(_Death(line, shown, last.pop(pid, None) or last.get(None) or newest))
        self._settle(deaths)

    def _call(
        self, line: int, pid: int | None, name: bytes, rest: bytes, begun: SeenCall | None
    ) -> SeenCall | None:
        found = named(name.decode("ascii"), self._arch)
        if found is None or not (found.known or found.number is not None):
            return None
        tail = strace_line.tail(rest.decode("utf-8", "replace"))
        before = begun.args or () if begun and begun.name == found.name else ()
        return SeenCall(
            kind=EvidenceKind.STRACE,
            name=found.name,
            line=begun.line if before and begun else line,
            number=found.number,
            args=(*before, *strace_line.split_args(tail.args)),
            result=tail.result,
            errno=tail.errno,
            pid=pid,
            times=0,
        )

    def _settle(self, deaths: list[_Death]) -> None:
        """Find the calls behind deaths that stand together: the threads of a process die for the call of one."""
        if not deaths:
            return
        culprits = [death.last for death in deaths if death.last and rolled_back(death.last, self._arch)]
        if not culprits:
            ended = [death.last for death in deaths if death.last and _may_be_cut(death.last)]
            culprits = [call for call in ended if call.name not in _WAITING] or ended[:1]
        self.calls += (call._replace(result="?", action="kill process") for call in culprits)
        if not culprits:
            first = deaths[0]
            self.unexplained.append(Message(first.line, first.text, told(first.text)))
        deaths.clear()


def is_death(message: Message) -> bool:
    """True for a message that a process was killed, and no more: the log may name the call."""
    found = message.meaning
    return found is not None and not found.calls and found.meaning == death(message.text)


def _may_be_cut(call: SeenCall) -> bool:
    """True for a call whose result strace does not know."""
    return not call.result or call.result.startswith("?")
