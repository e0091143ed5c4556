"""Runs a program on this machine to its end, with nothing of it left behind."""

import os
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from runner.shell.processes import Cookie, kill_session

LIMIT = 2**20
"""The number of bytes of output kept; the rest is read and dropped."""


class Ended(NamedTuple):
    """The exit status as a shell gives it, None if the time was over, and stdout with stderr, decoded."""

    status: int | None
    output: str


class Stop:
    """Ends a program that another thread runs, and each one that it would run after that."""

    def __init__(self) -> None:
        self._event = os.eventfd(0, os.EFD_CLOEXEC)

    def set(self) -> None:
        """End the program; `run_program` returns as if the time were over."""
        os.eventfd_write(self._event, 1)

    @property
    def is_set(self) -> bool:
        """True once `set` was called."""
        return bool(select.select([self._event], [], [], 0)[0])

    def fileno(self) -> int:
        """A descriptor that can be read once this is set."""
        return self._event

    def __del__(self) -> None:
        os.close(self._event)


def run_program(
    argv: Sequence[str],
    *,
    environment: Mapping[str, str],
    timeout: float,
    folder: Path | None = None,
    keep_end: bool = False,
    stop: Stop | None = None,
) -> Ended:
    """Run `argv` for `timeout` seconds at most, and kill any children that it leaves behind.

    Of an output that is too long the start is kept, or the end with `keep_end`.

    Raises:
        OSError: it cannot be started.
    """
    cookie = Cookie.new()
    process = subprocess.Popen(
        argv,
        cwd=folder,
        env={**environment, **cookie.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    output = bytearray()
    try:
        ended = _finish(process, output, time.monotonic() + timeout, keep_end=keep_end, stop=stop)
    finally:
        kill_session(process.pid, cookie)
        status = process.wait()
        assert process.stdout is not None
        process.stdout.close()
    if not ended:
        return Ended(None, _text(output))
    return Ended(status if status >= 0 else 128 - status, _text(output))


def _finish(
    process: "subprocess.Popen[bytes]",
    output: bytearray,
    deadline: float,
    *,
    keep_end: bool,
    stop: Stop | None,
) -> bool:
    """Read until the program has ended and its output is drained; False if the deadline or `stop` came first.

    A child may hold the pipe open after the program's end, so the end is watched separately; and without reaping: its
    number must not be reused before its session is killed.
    """
    assert process.stdout is not None
    pipe, end = process.stdout.fileno(), os.pidfd_open(process.pid)
    stops = [] if stop is None else [stop.fileno()]
    watched = [pipe, end]
    try:
        while (left := deadline - time.monotonic()) > 0:
            ready, _, _ = select.select([*watched, *stops], [], [], left)
            if stops and stops[0] in ready:
                return False
            if pipe in ready:
                chunk = os.read(pipe, 65536)
                output += chunk if keep_end else chunk[: max(0, LIMIT - len(output))]
                del output[:-LIMIT]
                if not chunk:
                    watched = [end]
            elif ready:
                return True
    finally:
        os.close(end)
    return False


def _text(output: bytearray) -> str:
    return output.decode("utf-8", "replace")
