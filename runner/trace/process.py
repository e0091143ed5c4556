"""Runs strace on a process of this machine."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.errors import EngineError, UsageError
from runner.trace.recorder import Recorder
from runner.trace.watch import Watch

_CHUNK = 1 << 18
_REFUSED = re.compile(rb"strace: attach: ptrace\([^)]*\): ([^\n]+)")


class _Strace:
    """A local strace with the methods that `Watch` needs from a sidecar."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        assert process.stderr is not None
        self._output = process.stderr.fileno()
        self._begun = os.read(self._output, _CHUNK)

    @property
    def begun(self) -> bytes:
        return self._begun

    def log(self) -> Iterator[bytes]:
        """strace's output, to its end."""
        yield self._begun
        while data := os.read(self._output, _CHUNK):
            yield data

    def remove(self) -> None:
        """Detach from the process, which goes on untraced."""
        self._process.terminate()


@contextmanager
def process_watch(pid: int, recorder: Recorder) -> Iterator[Watch]:
    """Trace a process and those that it starts; they go on when the block is left.

    Raises:
        EngineError: strace is not installed, or may not trace it.
        UsageError: there is no such process.
    """
    strace = shutil.which("strace")
    if strace is None:
        raise EngineError("strace is not installed", remedy="install the package strace")
    if not Path("/proc", str(pid)).exists():
        raise UsageError(f"there is no process {pid}", remedy="name one that `ps` shows")
    argv = [strace, "-f", "-e", "signal=SIGSYS", "-e", "raw=!execve,execveat", "-p", str(pid)]
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        local = _Strace(process)
        try:
            if refused := _REFUSED.search(local.begun):
                raise EngineError(
                    f"process {pid} cannot be watched: {refused[1].decode(errors='replace')}",
                    remedy="only root may watch processes of others; kernel.yama.ptrace_scope may forbid it, or "
                    "another program watches it already",
                )
            yield Watch(local, recorder)
        finally:
            process.terminate()
