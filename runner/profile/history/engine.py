"""The parts of a profile that each version of Docker's engine reads and passes to the runtime."""

from runner.profile.version import Version

NAMES_SINCE = Version.of("1.13")
"""The first engine that reads `names`: older ones read one `name` for each rule."""
CONDITIONS_SINCE = Version.of("1.13")
"""The first engine that reads `includes`, `excludes` and `archMap`: older ones ignore them."""
MIN_KERNEL_SINCE = Version.of("19.03")
"""The first engine that reads `minKernel`: in older ones a rule applies on every kernel."""
ERRNO_SINCE = Version.of("20.10.10")
"""The first engine that reads a rule's `errnoRet`: in older ones a denied call gets EPERM."""
FULL_FIELDS_SINCE = Version.of("23")
"""The first engine that reads `defaultErrnoRet`, `flags` and the listener's fields: older ones ignore them."""


def knows(engine: Version | None, since: Version) -> bool:
    """True if an engine has a feature that came with version `since`; None is a current engine."""
    return engine is None or engine.reaches(since)


_RUNTIMES = (
    (Version.of("18.09"), Version.of("1.0.0-rc5")),
    (Version.of("19.03"), Version.of("1.0.0-rc8")),
    (Version.of("20.10"), Version.of("1.0.0-rc10")),
)
"""The newest runc of the engines before each version; source: moby's `hack/dockerfile/install`."""


def runtime_of(engine: Version | None) -> Version | None:
    """Return the newest runc that an old engine was released with; None for an engine that uses a current runc.

    Up to 18.06 an engine worked only with its bundled runc (`docker-runc`).
    """
    if engine is None:
        return None
    return next((runtime for until, runtime in _RUNTIMES if not engine.reaches(until)), None)
