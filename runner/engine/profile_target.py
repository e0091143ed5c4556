"""An engine as the target for which a profile is resolved, simulated and linted."""

from runner.engine.api import EngineInfo
from runner.profile.model import Target
from runner.profile.version import Version

_NO_KERNEL = (0, 0)


def profile_target(info: EngineInfo, caps: frozenset[str]) -> Target:
    """The target of a container with these capabilities; unknown properties are as on a current engine."""
    return Target(
        arch=info.arch,
        caps=caps,
        kernel=info.kernel_version if info.kernel_version != _NO_KERNEL else Target().kernel,
        engine=_version(info.version) if info.name == "Docker" else None,
        runtime=_version(info.runtime_version) if info.runtime == "runc" else None,
    )


def _version(text: str) -> Version | None:
    try:
        return Version.of(text)
    except ValueError:  # a development build has no number
        return None
