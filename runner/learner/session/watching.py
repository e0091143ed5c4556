"""Watching the calls of one container, and explaining a failed command by them."""

import threading
import time
from contextlib import suppress
from enum import Enum, auto

from runner.engine.api import Container, ContainerGone, EngineInfo, EngineUnavailable, Tracer
from runner.errors import EngineError, WorkshopError, told
from runner.language import tr
from runner.learner.denials import explained
from runner.pace import MACHINE
from runner.trace.in_force import in_force
from runner.trace.live import LiveCalls
from runner.trace.why import Answer

_REST = 1.0
"""Seconds without a report after which strace is taken to have reported all; the shell's may be as late as that."""
_LATE = 5.0
"""Seconds on a usual machine by which strace's report of a command may come after the shell's."""


class Phase(Enum):
    """The phase of a watching."""

    STARTING = auto()
    WATCHING = auto()
    OVER = auto()


class Watching:
    """Watches a container in a separate thread, from `begin` until `end`, or its own end, for the reason `why`.

    Everything but the constructor may be used from any thread. `file` is the profile's name in messages.
    """

    def __init__(
        self, container: Container, info: EngineInfo, *, file: str, after: "Watching | None" = None
    ) -> None:
        """`after` is the earlier watching, whose end it waits for: a process can have only one tracer."""
        self.container = container
        self.phase = Phase.STARTING
        self.why = ""
        self.remedy = ""
        self.notes: tuple[str, ...] = ()
        self.calls: LiveCalls | None = None
        self.since = 0.0
        """The time from which all calls are reported, on the monotonic clock."""
        self.until = float("inf")
        """The time when that ended."""
        self._info = info
        self._file = file
        self._after = after
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._tracer: Tracer | None = None
        self._settled = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def begin(self) -> None:
        """Start watching, without waiting for it."""
        self._thread.start()

    @property
    def stopped(self) -> bool:
        """True if it was told to end."""
        return self._stop.is_set()

    def end(self) -> None:
        """Stop watching the container, without waiting for that."""
        with self._lock:
            if self.stopped:
                return
            self._stop.set()
            tracer = self._tracer
        if tracer is not None:
            threading.Thread(target=_remove, args=(tracer,), name="unwatch", daemon=True).start()

    def settle(self, seconds: float) -> bool:
        """Wait until it watches or never will; True if it watches."""
        self._settled.wait(seconds)
        return self.phase is Phase.WATCHING

    def join(self, seconds: float | None = None) -> None:
        """Wait until everything of it is removed."""
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def covers(self, begin: float, end: float) -> bool:
        """True if all calls between two times of the monotonic clock were reported."""
        return self.calls is not None and 0 < self.since <= begin and end <= self.until

    def explain(self, begin: float, end: float, *, limit: float = float("inf")) -> Answer:
        """The explanation, from the calls between two times, of a command that failed then.

        `limit` is the next one's start.

        Waits for strace's last reports, which may come late: at least until it has reported something since `begin`,
        and then no more for a moment.
        """
        assert self.calls is not None
        latest = end + MACHINE.stretched(_LATE)
        while (now := time.monotonic()) < latest and self.phase is Phase.WATCHING:
            reported = self.calls.quiet_since
            if reported >= begin and now >= max(end, reported) + _REST:
                break
            time.sleep(0.05)
        found = explained(self.calls, begin, min(end + _REST, limit))
        if found.denied or found.own or found.stopped or found.others:
            return found
        # Nothing in time: what came late may also be of a command that began since.
        return explained(self.calls, begin, min(latest, limit))

    def _run(self) -> None:
        if self._after is not None:
            self._after.join()
            self._after = None
        tracer = None
        try:
            tracer = self._start()
            if tracer is not None and self.calls is not None:
                for block in tracer.log():
                    self.calls.feed(block)
        except (WorkshopError, OSError) as error:
            problem = told(error)
            self.why, self.remedy = str(problem), problem.remedy
        finally:
            self.until = time.monotonic()
            try:
                self._leave(tracer)
            finally:
                self.phase = Phase.OVER
                self._settled.set()

    def _leave(self, tracer: Tracer | None) -> None:
        if tracer is not None:
            _free(tracer)
        if not self.stopped and not self.why:
            self.why = self._why_over()

    def _start(self) -> Tracer | None:
        """An attached tracer; None if the watching was stopped meanwhile."""
        if self._stop.is_set():
            return None
        state = self.container.state()
        profile = in_force(state, self._info, file=self._file)
        self.calls = LiveCalls(profile.simulation)
        tracer = self.container.watch()
        with self._lock:
            self._tracer = tracer
            called_off = self.stopped
        if called_off:
            _free(tracer)
            return None
        self.notes = tuple(filter(None, (*tracer.notes, profile.caveat)))
        self.since, self.phase = time.monotonic(), Phase.WATCHING
        self._settled.set()
        return tracer

    def _why_over(self) -> str:
        """The reason why the log has ended unasked."""
        try:
            state = self.container.state()
        except ContainerGone:
            return tr("The container is gone.")
        except EngineUnavailable as error:
            return tr("The engine went away: {error}", error=error)
        except (EngineError, OSError) as error:
            return str(told(error))
        if not state.running:
            return tr("The container has exited with status {status}.", status=state.exit_code)
        return tr("strace has ended: somebody has removed it.")


def _remove(tracer: Tracer) -> None:
    # With the engine it is gone; else the session's end removes it.
    with suppress(EngineError, OSError):
        tracer.remove()


def _free(tracer: Tracer) -> None:
    _remove(tracer)
    with suppress(EngineError, OSError):
        tracer.release()
