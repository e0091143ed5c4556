"""The profile under which a container runs, prepared for queries."""

from dataclasses import replace
from pathlib import Path

from runner.engine.api import ContainerState, EngineInfo
from runner.engine.applied_profile import BUILTIN, UNCONFINED, applied_profile
from runner.engine.profile_target import profile_target
from runner.language import tr
from runner.paths import read_bytes
from runner.profile.capabilities import container_capabilities
from runner.profile.history.defaults import default_text
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.profile.version import Version

_OFF = "{}"
_LONGEST = 16 << 20


def target_of(state: ContainerState, info: EngineInfo) -> Target:
    """The target that the container's profile is resolved for."""
    plain = profile_target(info, frozenset())
    caps = container_capabilities(
        state.cap_add, state.cap_drop, privileged=state.privileged, engine=plain.engine
    )
    return replace(plain, caps=caps)


def in_force(state: ContainerState, info: EngineInfo, *, file: str = "") -> Simulation:
    """Return the profile that the engine applied to the container; `file` is the name of its own profile in messages.

    Where that cannot be known, it is Docker's default; `caveat` says so.

    Raises:
        ProfileError: the engine refuses the profile.
    """
    target = target_of(state, info)
    applied = _applied(state, info)
    if applied == UNCONFINED:
        return Simulation.of_text(_OFF, target, file=tr("no profile"))
    if applied != BUILTIN and state.seccomp:
        return Simulation.of_text(state.seccomp, target, file=file or tr("the container's profile"))
    if applied != BUILTIN and (text := _configured(applied, info)) is not None:
        return Simulation.of_text(text, target, file=applied)
    version = target.engine or Version.of("29")
    return Simulation.of_text(default_text(version), target, file=f"default@{version}")


def caveat(state: ContainerState, info: EngineInfo) -> str:
    """The reason why another profile is in force than the container names, or may be than `in_force` returns; or ""."""
    applied = _applied(state, info)
    if applied == UNCONFINED and state.seccomp not in {"", UNCONFINED} and info.seccomp:
        return tr(
            "the container is privileged, and before Engine 27 Docker then drops the profile that is named"
        )
    if applied == UNCONFINED or (applied != BUILTIN and state.seccomp):
        return ""
    if applied != BUILTIN:
        if _configured(applied, info) is not None:
            return ""
        return tr(
            "the engine's default profile is its file {file}, which cannot be read here: judged by Docker's default "
            "instead (to be judged by it: --security-opt seccomp=FILE)",
            file=applied,
        )
    if profile_target(info, frozenset()).engine is None:
        return tr(
            "the default profile of {name} {version} is not known: judged by Docker's default instead",
            name=info.name,
            version=info.version,
        )
    return ""


def _applied(state: ContainerState, info: EngineInfo) -> str:
    return applied_profile(state.seccomp, privileged=state.privileged, info=info)


def _configured(file: str, info: EngineInfo) -> bytes | None:
    """The content of the file that the engine is configured with; None if it is not on this machine, or unreadable."""
    if not info.endpoint.startswith("unix://") or info.isolation == "vm":
        return None
    try:
        return read_bytes(Path(file), _LONGEST)
    except (OSError, ValueError):
        return None
