"""Verifies many labs in parallel, within a deadline, and leaves nothing behind."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from runner.check.outcome import Errored, Failed, Outcome, Skipped
from runner.errors import told
from runner.lab.model.span import Span
from runner.lab.model.workshop import Lab, Workshop
from runner.stage.stage import Stage
from runner.verify.job import Place, Unreadable, lab_of
from runner.verify.lab import CheckProved, StepStarted, skipped_lab, unread_lab, verify_lab
from runner.verify.result import LabResult, OutcomeKind
from runner.verify.standard import Refusals

_log = logging.getLogger(__name__)
_NO_FAILURE = frozenset({OutcomeKind.PASSED, OutcomeKind.SKIPPED})

OpenStage = Callable[[Workshop], AbstractContextManager[Stage]]
"""Opens the environment of one lab; leaving it removes everything that the lab started."""


@dataclass(frozen=True, slots=True)
class LabStarted:
    """A lab's turn has come and its environment is ready."""

    lab: Lab


@dataclass(frozen=True, slots=True)
class LabFinished:
    """A lab has been verified, or abandoned, or cannot be read."""

    lab: Lab | Unreadable
    result: LabResult


Event = LabStarted | StepStarted | CheckProved | LabFinished


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The labs to verify, and the settings: `at_once` labs in parallel, all within `deadline` seconds.

    With `fail_fast`, the first failure ends the run. A file that cannot be read is reported in its place.
    """

    jobs: Sequence[Place]
    at_once: int
    deadline: float
    fail_fast: bool = False


def verify(plan: Plan, open_stage: OpenStage, progress: Callable[[Event], None]) -> tuple[LabResult, ...]:
    """Verify the labs of `plan`, and return their results in order; `progress` is called only from this thread.

    An interrupt stops every lab, waits until everything they started is gone, and is raised again.
    """
    return _Run(plan, open_stage, progress).run()


@dataclass(frozen=True, slots=True)
class _Stop:
    """The end of a run before its time: why labs are `skipped`, and what comes of one that had begun, if not that."""

    skipped: str
    begun: Callable[[Span], Outcome] | None = None

    def of_begun(self, at: Span) -> Outcome:
        return Skipped(self.skipped) if self.begun is None else self.begun(at)


class _Run:
    def __init__(self, plan: Plan, open_stage: OpenStage, progress: Callable[[Event], None]) -> None:
        self._plan = plan
        self._open_stage = open_stage
        self._progress = progress
        self._events: queue.Queue[Event | Future[LabResult]] = queue.Queue()
        self._lock = threading.Lock()
        self._stages: set[Stage] = set()
        self._stopped: _Stop | None = None
        self._refusals = Refusals()

    def run(self) -> tuple[LabResult, ...]:
        with ThreadPoolExecutor(self._plan.at_once, thread_name_prefix="lab") as pool:
            futures = [pool.submit(self._done, place) for place in self._plan.jobs]
            for future in futures:
                future.add_done_callback(self._events.put)
            try:
                self._follow(set(futures))
            except BaseException:
                self._stop(_Stop("interrupted"))
                raise
        return tuple(future.result() for future in futures)

    def _follow(self, pending: set[Future[LabResult]]) -> None:
        """Pass on the labs' events until all have ended; enforce the deadline."""
        ends = time.monotonic() + self._plan.deadline
        while pending:
            try:
                event = self._events.get(timeout=None if self._stopped else max(0.0, ends - time.monotonic()))
            except queue.Empty:
                self._stop(_Stop("not reached within the run's deadline", self._too_late))
                continue
            if isinstance(event, Future):
                pending.discard(event)
            else:
                self._progress(event)

    def _too_late(self, at: Span) -> Outcome:
        return Failed(
            f"an end within the run's deadline of {self._plan.deadline:g} s", "it was still running", at
        )

    def _done(self, place: Place) -> LabResult:
        """The result of a place, which is also passed on."""
        if isinstance(place, Unreadable):
            result = unread_lab(place)
        else:
            workshop, lab = place
            result = self._result(lab, workshop)
            if self._stopped and result.kind not in _NO_FAILURE:
                result = skipped_lab(lab, self._stopped.of_begun(Span(lab.path, 1, 1)))
        if self._plan.fail_fast and result.kind not in _NO_FAILURE:
            # Here, in the thread that takes the next lab.
            self._stop(_Stop("an earlier lab failed"))
        self._events.put(LabFinished(lab_of(place), result))
        return result

    def _result(self, lab: Lab, workshop: Workshop) -> LabResult:
        if self._stopped:
            return skipped_lab(lab, Skipped(self._stopped.skipped))
        try:
            with self._open_stage(workshop) as stage, self._stoppable(stage):
                self._events.put(LabStarted(lab))
                result = verify_lab(lab, stage, self._events.put, self._refusals)
                if result.kind in {OutcomeKind.FAILED, OutcomeKind.BROKEN}:
                    # A failure for lack of an engine shows nothing about the lab.
                    stage.engine.sweep()
                return result
        except Exception as error:  # noqa: BLE001  # whatever it is, the other labs' results count
            _log.info("%s could not be verified", lab.id, exc_info=error)
            return skipped_lab(lab, Errored(told(error).in_full(), Span(lab.path, 1, 1)))

    @contextmanager
    def _stoppable(self, stage: Stage) -> Iterator[None]:
        with self._lock:
            self._stages.add(stage)
            if self._stopped:
                stage.cancel()
        try:
            yield
        finally:
            with self._lock:
                self._stages.discard(stage)

    def _stop(self, reason: _Stop) -> None:
        """Start no further lab and cancel those that run, so that their threads end with errors."""
        with self._lock:
            self._stopped = self._stopped or reason
            for stage in self._stages:
                stage.cancel()
