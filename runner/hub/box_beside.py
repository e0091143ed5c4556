"""The program of a learner's box beside their server: it runs their session in a terminal.

Its arguments are the folder that it shares with the server, and the command of the session. It reconnects whenever
the server is restarted, and the session goes on meanwhile.

The containers of a pod share a network, which the server needs and the session must not have: this program leaves it
before it starts the session, and must be the first of its container, since root in the box could go back through
any process that is still in it.
"""

import os
import select
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from runner.box import CHANNEL_VARIABLE
from runner.box.packet import receive, send
from runner.box.resources import CHANNEL
from runner.engine.private.linux import CLONE_NEWNET, unshare
from runner.errors import EngineError
from runner.hub.beside import LINK
from runner.terminal.size import Size

_AGAIN_SECONDS = 0.5
_GRACE = 5.0
"""Seconds that the session has to end after it was asked to."""
_CHUNK = 4096


class Session:
    """The command in its terminal, if it runs."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self._command, self._environ = tuple(command), dict(environ)
        self._pid = 0
        self._ends_at = float("inf")
        self.terminal = -1
        """The outer end of the terminal; -1 if nothing runs."""

    def open(self, size: Size) -> int:
        """The session's terminal; starts the session if it does not run."""
        if self.terminal < 0:
            self._pid, self.terminal = os.forkpty()
            if not self._pid:
                self._become(size)
            self._ends_at = float("inf")
        return self.terminal

    def _become(self, size: Size) -> NoReturn:
        try:
            size.tell(0)
            for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
                signal.signal(ignored, signal.SIG_DFL)
            os.execvpe(self._command[0], self._command, self._environ)  # noqa: S606 - not having a shell is the point
        except OSError as error:
            print(f"{self._command[0]} cannot be started: {error.strerror}", flush=True)
        finally:
            os._exit(127)

    def resume(self) -> None:
        """Have the program set up its terminal again, as after a stop."""
        self._signal(signal.SIGCONT)

    @property
    def ending(self) -> bool:
        """True if it was asked to end, and has not yet."""
        return self.terminal >= 0 and self._ends_at < float("inf")

    def end(self) -> None:
        """Ask it to end soon."""
        self._ends_at = time.monotonic() + _GRACE
        self._signal(signal.SIGTERM)

    def ended(self) -> int | None:
        """The exit status if it has ended since it was opened; kills a session that ignores the request to end."""
        if self.terminal < 0:
            return None
        if time.monotonic() > self._ends_at:
            self._signal(signal.SIGKILL)
        while True:
            # The first program of a container has to reap all orphans.
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == self._pid:
                os.close(self.terminal)
                self.terminal = -1
                return os.waitstatus_to_exitcode(status)
            if not pid:
                return None

    def _signal(self, number: int) -> None:
        if self.terminal >= 0:
            with suppress(ProcessLookupError):
                os.kill(self._pid, number)


def serve(link: socket.socket, session: Session, woken: int) -> None:
    """Carry out the server's requests until it disconnects; `woken` is readable when a child ends."""
    while True:
        timeout = 1.0 if session.ending else None
        ready, _, _ = select.select([link.fileno(), woken], [], [], timeout)
        if woken in ready:
            os.read(woken, _CHUNK)
        if (status := session.ended()) is not None:
            _tell(link, {"is": "ended", "status": status})
        if link.fileno() in ready:
            asked, _ = receive(link)
            if asked is None:
                return
            _do(asked, session, link)


def _do(asked: Mapping[str, Any], session: Session, link: socket.socket) -> None:
    match asked:
        case {"do": "open", "columns": int(columns), "rows": int(rows)}:
            _tell(link, {"is": "open"}, session.open(Size.of(columns, rows)))
        case {"do": "repaint"}:
            session.resume()
        case {"do": "close" | "forget"}:
            session.end()


def _tell(link: socket.socket, said: Mapping[str, Any], *descriptors: int) -> None:
    send(link, {"box": 1, **said}, *descriptors)


def leave_the_network() -> None:
    """Move into an empty network.

    Raises:
        EngineError: the network cannot be left.
    """
    try:
        unshare(CLONE_NEWNET)
    except OSError as error:
        raise EngineError(
            f"the box cannot leave its pod's network: {error.strerror}",
            remedy="add the capability SYS_ADMIN to the container, in a pod with hostUsers: false",
        ) from error


def main() -> None:
    """Run as a program, until a signal."""
    if len(sys.argv) < 2:
        print("name the folder that the box shares with its learner's server", file=sys.stderr)
        sys.exit(2)
    folder, *command = sys.argv[1:]
    try:
        leave_the_network()
    except EngineError as error:
        print(error.in_full(), file=sys.stderr)
        sys.exit(2)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    environ = {**os.environ, CHANNEL_VARIABLE: str(Path(folder, CHANNEL))}
    session = Session(command or (sys.executable, "-m", "runner", "run", "--resume"), environ)
    try:
        while True:
            with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as link:
                link.connect(str(Path(folder, LINK)))
                serve(link, session, woken)
            session.ended()
            time.sleep(_AGAIN_SECONDS)
    finally:
        session.end()


if __name__ == "__main__":
    main()
