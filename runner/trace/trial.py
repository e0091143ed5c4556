"""Runs a workload under a profile, traced from its first instruction and tested by its check."""

import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace

from runner.engine.api import StartRefused
from runner.engine.docker.engine import DockerEngine
from runner.engine.docker.streams import Hijacked
from runner.engine.docker.workload import Workload, prepared
from runner.errors import EngineError
from runner.profile.evidence.model import Evidence
from runner.profile.evidence.reader import read_evidence
from runner.profile.lint import start_hazards
from runner.profile.simulation import Simulation
from runner.shell.program import Stop
from runner.trace.check import Check, Outcome
from runner.trace.in_force import InForce, in_force
from runner.trace.recorder import Recorder
from runner.trace.trace import Trace
from runner.trace.watch import Ended, Watch, from_the_start

STOP_SECONDS = 10.0
_MOMENT = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The settings of a run: the words of `docker run`, and docker's own command.

    `seccomp` is a profile's JSON content that replaces the one in the words, and `file` is its name. With a `check`,
    the workload is asked to end once that has passed or failed, within `within` seconds; without one it must exit with
    `status`. `seconds` limits its run; without that and a check, it is also ended if the profile denies its exit.
    """

    words: Sequence[str]
    docker: str
    seccomp: str | None = None
    file: str = ""
    check: Check | None = None
    status: int = 0
    within: float = 30.0
    seconds: float | None = None
    keep_programs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The result of a run: `refused` is the runtime's reason for not starting it, empty if it started.

    An `interrupted` one was ended by the user, with its check, and shows what was seen until then.
    """

    simulation: Simulation
    recorder: Recorder
    trace: Trace
    evidence: Evidence
    outcome: Outcome
    refused: str = ""
    interrupted: bool = False
    programs: tuple[bytes, ...] = ()
    """The content of the executed files, if asked for."""


def tried(
    engine: DockerEngine,
    plan: Plan,
    name: str,
    foreground: Callable[[Workload], AbstractContextManager[Callable[[Hijacked], object]]],
    raw: Callable[[bytes], object] | None = None,
) -> Trial:
    """Run the workload; `foreground` opens the receiver of its output, and `raw` receives strace's log.

    Raises:
        ProfileError: the profile cannot be used.
        EngineError: the engine failed, or the workload cannot be traced.
    """
    workload = prepared(engine.session, plan.words, plan.docker, seccomp=plan.seccomp)
    try:
        profile = _in_force(engine, workload, plan)
        simulation = profile.simulation
        recorder = Recorder(simulation, gated=True)
        hazards = start_hazards(simulation.profile, simulation.target)
    except BaseException:
        workload.remove()
        raise
    if hazards:
        workload.remove()
        said = f"it was not tried, since it could hang the engine: {hazards[0]}"
        return _refused(simulation, recorder, said, name)
    try:
        with (
            foreground(workload) as take,
            from_the_start(engine, workload, recorder, take) as watch,
            _Checking(engine, workload, plan, watch) as checking,
        ):
            alone = plan.check is None and plan.seconds is None
            ended = watch.until_the_end(seconds=plan.seconds, raw=raw, ends_by_itself=alone)
            outcome = checking.outcome(ended)
            with suppress(EngineError):  # it is gone if it could only be removed
                recorder.exited(workload.status())
            trace = recorder.trace(names=(name,), seconds=ended.seconds, notes=_notes(ended, profile.caveat))
            programs: tuple[bytes, ...] = ()
            with suppress(EngineError):
                programs = tuple(map(workload.file, trace.programs)) if plan.keep_programs else ()
    except StartRefused as error:
        return _refused(simulation, recorder, str(error), name)
    return Trial(
        simulation=simulation,
        recorder=recorder,
        trace=trace,
        evidence=recorder.close(),
        outcome=outcome,
        interrupted=ended.interrupted,
        programs=programs,
    )


def _notes(ended: Ended, caveat: str) -> tuple[str, ...]:
    early = ended.why and not ended.stuck
    why = f"the watching ended after {ended.seconds:.1f} s because {ended.why}" if early else ""
    return tuple(filter(None, (caveat, why)))


class _Checking:
    """Runs the check beside the tracing, in its own thread, which ends the workload whatever comes of the check.

    A context manager: a check that still runs at the end of the block is ended.
    """

    def __init__(self, engine: DockerEngine, workload: Workload, plan: Plan, watch: Watch) -> None:
        session = secrets.token_hex(8)
        self._engine = engine.for_session(session)
        # A client serves one thread.
        self._sweep = lambda: engine.for_session(session).close()
        self._workload = workload
        self._plan = plan
        self._watch = watch
        self._stop = Stop()
        self._failure: Exception | None = None
        self._outcome: Outcome | None = None
        self._thread: threading.Thread | None = None
        if plan.check is not None:
            self._thread = threading.Thread(target=self._run, args=(plan.check,), daemon=True)
            self._thread.start()

    def __enter__(self) -> "_Checking":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._thread is not None and self._thread.is_alive():
            self._cancel()

    def outcome(self, ended: Ended) -> Outcome:
        """The result of the check, or of the program's own end.

        Raises:
            EngineError: the check could not be made; so does any other error of it.
        """
        if ended.interrupted:
            self._cancel()
            return Outcome(False, "it was interrupted")
        if self._thread is not None:
            # If tracing has ended early, do not wait for the check's result.
            self._thread.join(_MOMENT if ended.why else self._plan.within + STOP_SECONDS)
            if self._failure is not None:
                raise self._failure
            return self._outcome or Outcome(
                False, f"the check had not ended; {ended.why or 'the program had'}"
            )
        if ended.stuck:
            said = "it was ended (allow the call, or have it run for a time with --for)"
            return Outcome(False, f"the program cannot end by itself: {ended.why}; {said}")
        if ended.why:
            return Outcome(True, f"it ran until {ended.why}")
        status = self._workload.status_at_end()
        if status is None:
            return Outcome(False, "it still ran when strace ended")
        return Outcome(status == self._plan.status, f"it exited with {status}")

    def _run(self, check: Check) -> None:
        try:
            self._outcome = check.tried(self._engine, self._workload, self._plan.within, self._stop)
        except Exception as error:  # noqa: BLE001 - it is raised where the outcome is asked for
            self._failure = error
        finally:
            self._end()

    def _cancel(self) -> None:
        """End the check and its thread: nobody waits for what comes of it."""
        if self._thread is None:
            return
        self._stop.set()
        for end in (self._workload.remove, self._sweep):
            with suppress(EngineError):
                end()
        self._thread.join(STOP_SECONDS)

    def _end(self) -> None:
        """End the workload; if the engine cannot even kill it, end the tracing, which waits for that."""
        try:
            self._workload.stop(STOP_SECONDS)
        except EngineError:
            try:
                self._workload.remove()
            except EngineError as error:
                self._watch.stop(f"the workload could not be ended: {error}")
        with suppress(EngineError):
            self._engine.close()


def _in_force(engine: DockerEngine, workload: Workload, plan: Plan) -> InForce:
    state = workload.state()
    if plan.seccomp is not None:
        state = replace(state, seccomp=plan.seccomp)
    return in_force(state, engine.info, file=plan.file)


def _refused(simulation: Simulation, recorder: Recorder, said: str, name: str) -> Trial:
    """The trial of a workload that did not start, with the evidence in the runtime's message."""
    return Trial(
        simulation=simulation,
        recorder=recorder,
        trace=recorder.trace(names=(name,)),
        evidence=read_evidence(said, simulation.arch),
        outcome=Outcome(False, "the container did not start"),
        refused=said,
    )
