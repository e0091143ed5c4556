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


_RUNTIMES = (
    (Version.of("18.09"), Version.of("1.0.0-rc5")),
    (Version.of("19.03"), Version.of("1.0.0-rc8")),
    (Version.of("20.10"), Version.of("1.0.0-rc10")),
)
"""The newest runc of the engines before each version; source: moby's `hack/dockerfile/install`."""


def runtime_of(engine: Version | None) -> Version | None:
    """The newest runc that an old engine was released with; None for one that is used with a current runc.

    Up to 18.06 an engine worked with no other runc than its own (`docker-runc`).
    """
    if engine is None:
        return None
    return next((runtime for until, runtime in _RUNTIMES if engine < until), None)
