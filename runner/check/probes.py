"""Each kind of probe: how it looks, and what it saw."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from runner.check.bench import Bench, NotThere
from runner.check.observation import Observation
from runner.engine.api import Completed, Container, ContainerState, StartRefused
from runner.lab.check import (
    ContainerProbe,
    EngineProbe,
    ExecProbe,
    FileProbe,
    HostProbe,
    Probe,
    ProfileProbe,
    TranscriptProbe,
)
from runner.lab.container import ContainerSpec
from runner.profile.simulate import decide
from runner.shell.recorder import CommandFinished


def observe(probe: Probe, bench: Bench, timeout: float) -> Observation:
    """Look once, within `timeout` seconds.

    Raises:
        NotThere: the learner has not come that far.
        EngineError: the engine, the container or the program in it failed to answer.
    """
    match probe:
        case ExecProbe(container, argv, user):
            return _ended(_container(bench, container).exec(argv, user=user, timeout=timeout))
        case ContainerProbe(spec):
            return _run(spec, bench, timeout)
        case HostProbe(argv):
            return _ended(bench.host(argv, timeout))
        case EngineProbe(container):
            return _started_as(_container(bench, container).state(), bench.workspace)
        case ProfileProbe():
            return _decided(probe, bench)
        case FileProbe(name):
            return _file(name, bench.workspace)
        case TranscriptProbe(target, command):
            return _typed(bench.typed.get(target, ()), command, target)


def _run(spec: ContainerSpec, bench: Bench, timeout: float) -> Observation:
    try:
        completed = bench.engine.run(spec, seccomp=bench.profile(spec), timeout=timeout)
    except StartRefused as refusal:
        return Observation(started=False, output=str(refusal))
    return Observation(started=True, exit=completed.status, output=completed.output)


def _started_as(state: ContainerState, workspace: Path) -> Observation:
    return Observation(
        exit=None if state.running else state.exit_code,
        facts={
            "running": (_yes(state.running),),
            "profile": _profile_names(state, workspace),
            "capabilities": (_capabilities(state),),
            "apparmor": (state.apparmor or "default",),
        },
    )


def _decided(probe: ProfileProbe, bench: Bench) -> Observation:
    kernel, major = bench.engine.info.kernel.split(".")[:2]
    decision = decide(
        _text(bench.workspace, probe.file),
        probe.syscall,
        probe.args,
        caps=probe.caps,
        arch=probe.arch or bench.engine.info.arch,
        kernel=(int(kernel), int(major)),
    )
    return Observation(facts={"action": (decision.action,), "errno": (decision.errno,)})


def _file(name: str, workspace: Path) -> Observation:
    try:
        text = _text(workspace, name)
    except NotThere:
        return Observation(facts={"exists": ("no",)})
    return Observation(output=text, facts={"exists": ("yes",), "valid": (_yes(_is_json(text)),)})


def _typed(finished: Sequence[CommandFinished], command: str, target: str) -> Observation:
    matching = [typed for typed in finished if re.search(command, typed.command)]
    if not matching:
        raise NotThere(f"nothing like that has been done in the console {target!r} yet")
    return Observation(exit=matching[-1].status, output=matching[-1].output)


def _container(bench: Bench, name: str) -> Container:
    try:
        return bench.containers[name]
    except KeyError:
        raise NotThere(f"the container {name!r} has not been launched") from None


def _ended(completed: Completed) -> Observation:
    return Observation(exit=completed.status, output=completed.output)


def _text(workspace: Path, name: str) -> str:
    try:
        return (workspace / name).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise NotThere(f"the workspace has no file {name!r}") from error


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _profile_names(state: ContainerState, workspace: Path) -> tuple[str, ...]:
    """Every workspace file that holds the profile the container was started with."""
    if not state.seccomp:
        return ("default",)
    if state.seccomp == "unconfined":
        return ("unconfined",)
    wanted = json.loads(state.seccomp)
    names = (str(path.relative_to(workspace)) for path in sorted(workspace.rglob("*.json")))
    return tuple(
        name for name in names if _is_json(text := _text(workspace, name)) and json.loads(text) == wanted
    )


def _capabilities(state: ContainerState) -> str:
    """`all`, `default`, `none`, or the names of those added to or taken from the default."""
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
