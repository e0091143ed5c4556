"""Each kind of probe: looking, and the observation."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runner.check.context import MAX_TEXT, NotThere, ProbeContext, learner_text
from runner.check.observation import Observation
from runner.check.refusal import why_refused
from runner.check.typed import typed
from runner.engine.api import Completed, Container, ContainerState, StartRefused
from runner.engine.applied_profile import BUILTIN, UNCONFINED, applied_profile
from runner.engine.profile_target import profile_target
from runner.files import files_below
from runner.json_value import json_value
from runner.lab.model.check import (
    ContainerProbe,
    EngineProbe,
    ExecProbe,
    FileProbe,
    HostProbe,
    Probe,
    ProfileProbe,
    TraceProbe,
    TranscriptProbe,
)
from runner.lab.model.container import ContainerSpec
from runner.language import tr
from runner.paths import read_bytes
from runner.profile.capabilities import read_capabilities
from runner.profile.errors import ProfileError
from runner.profile.history.defaults import named_default
from runner.profile.version import Version

if TYPE_CHECKING:
    from runner.check.traced import CallsOfProgram

_NOT_JSON = object()


def observe(probe: Probe, context: ProbeContext, timeout: float, *, blame: bool = True) -> Observation:
    """Probe once, within `timeout` seconds; with `blame`, repeat a typed start that failed, to find the reason.

    Raises:
        NotThere: the learner has not done that part yet.
        EngineError: the engine, the container or the program in it failed to answer.
    """
    match probe:
        case ExecProbe(container, argv, user):
            return _ended(_container(context, container).exec(argv, user=user, timeout=timeout))
        case ContainerProbe(spec):
            return _run(spec, context, timeout)
        case HostProbe(argv):
            return _ended(context.host(argv, timeout))
        case EngineProbe(container):
            return _started_as(_container(context, container).state(), context)
        case ProfileProbe():
            return _decided(probe, context)
        case FileProbe(name):
            return _file(name, context.workspace)
        case TranscriptProbe(target, command):
            return typed(command, target, context, timeout, blame=blame)
        case TraceProbe(runs):
            return _traced(runs, context, timeout)


def _run(spec: ContainerSpec, context: ProbeContext, timeout: float, *, traced: bool = False) -> Observation:
    seccomp = ""
    try:
        seccomp = context.profile(spec)
        reading = _reading(_state_of(spec, seccomp), context, spec.seccomp) if traced else None
        log = reading.feed if reading else None
        completed = context.engine.run(spec, seccomp=seccomp, timeout=timeout, log=log)
    except StartRefused as refusal:
        why = why_refused(spec, seccomp, refusal, context, timeout)
        return Observation(started=False, output=str(refusal), facts={"refused": (why,)})
    seen = reading.seen() if reading else None
    return Observation(started=True, exit=completed.status, output=completed.output, traced=seen)


def _traced(probe: ExecProbe | ContainerProbe, context: ProbeContext, timeout: float) -> Observation:
    if isinstance(probe, ContainerProbe):
        return _run(probe.spec, context, timeout, traced=True)
    container = _container(context, probe.container)
    state = container.state()
    names = _profile_names(state, context)
    reading = _reading(state, context, "" if names in (("default",), ("unconfined",)) else "".join(names[:1]))
    completed = container.exec(probe.argv, user=probe.user, timeout=timeout, log=reading.feed)
    return replace(_ended(completed), traced=reading.seen())


def _reading(state: ContainerState, context: ProbeContext, file: str) -> "CallsOfProgram":
    from runner.check.traced import CallsOfProgram  # noqa: PLC0415 - slow to import, and few probes trace

    try:
        return CallsOfProgram(state, context.engine.info, file="" if file == "unconfined" else file)
    except ProfileError as error:
        raise StartRefused(str(error)) from error


def _state_of(spec: ContainerSpec, seccomp: str) -> ContainerState:
    """The state that the engine would report for a container of this kind."""
    return ContainerState(
        running=True,
        exit_code=0,
        seccomp=seccomp,
        apparmor="",
        cap_add=spec.cap_add,
        cap_drop=spec.cap_drop,
        privileged=spec.privileged,
        network_mode=spec.network_mode,
    )


def _started_as(state: ContainerState, context: ProbeContext) -> Observation:
    return Observation(
        exit=None if state.running else state.exit_code,
        facts={
            "running": (_yes(state.running),),
            "profile": _profile_names(state, context),
            "capabilities": (_capabilities(state),),
            "apparmor": (state.apparmor or "default",),
        },
    )


def _decided(probe: ProfileProbe, context: ProbeContext) -> Observation:
    from runner.profile.simulation import decide  # noqa: PLC0415 - slow to import, and few probes ask it

    plain = profile_target(context.engine.info, frozenset())
    engine = Version.of(probe.engine) if probe.engine else plain.engine
    target = replace(
        plain,
        arch=probe.arch or plain.arch,
        caps=read_capabilities(probe.caps, engine),
        engine=engine,
    )
    text = named_default(probe.file) or learner_text(context.workspace, probe.file)
    decision = decide(text, probe.syscall, probe.args, target=target)
    return Observation(facts={"action": (decision.action,), "errno": (decision.errno,)})


def _file(name: str, workspace: Path) -> Observation:
    try:
        text = learner_text(workspace, name)
    except NotThere:
        return Observation(facts={"exists": ("no",)})
    return Observation(
        output=text, facts={"exists": ("yes",), "valid": (_yes(_parsed(text) is not _NOT_JSON),)}
    )


def _container(context: ProbeContext, name: str) -> Container:
    try:
        return context.containers[name]
    except KeyError:
        raise NotThere(tr("the container {name!r} has not been launched", name=name)) from None


def _ended(completed: Completed) -> Observation:
    return Observation(exit=completed.status, output=completed.output)


def _parsed(text: str) -> Any:
    try:
        return json_value(text)
    except ValueError:
        return _NOT_JSON


def _profile_names(state: ContainerState, context: ProbeContext) -> tuple[str, ...]:
    """Every workspace file that contains the profile that is in force; else `default` or `unconfined`."""
    applied = applied_profile(state.seccomp, privileged=state.privileged, info=context.engine.info)
    if applied == UNCONFINED:
        return (UNCONFINED,)
    if applied == BUILTIN or not state.seccomp:
        return ("default",)
    wanted = _parsed(state.seccomp)
    if wanted is _NOT_JSON:
        return ()
    workspace = context.workspace
    return tuple(
        str(path.relative_to(workspace)) for path in files_below(workspace, ".json") if _holds(path, wanted)
    )


def _holds(path: Path, wanted: Any) -> bool:
    try:
        return bool(_parsed(read_bytes(path, MAX_TEXT).decode(errors="replace")) == wanted)
    except (OSError, ValueError):
        return False


def _capabilities(state: ContainerState) -> str:
    """`all`, `default`, `none`, or the names of those added to or dropped from the default."""
    added, dropped = (
        {name.removeprefix("CAP_") for name in names} for names in (state.cap_add, state.cap_drop)
    )
    if state.privileged or ("ALL" in added and not dropped):
        return "all"
    if "ALL" in dropped:
        return ",".join(sorted(added)) or "none"
    changes = [*sorted(added), *(f"-{name}" for name in sorted(dropped))]
    return ",".join(changes) or "default"


def _yes(value: object) -> str:
    return "yes" if value else "no"
