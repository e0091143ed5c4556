"""A host shell on a pseudo-terminal."""

import errno
import os
import select
import subprocess
import termios
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from runner.ambient_limits import AmbientLimits
from runner.shell.processes import Cookie, bound, kill_session
from runner.shell.prompt import COLUMNS, ROWS, host_shell

_CHUNK = 1 << 16
_AFTER_END = 1 << 20
# A session leader that opens a terminal gets it as its controlling one; so no code runs between fork and exec here.
_TAKE_TERMINAL = 'exec "$@" <>"$0" >&0 2>&1'


class HostStream:
    """The terminal of a host program that leads its own session.

    The stream ends with that program, even while others still hold the terminal. Closing it kills everything started
    from it, including programs that ignore hang-ups or have moved to another session.
    """

    def __init__(
        self,
        argv: Sequence[str] = (),
        *,
        environment: Mapping[str, str],
        directory: Path,
        columns: int = COLUMNS,
        rows: int = ROWS,
    ) -> None:
        self._cookie = Cookie.new()
        # Our side of the terminal reads as closed while no process has the other one open; so it stays open here.
        self._master, self._slave = os.openpty()
        self._descriptors = [self._master, self._slave]
        try:
            os.set_blocking(self._master, False)
            self._size = (rows, columns)
            termios.tcsetwinsize(self._master, self._size)
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _TAKE_TERMINAL, os.ttyname(self._slave), *(argv or host_shell())],
                cwd=directory,
                env={**environment, **self._cookie.environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            # Only `close` reaps it: until then its session's number cannot be reused.
            self._end = os.pidfd_open(self._process.pid)
            bound(self._process.pid, AmbientLimits.of())
            self._descriptors.append(self._end)
        except BaseException:
            self._release()
            raise
        self._closing = threading.Lock()
        self._closed = False
        self._users = 0
        self._unused = threading.Condition()
        self._after_end = _AFTER_END

    @property
    def pid(self) -> int:
        """The process id of the shell, which is also that of its session."""
        return self._process.pid

    @property
    def foreground_program(self) -> str:
        """The name of the program in the terminal's foreground; "" if it is the shell itself, or is unknown."""
        return self._of_foreground("comm").strip()

    @property
    def foreground_command(self) -> tuple[str, ...]:
        """The words with which the program in the terminal's foreground was called; none as above."""
        return tuple(self._of_foreground("cmdline").split("\0")[:-1])

    def _of_foreground(self, file: str) -> str:
        with self._in_use() as usable, suppress(OSError):
            group = os.tcgetpgrp(self._master) if usable else self.pid
            if group != self.pid:
                return Path(f"/proc/{group}/{file}").read_text(encoding="utf-8", errors="replace")
        return ""

    def read(self) -> bytes:
        """Wait for more output; b"" once the shell has ended and its output was read, or after `close`."""
        with self._in_use() as usable:
            while usable and not self._closed:
                ended = self._ready(select.POLLIN)
                try:
                    data = os.read(self._master, _CHUNK)
                except BlockingIOError:
                    data = b""
                self._hold_size()
                if ended:
                    # A background job may go on printing for ever.
                    self._after_end -= len(data)
                    return data if self._after_end > 0 else b""
                if data:
                    return data
        return b""

    def write(self, data: bytes) -> None:
        """Send keys; waits while the terminal's input is full.

        Raises:
            BrokenPipeError: the shell has ended.
        """
        left = memoryview(data)
        with self._in_use() as usable:
            while left:
                if not usable or self._closed or self._ready(select.POLLOUT):
                    raise BrokenPipeError(errno.EPIPE, "the shell has ended")
                with suppress(BlockingIOError):
                    left = left[os.write(self._master, left) :]

    def write_now(self, data: bytes) -> bool:
        """Send a few keys if that does not block; True if they were sent."""
        with self._in_use() as usable:
            try:
                sent = os.write(self._master, data) if usable else 0
            except BlockingIOError:
                sent = 0
        if 0 < sent < len(data):
            self.write(data[sent:])
        return sent > 0

    def resize(self, columns: int, rows: int) -> None:
        """Tell the foreground program the terminal's size, which nothing else sets."""
        with self._in_use() as usable:
            if usable:
                self._size = (rows, columns)
                termios.tcsetwinsize(self._master, self._size)

    def wait(self) -> int:
        """Wait until the program has ended; returns its exit status, negative for the signal that ended it."""
        ended = os.waitid(os.P_PIDFD, self._end, os.WEXITED | os.WNOWAIT)
        assert ended is not None
        return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status

    def close(self) -> None:
        """Kill everything started from this terminal and close it; a pending read returns b""."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            kill_session(self._process.pid, self._cookie)
            self._process.wait()
            with self._unused:
                self._unused.wait_for(lambda: self._users == 0)
                self._release()

    @contextmanager
    def _in_use(self) -> Iterator[bool]:
        """Keep the descriptors open while the block runs; False if they are closed already."""
        with self._unused:
            usable = not self._closed
            self._users += usable
        try:
            yield usable
        finally:
            with self._unused:
                self._users -= usable
                self._unused.notify_all()

    def _hold_size(self) -> None:
        # Readline reads the size before each prompt and writes it back afterwards; it may be an earlier one.
        if termios.tcgetwinsize(self._master) != self._size:
            termios.tcsetwinsize(self._master, self._size)

    def _ready(self, event: int) -> bool:
        """Wait until the terminal is ready for `event` or the shell has ended; True if the shell has ended."""
        poll = select.poll()
        poll.register(self._master, event)
        poll.register(self._end, select.POLLIN)
        return any(descriptor == self._end for descriptor, _ in poll.poll())

    def _release(self) -> None:
        for descriptor in self._descriptors:
            os.close(descriptor)
