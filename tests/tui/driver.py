"""The real command on a pseudo-terminal, its screen read with the workshop's own emulator."""

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from runner.pace import MACHINE
from runner.shell.pty import HostStream
from runner.terminal.ghostty import GhosttyEmulator
from runner.tui.gate import PAUSE

# The app does not open in the labs' own shells, and its terminal here is a `HostStream`, as theirs are.
_MAIN = """
import sys
from runner.cli.learn import run
from runner.cli.main import main
run.require_own_terminal = lambda: None
sys.exit(main(sys.argv[1:]))
"""


class Driver:
    """Runs `workshop` with some arguments; `wait_for` is how a test knows that it may go on."""

    def __init__(
        self, *arguments: str, environment: Mapping[str, str], columns: int = 120, lines: int = 40
    ) -> None:
        self._emulator = GhosttyEmulator(columns, lines)
        self._rows: dict[int, str] = {}
        # Programs believe these before they ask the terminal.
        inherited = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}}
        self._stream = HostStream(
            [sys.executable, "-c", _MAIN, *arguments],
            environment={
                **inherited,
                "TERM": "xterm-256color",
                "PYTHONPATH": str(Path.cwd()),
                **environment,
            },
            directory=Path.cwd(),
            columns=columns,
            rows=lines,
        )
        self._changed = threading.Condition()
        self.ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The command's process."""
        return self._stream.pid

    @property
    def screen(self) -> str:
        """The screen as a person would see it."""
        self._rows |= {y: row.text for y, row in self._emulator.frame().rows.items()}
        return "\n".join(self._rows.get(y, "") for y in range(max(self._rows, default=0) + 1))

    def press(self, *keys: str) -> None:
        """Send keys."""
        for key in keys:
            self._stream.write(key.encode())

    def wait_for(self, wanted: str | Callable[[str], bool], timeout: float = 60.0) -> str:
        """The screen as soon as it shows `wanted`; the test fails with the screen if it never does."""
        shows = (lambda screen: wanted in screen) if isinstance(wanted, str) else wanted
        deadline = time.monotonic() + MACHINE.stretched(timeout)
        with self._changed:
            while not shows(screen := self.screen):
                left = deadline - time.monotonic()
                assert left > 0, f"{wanted!r} did not come:\n{screen}"
                assert not self.ended, f"it ended before {wanted!r} came:\n{screen}"
                self._changed.wait(left)
        return screen

    def press_until(
        self, key: str, wanted: str, timeout: float = 120.0, *, warnings: Sequence[str] = ()
    ) -> None:
        """Press a key again and again, until the screen shows `wanted`.

        Where it shows one of the `warnings`, which count as read only after a pause, the next press comes after it.
        """
        deadline = time.monotonic() + MACHINE.stretched(timeout)
        while wanted not in (screen := self.screen):
            assert time.monotonic() < deadline, f"{wanted!r} did not come:\n{screen}"
            assert not self.ended, f"it ended before {wanted!r} came:\n{screen}"
            self.press(key)
            with self._changed:
                self._changed.wait(0.2)
            if any(warning in self.screen for warning in warnings):
                time.sleep(PAUSE * 1.1)

    def wait_for_end(self, timeout: float = 30.0) -> None:
        """Wait until the command has ended."""
        self._reader.join(MACHINE.stretched(timeout))
        assert self.ended, self.screen

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of its terminal."""
        with self._changed:
            self._emulator.resize(columns, lines)
            self._rows.clear()
        self._stream.resize(columns, lines)

    def close(self) -> None:
        """Kill what still runs."""
        self._stream.close()

    def _read(self) -> None:
        while data := self._stream.read():
            with self._changed:
                answers = self._emulator.feed(data)
                self._changed.notify_all()
            if answers:
                self._stream.write(answers)
        with self._changed:
            self.ended = True
            self._changed.notify_all()
