"""The known releases of Docker's engine, and the note on an unknown one."""

from runner.profile.history.defaults import default_of
from runner.profile.version import Version

_LAST = """
1.11.2 1.12.6 1.13.1 17.03.3 17.04.0 17.05.0 17.06.2 17.07.0 17.09.1 17.10.0 17.11.0 17.12.1
18.01.0 18.02.0 18.03.1 18.04.0 18.05.0 18.06.3 18.09.9 19.03.15 20.10.27 23.0.18 24.0.9 25.0.17 26.0.2 26.1.5
27.0.3 27.1.2 27.2.1 27.3.1 27.4.1 27.5.1 28.0.4 28.1.1 28.2.2 28.3.3 28.4.0 28.5.2
29.0.4 29.1.5 29.2.1 29.3.1 29.4.3 29.5.3 29.6.2 29.7.2
"""
"""The last release of each series whose default profile was checked; source: moby's tags."""


def is_known(engine: Version) -> bool:
    """True if this release, or this series (`24`, `28.5`), is among the known ones."""
    numbers = engine.numbers
    for last in map(Version.of, _LAST.split()):
        series, patch = last.numbers[:2], last.numbers[2]
        if numbers[:2] == series[: len(numbers)] and (len(numbers) < 3 or numbers[2] <= patch):
            return True
    return False


def unknown_note(engine: Version) -> str:
    """A note on the default profile that is used for an unknown engine; empty for a known one.

    Raises:
        UsageError: there certainly was no such engine, or its default is unknown.
    """
    if is_known(engine):
        return ""
    return (
        f"no such engine is known; this is the default of {default_of(engine).since}, the nearest before it"
    )
