"""The calls of a traced program, and those that the profile in force denied."""

from runner.check.observation import DeniedCall, TracedCalls
from runner.engine.api import ContainerState, EngineInfo
from runner.language import tr
from runner.profile.filter.attribution import Cause
from runner.profile.filter.simulate import Decision
from runner.profile.views.explain import reason
from runner.trace.in_force import in_force
from runner.trace.recorder import Recorder


class CallsOfProgram:
    """Reads strace's log of a program that a container's profile confines; `feed` takes the log."""

    def __init__(self, state: ContainerState, info: EngineInfo, *, file: str = "") -> None:
        """`file` is the profile's name in messages.

        Raises:
            ProfileError: the engine refuses such a profile.
        """
        self._file = file
        self._simulation = in_force(state, info).simulation
        self._recorder = Recorder(self._simulation, gated=True)

    def feed(self, data: bytes) -> None:
        """Read a further piece of the log."""
        self._recorder.feed(data)

    def seen(self) -> TracedCalls | None:
        """The calls, once the log has ended; None if the program never began."""
        recorder = self._recorder
        recorder.close()
        if not recorder.began:
            return None
        counts: dict[str, int] = {}
        for (name, _), times in recorder.counts().items():
            counts[name] = counts.get(name, 0) + times
        file = self._file or self._simulation.file
        denied = tuple(
            DeniedCall(
                verdict.call.syscall.name,
                verdict.decision.cause.value,
                _decider(verdict.decision, file),
                verdict.decision.errno or verdict.decision.action,
            )
            for verdict in recorder.verdicts
            if verdict.denied and verdict.certain
        )
        return TracedCalls(counts, denied)


def _decider(decision: Decision, file: str) -> str:
    """The rule or action that denied a call, in words that continue after `by`."""
    match decision.cause:
        case Cause.DEFAULT:
            return tr("the default action of {file}", file=file) if file else tr("the default action")
        case Cause.NEWER_THAN_PROFILE:
            return tr("the runtime, since the number is above all that the profile names")
        case Cause.FOREIGN_ARCHITECTURE:
            return tr("libseccomp, since the profile does not list this architecture")
        case _:
            return reason(decision, file)
