"""A shell of the host on a pseudo-terminal of its own."""

import errno
import fcntl
import os
import secrets
import select
import subprocess
import termios
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from runner.shell.processes import kill_session
from runner.shell.prompt import host_shell

_CHUNK = 1 << 16
_COOKIE = "WORKSHOP_SHELL"
# A session leader that opens a terminal gets it as its controlling one; so no code runs between fork and exec here.
_TAKE_TERMINAL = 'exec "$@" <>"$0" >&0 2>&1'


class HostStream:
    """The terminal of a program of the host that leads a session of its own.

    The stream ends with that program, even while others still hold the terminal. Closing it kills everything that
    was started from it, also what ignores hang-ups or has moved to another session.
    """

    def __init__(
        self,
        argv: Sequence[str] = (),
        *,
        environment: Mapping[str, str],
        directory: Path,
        columns: int = 80,
        rows: int = 24,
    ) -> None:
        self._cookie = secrets.token_hex(8)
        self._master, slave = os.openpty()
        try:
            termios.tcsetwinsize(self._master, (rows, columns))
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _TAKE_TERMINAL, os.ttyname(slave), *(argv or host_shell())],
                cwd=directory,
                env={**environment, _COOKIE: self._cookie},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except BaseException:
            os.close(self._master)
            raise
        finally:
            os.close(slave)
        os.set_blocking(self._master, False)
        self._woken, self._wake = os.pipe()
        self._closing = threading.Lock()
        self._closed = False
        self._waiter = threading.Thread(target=self._wait, name=f"wait-{self._process.pid}", daemon=True)
        self._waiter.start()

    @property
    def pid(self) -> int:
        """The process id of the shell, which is also that of its session."""
        return self._process.pid

    def read(self) -> bytes:
        """Wait for more output; b"" once the shell has ended and all it printed was read, or after `close`."""
        poll = select.poll()
        poll.register(self._master, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        while not self._closed:
            ready = {descriptor for descriptor, _ in poll.poll()}
            if self._closed:
                break
            data = self._take()
            if data is not None:
                return data
            if self._woken in ready:
                break
        return b""

    def write(self, data: bytes) -> None:
        """Send keys; waits while the terminal's input is full.

        Raises:
            BrokenPipeError: the shell has ended.
        """
        poll = select.poll()
        poll.register(self._master, select.POLLOUT)
        poll.register(self._woken, select.POLLIN)
        left = memoryview(data)
        while left:
            if self._closed or self._woken in {descriptor for descriptor, _ in poll.poll()}:
                raise BrokenPipeError(errno.EPIPE, "the shell has ended")
            try:
                left = left[os.write(self._master, left) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise BrokenPipeError(errno.EPIPE, "the shell has ended") from error

    def resize(self, columns: int, rows: int) -> None:
        """Tell the foreground program the terminal's size."""
        with self._closing:
            if not self._closed:
                termios.tcsetwinsize(self._master, (rows, columns))

    def close(self) -> None:
        """Kill all that was started from this terminal and let go of it; a pending read returns b""."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            kill_session(self._process.pid, f"{_COOKIE}={self._cookie}".encode())
            self._waiter.join()
            # Whoever reads or writes is woken and sees `_closed`; the numbers stay taken until this object goes.
            os.write(self._wake, b"x")

    def __del__(self) -> None:
        for name in ("_master", "_woken", "_wake"):
            if (descriptor := getattr(self, name, None)) is not None:
                os.close(descriptor)

    def _take(self) -> bytes | None:
        """What can be read now; None if there is nothing or nobody holds the other side any more."""
        try:
            return os.read(self._master, _CHUNK) or None
        except BlockingIOError:
            return None
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            # Everyone closed the terminal; the shell may be about to end, and until then there is nothing to read.
            self._waiter.join()
            return None

    def _wait(self) -> None:
        self._process.wait()
        os.write(self._wake, b"x")
