"""Real shells on real pseudo-terminals."""

import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runner.shell.console import Console
from runner.shell.prompt import host_environment
from runner.shell.pty import HostStream

SHELLS = {
    "bash": ("bash", "--norc", "--noprofile"),
    "sh": ("sh",),
    "dash": ("dash",),
    "ash": ("busybox", "ash"),
}
Opener = Callable[..., Console]


@pytest.fixture(scope="session")
def programs(lab_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shells of the image `lab`, for those that this machine has not installed."""
    folder = tmp_path_factory.mktemp("shells")
    with tarfile.open(lab_archive) as archive:
        for name in ("busybox", "dash"):
            member = archive.extractfile(f"usr/bin/{name}")
            assert member is not None
            (folder / name).write_bytes(member.read())
            (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def opened(tmp_path: Path, programs: Path) -> Iterator[Opener]:
    """Opens consoles of the shell that is named; they are closed when the test is over."""
    consoles: list[Console] = []

    def open_console(name: str = "bash", *, environment: dict[str, str] | None = None, **options) -> Console:
        pinned = host_environment(interactive=options.get("interactive", False))
        program, *arguments = SHELLS[name]
        stream = HostStream(
            (shutil.which(program) or str(programs / program), *arguments),
            environment=pinned if environment is None else environment,
            directory=tmp_path,
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
