"""The seccomp profile that an engine applies to a container, by what was asked for."""

from runner.engine.api import EngineInfo
from runner.engine.profile_target import profile_target
from runner.profile.capabilities import PRIVILEGED_PROFILE_SINCE

UNCONFINED = "unconfined"
BUILTIN = "builtin"
"""The profile in the engine's code."""


def applied_profile(asked: str, *, privileged: bool, info: EngineInfo | None) -> str:
    """The profile in force: `unconfined`, `builtin`, the file of the engine's configuration, or what was asked for.

    `asked` is a file or its content, `unconfined`, `builtin`, or "" for none. Docker drops the profile of a privileged
    container before Engine 27; from then on, and in Podman, such a container is unconfined only if none is named. An
    unknown engine (None) is taken for a current one.
    """
    if asked == UNCONFINED or (info is not None and not info.seccomp):
        return UNCONFINED
    if privileged and (not asked or _drops(info)):
        return UNCONFINED
    return asked or (info.default_profile if info is not None else "") or BUILTIN


def _drops(info: EngineInfo | None) -> bool:
    engine = None if info is None else profile_target(info, frozenset()).engine
    return engine is not None and engine < PRIVILEGED_PROFILE_SINCE
