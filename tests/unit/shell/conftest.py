"""Real shells on real pseudo-terminals."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runner.shell.console import Console
from runner.shell.host import HostStream
from runner.shell.prompt import host_environment

SHELLS = {
    "bash": ("bash", "--norc", "--noprofile"),
    "sh": ("sh",),
    "dash": ("dash",),
    "ash": ("busybox", "ash"),
}
REQUIRED = ("bash", "sh")

Opener = Callable[..., Console]


def available(name: str) -> tuple[str, ...]:
    """The argument list of a shell; skips the test where an optional one is not installed."""
    argv = SHELLS[name]
    if name not in REQUIRED and shutil.which(argv[0]) is None:
        pytest.skip(f"{argv[0]} is not installed")
    return argv


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    """Opens consoles of the shell that is named; they are closed when the test is over."""
    consoles: list[Console] = []

    def open_console(name: str = "bash", *, environment: dict[str, str] | None = None, **options) -> Console:
        pinned = host_environment(interactive=options.get("interactive", False))
        stream = HostStream(
            available(name), environment=pinned if environment is None else environment, directory=tmp_path
        )
        console = Console.open(stream, **options)
        consoles.append(console)
        return console

    yield open_console
    for console in consoles:
        console.close()


@pytest.fixture(params=SHELLS)
def console(request: pytest.FixtureRequest, opened: Opener) -> Console:
    """A headless console of each kind of shell."""
    return opened(request.param)
