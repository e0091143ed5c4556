"""Tracing a container's calls: from its first instruction, or from now on."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Protocol

from runner.engine.docker.engine import DockerEngine
from runner.engine.docker.sidecar import Sidecar
from runner.engine.docker.streams import Hijacked
from runner.engine.docker.workload import Workload
from runner.errors import EngineError
from runner.trace.recorder import Recorder
from runner.trace.stuck import Ender


@dataclass(frozen=True, slots=True)
class Ended:
    """The duration of the tracing, and the reason for its end; empty if all traced processes had ended.

    `stuck` is true if the program could not end, since the profile denies its exit; `interrupted`, if the user ended
    it.
    """

    seconds: float
    why: str = ""
    stuck: bool = False
    interrupted: bool = False


class Readable(Protocol):
    """A running strace."""

    def log(self) -> Iterator[bytes]:
        """The output, to the end of all traced processes or until `remove`."""

    def remove(self) -> None:
        """End the tracing; the traced processes go on. May be called from any thread, and twice."""


class Watch:
    """A running strace and its output; `until_the_end` reads, and `stop` may be called from other threads."""

    def __init__(self, sidecar: Readable, recorder: Recorder) -> None:
        self._sidecar = sidecar
        self._recorder = recorder
        self._why = ""
        self._stuck = False
        self._interrupted = False
        self._began = time.monotonic()

    def stop(self, why: str) -> None:
        """Stop tracing, so that the processes go on and the reading ends."""
        self._why = self._why or why
        with suppress(EngineError):
            self._sidecar.remove()

    def _cannot_end(self, why: str) -> None:
        self._stuck = True
        self.stop(why)

    def until_the_end(
        self,
        *,
        seconds: float | None = None,
        raw: Callable[[bytes], object] | None = None,
        ends_by_itself: bool = False,
    ) -> Ended:
        """Read until all traced processes have ended, for `seconds` at most; an interrupt ends it, too.

        `raw` receives strace's output. With `ends_by_itself`, nothing else ends the program, so tracing stops if the
        profile denies its exit.
        """
        with Ender(self._recorder.stuck, self._cannot_end) if ends_by_itself else nullcontext():
            return self._read(seconds, raw)

    def _read(self, seconds: float | None, raw: Callable[[bytes], object] | None) -> Ended:
        timer = threading.Timer(seconds or 0, self.stop, ["its time was over"])
        if seconds is not None:
            timer.start()
        try:
            for block in self._sidecar.log():
                self._recorder.feed(block)
                if raw is not None:
                    raw(block)
        except KeyboardInterrupt:
            self._interrupted = True
            self.stop("it was interrupted")
        finally:
            timer.cancel()
        self._recorder.close()
        return Ended(
            time.monotonic() - self._began,
            why=self._why,
            stuck=self._stuck,
            interrupted=self._interrupted,
        )


@contextmanager
def attached(engine: DockerEngine, container: str, recorder: Recorder) -> Iterator[Watch]:
    """Trace a running container; it goes on when the block is left."""
    sidecar = Sidecar(engine.session, container, collected=True)
    with ExitStack() as stack:
        stack.callback(sidecar.release)
        stack.callback(sidecar.remove)
        yield Watch(sidecar, recorder)


@contextmanager
def from_the_start(
    engine: DockerEngine, workload: Workload, recorder: Recorder, output: Callable[[Hijacked], object]
) -> Iterator[Watch]:
    """Start a workload, traced from its first instruction; it is removed when the block is left.

    `output` takes over the connection to its terminal or output before the program begins.

    Raises:
        StartRefused, EngineTimeout: the runtime could not start it, or hung.
        EngineError: it cannot be traced.
    """
    with ExitStack() as stack:
        try:
            connection = workload.start()
        except BaseException:
            workload.remove()
            raise
        stack.callback(connection.close)
        stack.callback(workload.remove)
        sidecar = Sidecar(engine.session, workload.id, gated=True, collected=True)
        stack.callback(sidecar.release)
        stack.callback(sidecar.remove)
        output(connection)
        sidecar.open_gate()
        yield Watch(sidecar, recorder)
