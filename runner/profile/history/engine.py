"""What Docker's engine of each version reads of a profile and passes on to the runtime."""

from runner.profile.version import Version

NAMES_SINCE = Version.of("1.13")
"""Before, a rule has one `name` and nothing else that says what it is for."""
CONDITIONS_SINCE = Version.of("1.13")
"""Before, `includes`, `excludes` and `archMap` are ignored."""
MIN_KERNEL_SINCE = Version.of("19.03")
"""Before, `minKernel` is ignored: a rule applies on every kernel."""
ERRNO_SINCE = Version.of("20.10.10")
"""Before, a rule's `errnoRet` is ignored: a denied call gets EPERM."""
FULL_FIELDS_SINCE = Version.of("23")
"""Before, `defaultErrnoRet`, `flags` and the listener's fields are ignored."""


def knows(engine: Version | None, since: Version) -> bool:
    """Whether an engine has what came with a version; None stands for a current one."""
    return engine is None or engine >= since


_OWN_RUNTIME_UNTIL = Version.of("18.09")
_OWN_RUNTIME = Version.of("1.0.0-rc5")


def runtime_of(engine: Version | None) -> Version | None:
    """The newest runc that came with an engine, None where any may be installed beside it.

    Up to 18.06 an engine brought its own (`docker-runc`) and worked with no other; source: moby's
    `hack/dockerfile/install`.
    """
    return _OWN_RUNTIME if engine is not None and engine < _OWN_RUNTIME_UNTIL else None
