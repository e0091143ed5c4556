"""The app's end when the learner does not end it: at a signal, or when the terminal goes away."""

import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

from runner.errors import ExitCode
from runner.inherited_signals import is_ignored
from runner.pace import MACHINE

PATIENCE = 1.0
"""Seconds that the app has to leave the screen before the program ends without that."""
LIMIT = 5.0
"""Seconds after which the program ends, whatever it still waits for."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# The terminal modes that the app sets: other screen, mouse and focus reports, marked pastes, keyboard protocol.
_PLAIN = b"\x1b[?1049l\x1b[?1000l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?2004l\x1b[<u\x1b[?7h\x1b[?25h"


class Shutdown:
    """While its block runs, ends the app in order, once, however often it is told to, and cleans up after it.

    `leave` makes the app leave, from any thread. `clean_up` is called once, at the block's end; or in a thread, with
    the program ended after it, if the app was told to leave and cannot, as on a terminal that takes no more output.
    """

    def __init__(self, *, leave: Callable[[], object], clean_up: Callable[[], object]) -> None:
        self._leave = leave
        self._clean_up = clean_up
        self._cleaning = threading.Lock()
        self._clean = False
        self._left = threading.Event()
        self._told, self._tell = os.pipe()
        os.set_blocking(self._tell, False)
        self._modes: dict[int, list[Any]] = {}

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            # A user who starts us with nohup wants us to outlive the signal.
            if not is_ignored(number):
                signal.signal(number, self._note)
        for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__):
            if stream is not None and stream.isatty():
                self._modes[stream.fileno()] = termios.tcgetattr(stream)
        threading.Thread(target=self._watch, name="ending", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        # The signals stay ours: the program ends next, and nothing may keep it from cleaning up.
        self._left.set()
        self._clean_up_once()

    def _note(self, *_: object) -> None:
        """Only wake the thread: the interrupted code may hold a lock."""
        with suppress(BlockingIOError):
            os.write(self._tell, b"!")

    def _watch(self) -> None:
        poll = select.poll()
        poll.register(self._told, select.POLLIN)
        for terminal in self._modes:
            # Only its end, which is reported unasked: input is the app's to read.
            poll.register(terminal, 0)
        poll.poll()
        limit = threading.Timer(MACHINE.stretched(LIMIT), os._exit, [ExitCode.INTERRUPTED])
        limit.daemon = True
        limit.start()
        self._leave()
        if self._left.wait(MACHINE.stretched(PATIENCE)):
            return
        try:
            self._clean_up_once()
            self._give_terminal_back()
        finally:
            os._exit(ExitCode.INTERRUPTED)

    def _clean_up_once(self) -> None:
        with self._cleaning:
            if not self._clean:
                self._clean = True
                self._clean_up()

    def _give_terminal_back(self) -> None:
        for terminal, modes in self._modes.items():
            with suppress(OSError, termios.error):
                termios.tcsetattr(terminal, termios.TCSANOW, modes)
                # Opened again, since others share the open ones, and it must not wait.
                anew = os.open(os.ttyname(terminal), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
                os.write(anew, _PLAIN)
