"""The profile under which a container runs, prepared for queries."""

from dataclasses import replace

from runner.engine.api import ContainerState, EngineInfo
from runner.engine.profile_target import profile_target
from runner.language import tr
from runner.profile.capabilities import container_capabilities
from runner.profile.history.defaults import default_text
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.profile.version import Version

_OFF = "{}"
_HONOURS_PRIVILEGED = Version.of("27")


def target_of(state: ContainerState, info: EngineInfo) -> Target:
    """The target that the container's profile is resolved for."""
    plain = profile_target(info, frozenset())
    caps = container_capabilities(
        state.cap_add, state.cap_drop, privileged=state.privileged, engine=plain.engine
    )
    return replace(plain, caps=caps)


def in_force(state: ContainerState, info: EngineInfo, *, file: str = "") -> Simulation:
    """Return the profile that the engine applied to the container; `file` is the name of its own profile in messages.

    Raises:
        ProfileError: the engine refuses the profile.
    """
    target = target_of(state, info)
    ignored = state.privileged and (
        not state.seccomp or (target.engine is not None and target.engine < _HONOURS_PRIVILEGED)
    )
    if state.seccomp == "unconfined" or ignored or not info.seccomp:
        return Simulation.of_text(_OFF, target, file=tr("no profile"))
    if state.seccomp:
        return Simulation.of_text(state.seccomp, target, file=file or tr("the container's profile"))
    version = target.engine or Version.of("29")
    return Simulation.of_text(default_text(version), target, file=f"default@{version}")
