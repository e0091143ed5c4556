"""A probe's programs in the workspace, beside the learner's shell."""

import os
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from runner.engine.api import Completed, ProgramTimeout
from runner.language import tr
from runner.shell.processes import Cookie, kill_session

LIMIT = 2**20
"""The number of bytes of output kept; the rest is read and dropped."""


def run_on_host(
    argv: Sequence[str], *, folder: Path, environment: Mapping[str, str], timeout: float
) -> Completed:
    """Run `argv` in `folder` to its end, and kill any children it leaves behind.

    Raises:
        ProgramTimeout: the time is over; carries the output so far. The program and its children are killed.
    """
    cookie = Cookie.new()
    try:
        process = subprocess.Popen(
            argv,
            cwd=folder,
            env={**environment, **cookie.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return Completed(127, f"{argv[0]}: {error.strerror}")
    output = bytearray()
    try:
        if not _finish(process, output, time.monotonic() + timeout):
            raise ProgramTimeout(
                tr("{program} was still running after {timeout:g} s", program=argv[0], timeout=timeout),
                output=_text(output),
            )
    finally:
        kill_session(process.pid, cookie)
        status = process.wait()
        assert process.stdout is not None
        process.stdout.close()
    return Completed(status if status >= 0 else 128 - status, _text(output))


def _finish(process: "subprocess.Popen[bytes]", output: bytearray, deadline: float) -> bool:
    """Read until the program has ended and its output is drained; False if the deadline came first.

    A child may hold the pipe open after the program's end, so the end is watched separately; and without reaping: its
    number must not be reused before its session is killed.
    """
    assert process.stdout is not None
    pipe, end = process.stdout.fileno(), os.pidfd_open(process.pid)
    watched = [pipe, end]
    try:
        while (left := deadline - time.monotonic()) > 0:
            ready, _, _ = select.select(watched, [], [], left)
            if pipe in ready:
                chunk = os.read(pipe, 65536)
                output += chunk[: max(0, LIMIT - len(output))]
                if not chunk:
                    watched = [end]
            elif ready:
                return True
    finally:
        os.close(end)
    return False


def _text(output: bytearray) -> str:
    return output.decode("utf-8", "replace")
