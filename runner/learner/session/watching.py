"""Watching the calls of one container, and what they say of a command that failed."""

import threading
import time
from contextlib import suppress
from enum import Enum, auto

from runner.engine.api import Container, ContainerGone, EngineInfo, EngineUnavailable, Tracer
from runner.errors import EngineError, WorkshopError, told
from runner.language import tr
from runner.profile.evidence.reader import read_evidence
from runner.profile.model import Profile, Target
from runner.profile.simulation import Simulation
from runner.profile.source.reader import read_profile
from runner.profile.source.writer import write_profile
from runner.profile.views.verdicts import Verdict, Verdicts
from runner.trace.in_force import in_force
from runner.trace.live import LiveCalls
from runner.trace.why import Answer, Denial, answer, with_allowed

_REST = 1.0
"""Seconds for which what strace tells of a command may come behind what the shell tells of it."""


class Phase(Enum):
    """How far the watching has come."""

    STARTING = auto()
    WATCHING = auto()
    OVER = auto()


class Watching:
    """Watches a container in a thread of its own, from `begin` until `end`, or its own end, of which `why` tells.

    All but the constructor's arguments may be used from any thread. `file` is what messages call the profile.
    """

    def __init__(
        self, container: Container, info: EngineInfo, *, file: str, after: "Watching | None" = None
    ) -> None:
        """`after` is the watching before it, whose end it waits for: a process can have one tracer only."""
        self.container = container
        self.phase = Phase.STARTING
        self.why = ""
        self.remedy = ""
        self.notes: tuple[str, ...] = ()
        self.calls: LiveCalls | None = None
        self.since = 0.0
        """When all calls began to be told, on the monotonic clock."""
        self.until = float("inf")
        """When that ended."""
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
        """Whether it was told to end."""
        return self._stop.is_set()

    def end(self) -> None:
        """Let the container go on unwatched, without waiting for it."""
        with self._lock:
            if self.stopped:
                return
            self._stop.set()
            tracer = self._tracer
        if tracer is not None:
            threading.Thread(target=_remove, args=(tracer,), name="unwatch", daemon=True).start()

    def settle(self, seconds: float) -> bool:
        """Wait until it watches or never will; whether it watches."""
        self._settled.wait(seconds)
        return self.phase is Phase.WATCHING

    def join(self, seconds: float | None = None) -> None:
        """Wait until nothing of it is left."""
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def covers(self, begin: float, end: float) -> bool:
        """Whether all calls between two times of the monotonic clock were told."""
        return self.calls is not None and 0 < self.since <= begin and end <= self.until

    def explain(self, begin: float, end: float, *, limit: float = float("inf")) -> Answer:
        """What the calls between two times say of a command that failed then; `limit` is when the next one began.

        Waits a moment for what strace has still to tell.
        """
        assert self.calls is not None
        while time.monotonic() < min(end, self.calls.quiet_since) + _REST and self.phase is Phase.WATCHING:
            time.sleep(0.05)
        return explained(self.calls, begin, min(end + _REST, limit))

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
            if tracer is not None:
                _remove(tracer)
                tracer.release()
            if not self.stopped and not self.why:
                self.why = self._why_over()
            self.phase = Phase.OVER
            self._settled.set()

    def _start(self) -> Tracer | None:
        """A tracer that is attached; None if all was called off meanwhile."""
        if self._stop.is_set():
            return None
        self.calls = LiveCalls(in_force(self.container.state(), self._info, file=self._file))
        tracer = self.container.watch()
        with self._lock:
            self._tracer = tracer
            called_off = self.stopped
        if called_off:
            _remove(tracer)
            tracer.release()
            return None
        self.notes = tracer.notes
        self.since, self.phase = time.monotonic(), Phase.WATCHING
        self._settled.set()
        return tracer

    def _why_over(self) -> str:
        """Why the log has ended though nobody ended it."""
        try:
            state = self.container.state()
        except ContainerGone:
            return tr("The container is gone.")
        except EngineUnavailable as error:
            return tr("The engine went away: {error}", error=error)
        except EngineError as error:
            return str(error)
        if not state.running:
            return tr("The container has exited with status {status}.", status=state.exit_code)
        return tr("strace has ended: somebody has removed it.")


def explained(calls: LiveCalls, begin: float, end: float) -> Answer:
    """The answer that some failed calls give."""
    verdicts = Verdicts(calls.simulation)
    for seen in calls.failed(begin, end):
        verdicts(seen)
    found, own = _answered(calls.simulation, verdicts), calls.own(begin, end)
    doubtful = {(refusal.call.name, refusal.call.errno) for refusal in own if not refusal.certain}
    return found._replace(
        others=tuple(one for one in found.others if (one.first.name, one.first.errno) not in doubtful),
        own=own,
        own_filter=calls.own_filters(begin, end),
    )


def explained_verdict(calls: LiveCalls, verdict: Verdict) -> Denial | None:
    """The explanation of one denial."""
    verdicts = Verdicts(calls.simulation)
    verdicts(verdict.first)
    return next(iter(_answered(calls.simulation, verdicts).denied), None)


def _answered(simulation: Simulation, verdicts: Verdicts) -> Answer:
    nothing = read_evidence("", simulation.arch)
    return answer(simulation, verdicts, nothing, logged=None)


def line_of(text: str, denial: Denial, target: Target) -> int:
    """The line of a profile's text that decides a denied call now: a rule's, or the default action's; 1 if neither.

    Raises:
        ProfileError: it is no profile.
    """
    decision = Simulation.of_text(text, target).decide(denial.verdict.call)
    if decision.rule is not None and decision.rule.source is not None:
        return decision.rule.source.at.line
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if '"defaultAction"' in line), 1)


def allowing(text: str, denial: Denial) -> str:
    """A profile's text with the denied call allowed.

    Raises:
        ProfileError: it is no profile, or its rules cannot be changed so.
    """
    return allowing_in(read_profile(text).profile, denial)


def allowing_in(profile: Profile, denial: Denial) -> str:
    """The same for a profile that was read."""
    return write_profile(with_allowed(profile, [denial]))


def _remove(tracer: Tracer) -> None:
    # With the engine it is gone; else the session's end removes it.
    with suppress(EngineError):
        tracer.remove()
