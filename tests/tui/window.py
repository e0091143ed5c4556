"""The real command in a terminal's window, which can be closed under it."""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from pathlib import Path

from runner.pace import MACHINE

_MAIN = "import sys; from runner.cli.main import main; sys.exit(main(sys.argv[1:]))"
LEADER = 'exec "$@"'
"""The command is what the window was opened for, and is sent a hang-up when it closes."""
BENEATH = 'trap "" HUP; "$@"; exit "$?"'
"""Another program is, and neither it nor the command minds hang-ups."""


class Window:
    """Runs `workshop` with some arguments on its own terminal; its output is read only during a wait."""

    def __init__(
        self, *arguments: str, environment: Mapping[str, str], shell: str = LEADER, output: str = "$0"
    ) -> None:
        """`output` is the terminal that it prints to: as a rule the one that it reads."""
        self._master, slave = pty.openpty()
        termios.tcsetwinsize(self._master, (40, 120))
        self._process = subprocess.Popen(
            [
                *("/bin/sh", "-c", f'exec <>"$0" >"{output}" 2>&1; {shell}', os.ttyname(slave)),
                *(sys.executable, "-c", _MAIN, *arguments),
            ],
            env={**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(Path.cwd()), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._end = os.pidfd_open(self._process.pid)
        self._seen = b""
        self._slave = slave

    @property
    def pid(self) -> int:
        """The first process of the window."""
        return self._process.pid

    def press(self, keys: str) -> None:
        """Send keys."""
        os.write(self._master, keys.encode())

    def forget(self) -> None:
        """Ignore the output so far in `wait_for`."""
        self._seen = b""

    def wait_for(self, text: str, source: int | None = None, timeout: float = 60.0) -> None:
        """Read, here or at another terminal, until `text` has been printed."""
        deadline = time.monotonic() + MACHINE.stretched(timeout)
        while text.encode() not in self._seen:
            assert self._read(source or self._master, deadline - time.monotonic()), self._seen[-4000:]

    def close(self) -> None:
        """Close the window."""
        for descriptor in (self._slave, self._master):
            if descriptor >= 0:
                os.close(descriptor)
        self._slave = self._master = -1

    def ended(self, timeout: float) -> int:
        """The exit status; the test fails if it does not come in time."""
        deadline = time.monotonic() + MACHINE.stretched(timeout)
        while not select.select([self._end], [], [], 0)[0]:
            left = deadline - time.monotonic()
            assert left > 0, "it goes on"
            if self._master >= 0:
                self._read(self._master, left)
            else:
                select.select([self._end], [], [], left)
        return self._process.wait()

    def kill(self) -> None:
        """Be sure that it is gone."""
        if self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self.close()
        os.close(self._end)

    def _read(self, source: int, left: float) -> bool:
        """True if a text was printed, or the command ended, before the time is over."""
        ready = select.select([source, self._end], [], [], max(left, 0))[0]
        if source in ready:
            self._seen += os.read(source, 1 << 16)
        return source in ready
