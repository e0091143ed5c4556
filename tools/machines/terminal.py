"""A person at the machine's terminal, who types and reads the screen."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from runner.shell.pty import HostStream
from runner.terminal.ghostty import GhosttyEmulator

_OTHER_SCREEN = b"\x1b[?1049h"


class ScreenError(Exception):
    """The screen did not show the expected text; the message has its content."""


class Terminal:
    """A program, such as ssh, on a terminal of this size."""

    def __init__(self, argv: Sequence[str], *, columns: int = 120, lines: int = 40) -> None:
        self._emulator = GhosttyEmulator(columns, lines)
        self._rows: dict[int, str] = {}
        self._changed = threading.Condition()
        self._printed = b""
        self._ended = False
        self._stream = HostStream(
            argv,
            environment={"PATH": "/usr/bin:/bin", "TERM": "xterm-256color"},
            directory=Path("/"),
            columns=columns,
            rows=lines,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def screen(self) -> str:
        """The text on the screen."""
        with self._changed:
            self._rows |= {y: row.text for y, row in self._emulator.frame().rows.items()}
            return "\n".join(self._rows.get(y, "") for y in range(max(self._rows, default=0) + 1))

    @property
    def printed_before_app(self) -> str | None:
        """The output since `forget` and before an app switched to the other screen; None if none has."""
        with self._changed:
            text, mark, _ = self._printed.partition(_OTHER_SCREEN)
        return text.decode(errors="replace") if mark else None

    def forget(self) -> None:
        """Make `printed_before_app` begin here."""
        with self._changed:
            self._printed = b""

    def type(self, text: str) -> None:
        """Press these keys."""
        self._stream.write(text.encode())

    def sees(self, wanted: str | Callable[[str], object], *, seconds: float) -> str:
        """Wait until the screen has a text, or `wanted` returns a true value; returns the screen.

        Raises:
            ScreenError: it did not within `seconds`, or the program ended.
        """
        holds = wanted if callable(wanted) else lambda screen: wanted in screen
        deadline = time.monotonic() + seconds
        while True:
            screen = self.screen
            if holds(screen):
                return screen
            left = deadline - time.monotonic()
            if left <= 0 or self._ended:
                what = (
                    wanted
                    if isinstance(wanted, str)
                    else getattr(wanted, "__doc__", None) or "what was awaited"
                )
                raise ScreenError(f"not seen within {seconds:g} s: {what}; the screen:\n{screen.strip()}")
            with self._changed:
                self._changed.wait(min(left, 1.0))

    def close(self) -> None:
        """Hang up the terminal."""
        self._stream.close()
        self._reader.join()

    def _read(self) -> None:
        while data := self._stream.read():
            with self._changed:
                answer = self._emulator.feed(data)
                self._printed += data
                self._changed.notify_all()
            if answer:
                self._stream.write(answer)
        with self._changed:
            self._ended = True
            self._changed.notify_all()
