"""The profile under which a container runs, prepared for queries."""

from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class InForce:
    """The profile that a container runs under, as far as it can be known.

    `caveat` says why it is not the one that the container names, or why another may be in force; "" if neither is so.
    """

    simulation: Simulation
    caveat: str = ""


def target_of(state: ContainerState, info: EngineInfo) -> Target:
    """The target that the container's profile is resolved for."""
    plain = profile_target(info, frozenset())
    caps = container_capabilities(
        state.cap_add, state.cap_drop, privileged=state.privileged, engine=plain.engine
    )
    return replace(plain, caps=caps)


def in_force(state: ContainerState, info: EngineInfo, *, file: str = "") -> InForce:
    """Return the profile that the engine applied to the container; `file` is the name of its own profile in messages.

    Raises:
        ProfileError: the engine refuses the profile.
    """
    target = target_of(state, info)
    applied = applied_profile(state.seccomp, privileged=state.privileged, info=info)
    if applied == UNCONFINED:
        dropped = state.seccomp not in {"", UNCONFINED} and info.seccomp
        return InForce(Simulation.of_text(_OFF, target, file=tr("no profile")), _dropped() if dropped else "")
    if applied != BUILTIN and state.seccomp:
        return InForce(Simulation.of_text(state.seccomp, target, file=file or tr("the container's profile")))
    if applied != BUILTIN and (text := _configured(applied, info)) is not None:
        return InForce(Simulation.of_text(text, target, file=applied))
    version = target.engine or Version.of("29")
    default = Simulation.of_text(default_text(version), target, file=f"default@{version}")
    if applied != BUILTIN:
        return InForce(default, _out_of_reach(applied))
    return InForce(default, "" if target.engine else _version_unknown(info))


def _dropped() -> str:
    return tr("the container is privileged, and before Engine 27 Docker then drops the profile that is named")


def _out_of_reach(file: str) -> str:
    return tr(
        "the engine's default profile is its file {file}, which cannot be read here: judged by Docker's default "
        "instead (to be judged by it: --security-opt seccomp=FILE)",
        file=file,
    )


def _version_unknown(info: EngineInfo) -> str:
    return tr(
        "the default profile of {name} {version} is not known: judged by Docker's default instead",
        name=info.name,
        version=info.version,
    )


def _configured(file: str, info: EngineInfo) -> bytes | None:
    """The content of the file that the engine is configured with; None if it is not on this machine, or unreadable."""
    if not info.endpoint.startswith("unix://") or info.isolation == "vm":
        return None
    try:
        return read_bytes(Path(file), _LONGEST)
    except (OSError, ValueError):
        return None
