"""System calls as options name them."""

from runner.errors import UsageError

_RUNTIMES = ("runc",)


def runtime_calls(text: str, *, least: bool = False) -> tuple[str, ...]:
    """What a runtime calls in a container, by its name and version: `runc`, `runc=1.1.5`.

    `least` leaves out what it calls only now and then.

    Raises:
        UsageError: that runtime, or that version, is not known.
    """
    from runner.cli.profile.options import read_version
    from runner.profile.filter.runtime_needs import GO_RUNTIME, base

    name, _, version = text.removeprefix("@").partition("=")
    if name not in _RUNTIMES:
        raise UsageError(
            f"what {name!r} calls in a container is not known",
            remedy=f"name one of {', '.join(_RUNTIMES)}, with a version if you like: runc=1.1.5",
        )
    calls = base(read_version(version or None, "--runtime"))
    return tuple(sorted(calls | ({"exit_group"} if least else GO_RUNTIME)))
