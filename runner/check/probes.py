"""Each kind of probe: how it looks, and what it saw."""

import json
import re
from functools import singledispatch
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
from runner.profile.simulate import decide


@singledispatch
def observe(probe: Probe, bench: Bench, timeout: float) -> Observation:
    """Look once, within `timeout` seconds.

    Raises:
        NotThere: the learner has not come that far.
        EngineError: the engine, the container or the program in it failed to answer.
    """
    raise TypeError(f"no such probe: {probe!r}")


@observe.register
def _(probe: ExecProbe, bench: Bench, timeout: float) -> Observation:
    return _ended(_container(bench, probe.container).exec(probe.argv, user=probe.user, timeout=timeout))


@observe.register
def _(probe: ContainerProbe, bench: Bench, timeout: float) -> Observation:
    try:
        completed = bench.engine.run(probe.spec, seccomp=bench.profile(probe.spec.seccomp), timeout=timeout)
    except StartRefused as refusal:
        return Observation(started=False, output=str(refusal))
    return Observation(started=True, exit=completed.status, output=completed.output)


@observe.register
def _(probe: HostProbe, bench: Bench, timeout: float) -> Observation:
    return _ended(bench.host(probe.argv, timeout))


@observe.register
def _(probe: EngineProbe, bench: Bench, timeout: float) -> Observation:
    state = _container(bench, probe.container).state()
    return Observation(
        exit=None if state.running else state.exit_code,
        facts={
            "running": (_yes(state.running),),
            "profile": _profile_names(state, bench.workspace),
            "capabilities": (_capabilities(state),),
            "apparmor": (state.apparmor or "default",),
        },
    )


@observe.register
def _(probe: ProfileProbe, bench: Bench, timeout: float) -> Observation:
    kernel, major = bench.engine.info.kernel.split(".")[:2]
    decision = decide(
        _text(bench.workspace / probe.file, probe.file),
        probe.syscall,
        probe.args,
        caps=probe.caps,
        arch=probe.arch or bench.engine.info.arch,
        kernel=(int(kernel), int(major)),
    )
    return Observation(facts={"action": (decision.action,), "errno": (decision.errno,)})


@observe.register
def _(probe: FileProbe, bench: Bench, timeout: float) -> Observation:
    try:
        text = _text(bench.workspace / probe.name, probe.name)
    except NotThere:
        return Observation(facts={"exists": ("no",)})
    return Observation(output=text, facts={"exists": ("yes",), "valid": (_yes(_is_json(text)),)})


@observe.register
def _(probe: TranscriptProbe, bench: Bench, timeout: float) -> Observation:
    matching = [typed for typed in bench.typed.get(probe.target, ()) if re.search(probe.command, typed.command)]
    if not matching:
        raise NotThere(f"no command that matches {probe.command!r} has finished in the console {probe.target!r}")
    return Observation(exit=matching[-1].status, output=matching[-1].output)


def _container(bench: Bench, name: str) -> Container:
    try:
        return bench.containers[name]
    except KeyError:
        raise NotThere(f"the container {name!r} has not been launched") from None


def _ended(completed: Completed) -> Observation:
    return Observation(exit=completed.status, output=completed.output)


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
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
    return tuple(
        str(path.relative_to(workspace))
        for path in sorted(workspace.rglob("*.json"))
        if _is_json(text := _text(path, path.name)) and json.loads(text) == wanted
    )


def _capabilities(state: ContainerState) -> str:
    added = {name.removeprefix("CAP_") for name in state.cap_add}
    if state.privileged or "ALL" in added:
        return "all"
    if not added and not state.cap_drop:
        return "default"
    return ",".join(sorted(added)) or "fewer"


def _yes(value: object) -> str:
    return "yes" if value else "no"
