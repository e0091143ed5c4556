"""Programs that a probe runs in the workspace, beside the learner's shell."""

import os
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from runner.engine.api import Completed, ProgramTimeout

LIMIT = 2**20
"""Bytes of output that are kept; the rest is read and dropped."""
POLL = 0.05
"""Seconds between looks at whether the program has ended, since a child of it may hold the pipe open."""


def run_on_host(
    argv: Sequence[str], *, folder: Path, environment: Mapping[str, str], timeout: float
) -> Completed:
    """Run `argv` in `folder` to its end; children it leaves behind are killed.

    Raises:
        ProgramTimeout: with what it had printed; it and its children are killed.
    """
    try:
        process = subprocess.Popen(
            argv,
            cwd=folder,
            env=dict(environment),
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
            raise ProgramTimeout(f"{argv[0]} was still running after {timeout:g} s", output=_text(output))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        status = process.wait()
        assert process.stdout is not None
        process.stdout.close()
    return Completed(status if status >= 0 else 128 - status, _text(output))


def _finish(process: "subprocess.Popen[bytes]", output: bytearray, deadline: float) -> bool:
    """Read until the program has ended and its output is drained; False if the deadline came first."""
    assert process.stdout is not None
    descriptor = process.stdout.fileno()
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        readable, _, _ = select.select([descriptor], [], [], 0 if ended else POLL)
        if readable:
            chunk = os.read(descriptor, 65536)
            output += chunk[: max(0, LIMIT - len(output))]
            if not chunk:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(max(0.0, deadline - time.monotonic()))
                return process.poll() is not None
        elif ended:
            return True
    return False


def _text(output: bytearray) -> str:
    return output.decode("utf-8", "replace")
