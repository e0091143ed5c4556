"""The profile under which a container runs, ready to be asked."""

from runner.engine.api import ContainerState, EngineInfo
from runner.profile.capabilities import container_capabilities
from runner.profile.history.defaults import default_text
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.profile.version import Version

_OFF = "{}"
_HONOURS_PRIVILEGED = Version.of("27")


def target_of(state: ContainerState, info: EngineInfo) -> Target:
    """What the container's profile is resolved for."""
    engine = _version(info.version) if info.name == "Docker" else None
    caps = container_capabilities(state.cap_add, state.cap_drop, privileged=state.privileged, engine=engine)
    return Target(
        arch=info.arch,
        caps=caps,
        kernel=info.kernel_version,
        engine=engine,
        runtime=_version(info.runtime_version) if info.runtime == "runc" else None,
    )


def in_force(state: ContainerState, info: EngineInfo) -> Simulation:
    """The profile that the engine has given to the container.

    Raises:
        ProfileError: it is one that the engine refuses.
    """
    target = target_of(state, info)
    ignored = state.privileged and (
        not state.seccomp or (target.engine is not None and target.engine < _HONOURS_PRIVILEGED)
    )
    if state.seccomp == "unconfined" or ignored or not info.seccomp:
        return Simulation.of_text(_OFF, target, file="no profile")
    if state.seccomp:
        return Simulation.of_text(state.seccomp, target, file="the container's profile")
    version = target.engine or Version.of("29")
    return Simulation.of_text(default_text(version), target, file=f"default@{version}")


def _version(text: str) -> Version | None:
    try:
        return Version.of(text)
    except ValueError:  # a development build has no number
        return None
