"""Runs the instructor's screen unprivileged, and relays it to the terminal of this root process."""

import os
import select
import signal
import socket
import sys
import termios
import tty
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from runner.box.keeper import Kept, close_all, keep
from runner.box.packet import receive
from runner.box.resources import ClassResources
from runner.box.terminal import take_terminal
from runner.classroom.host.enclosure import enclosed
from runner.engine.private.linux import die_with_parent
from runner.errors import EngineError
from runner.pace import MACHINE
from runner.terminal.size import Size

_CHUNK = 1 << 16
_START_SECONDS = 60.0
_PASSED = ("TERM", "COLORTERM", "NO_COLOR", "LANG", "LC_ALL", "TEXTUAL_THEME")


def show(resources: ClassResources, words: Sequence[str], *, readable: Mapping[Path, Path]) -> None:
    """Show the screen, a Python module with its arguments, until it ends or the terminal is gone.

    This process drops its privileges once the screen runs.

    Raises:
        EngineError: the screen cannot be started.
    """
    group = resources.staff_group(f"screen-{os.getpid()}")
    size = Size(*os.get_terminal_size(sys.stdin.fileno()))

    kept = keep(
        lambda opened: enclosed(
            resources,
            group,
            words,
            readable=readable,
            writable={resources.own: resources.own},
            descriptors={},
            settle=lambda: take_terminal(size, opened),
            variables={name: os.environ[name] for name in _PASSED if name in os.environ},
        ),
        group.clear,
    )
    terminal = _outer_end(kept)
    _give_up(resources.gateway_id)
    _carry(terminal, kept.link)


def show_beside(resources: ClassResources, words: Sequence[str], *, readable: Mapping[Path, Path]) -> int:
    """The same in a child process, whose id this returns; it ends with this process."""
    pid = os.fork()
    if pid:
        return pid
    status = 0
    try:
        die_with_parent()
        close_all(but={0, 1, 2})
        show(resources, words, readable=readable)
    except Exception as error:  # noqa: BLE001 - the class goes on without a screen
        print(f"workshop: the instructor's screen has ended: {error}", file=sys.stderr, flush=True)
        status = 1
    except BaseException:  # noqa: BLE001 - a signal
        status = 1
    finally:
        os._exit(status)


def _outer_end(kept: Kept) -> int:
    kept.link.settimeout(MACHINE.stretched(_START_SECONDS))
    try:
        said, descriptors = receive(kept.link, 1)
    except TimeoutError:
        kept.end()
        raise EngineError(
            "the instructor's screen did not start in time", remedy="try again in a moment"
        ) from None
    if not descriptors:
        why = "it was killed" if said is None else said.get("why", "its terminal did not arrive")
        raise EngineError(f"the instructor's screen cannot be started: {why}")
    return descriptors[0]


def _give_up(user: int) -> None:
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    # A change of user resets it.
    die_with_parent()


def _carry(terminal: int, link: socket.socket) -> None:
    """Relay input and output until the screen or this terminal ends."""
    stdin, stdout = sys.stdin.fileno(), sys.stdout.fileno()
    before = termios.tcgetattr(stdin)

    def resized(*_: object) -> None:
        with suppress(OSError):
            Size(*os.get_terminal_size(stdin)).tell(terminal)

    signal.signal(signal.SIGWINCH, resized)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        tty.setraw(stdin)
        resized()
        while True:
            ready, _, _ = select.select([stdin, terminal, link], [], [])
            if terminal in ready:
                _write(stdout, os.read(terminal, _CHUNK))
            elif link in ready:
                return
            if stdin in ready:
                typed = os.read(stdin, _CHUNK)
                if not typed:
                    return
                _write(terminal, typed)
    except OSError:
        # The inner end is closed, or this terminal is gone.
        return
    finally:
        with suppress(termios.error):
            termios.tcsetattr(stdin, termios.TCSAFLUSH, before)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
