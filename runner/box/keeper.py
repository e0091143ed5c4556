"""A keeper process for each enclosed program: starts it, waits for its end, and cleans up after it.

It is forked, so it has the starter's memory, and ends with the starter, however that ends.
"""

import os
import signal
import socket
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import NoReturn

from runner.box.packet import send
from runner.engine.private.linux import die_with_parent
from runner.engine.private.namespaces import Enclosed
from runner.errors import EngineError, told

_GRACE = 5
"""Seconds that a program has to end after it was asked to."""
_MOST = 300
"""The number of characters passed on of an error: messages are short."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The starter's handle on a keeper: `link` carries its messages, and closes when it ends."""

    pid: int
    link: socket.socket

    def end(self) -> None:
        """Ask it to end soon."""
        self._signal(signal.SIGTERM)

    def repaint(self) -> None:
        """Have the program set up its terminal again, as after a stop."""
        self._signal(signal.SIGUSR1)

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)


def keep(
    start: Callable[[Callable[[int], None]], Enclosed],
    clear: Callable[[], object],
    *,
    passing: Iterable[int] = (),
) -> Kept:
    """Have a new process `start` something and `clear` up after it; the link says `open`, `failed` or `ended`.

    `start` is given a function that passes a descriptor on, with the word `open`. Of the starter's descriptors, the
    process keeps those in `passing`, and the standard ones.

    Raises:
        EngineError: this machine has no room for one more process.
    """
    starter = os.getpid()
    with ExitStack() as unused:
        try:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            unused.callback(ours.close)
            unused.callback(theirs.close)
            pid = os.fork()
        except OSError as error:
            raise EngineError(
                f"no further process can be started on the class's machine: {error.strerror}",
                remedy="end other programs there, and try again",
            ) from error
        unused.pop_all()
    if not pid:
        _keep(start, clear, theirs, starter, passing)
    theirs.close()
    return Kept(pid, ours)


def _keep(
    start: Callable[[Callable[[int], None]], Enclosed],
    clear: Callable[[], object],
    link: socket.socket,
    starter: int,
    passing: Iterable[int],
) -> NoReturn:
    try:
        die_with_parent()
        if os.getppid() != starter:
            os._exit(1)
        # Not ignored: the started program would inherit that.
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGUSR1):
            signal.signal(number, lambda *_: None)
        os.umask(0o022)
        close_all(but={0, 1, 2, link.fileno(), *passing})
        status = _attend(start(lambda descriptor: send(link, {"is": "open"}, descriptor)))
        clear()
        send(link, {"is": "ended", "status": status})
    except Exception as error:  # noqa: BLE001 - whatever it is, the starter reports it
        with suppress(Exception):
            clear()
        why = told(error)
        failure = {"is": "failed", "why": str(why)[-_MOST:], "next": why.remedy[:_MOST]}
        with suppress(OSError):
            send(link, failure)
    finally:
        os._exit(0)


def _attend(enclosed: Enclosed) -> int:
    """Wait for the end, and carry out the starter's requests meanwhile; returns the exit status."""

    def end(*_: object) -> None:
        enclosed.terminate()
        signal.alarm(_GRACE)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGALRM, lambda *_: enclosed.kill())
    signal.signal(signal.SIGUSR1, lambda *_: enclosed.resume())
    return enclosed.wait()


def close_all(*, but: Iterable[int]) -> None:
    """Close the descriptors that a forked process has inherited: a terminal's would keep it open."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names are all that is wanted
        if int(name) not in but:
            with suppress(OSError):
                os.close(int(name))
