"""One box: a program in namespaces with separate users, processes, mounts and groups, and an empty network."""

import os
import shutil
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import runner
from runner.box import CHANNEL_VARIABLE
from runner.box.resources import CHANNEL, IDS, ClassResources
from runner.box.terminal import take_terminal
from runner.content import LABS, PROFILES
from runner.engine.image.recipe import Recipe
from runner.engine.packaging import require
from runner.engine.private import daemon_root, namespaces
from runner.engine.private.launch_root import program_paths, variables
from runner.engine.private.namespaces import Enclosed
from runner.engine.programs import find
from runner.errors import EngineError
from runner.folders import NAME
from runner.terminal.size import Size

_LEARNER, _CHANNEL, _CACHE = Path("/learner"), Path("/run/class"), Path("/var/cache")
_HOME, _MADE = _LEARNER / "home", Path("/run/made")
_ENGINE = Path("/var/lib", NAME)


@dataclass(frozen=True, slots=True)
class Content:
    """The content of every box of a class: a command, the folders that it reads, and the archive of the image `lab`.

    `cache` is a folder of data that the command would otherwise rebuild each time; a box begins with a copy.
    """

    command: tuple[str, ...]
    folders: tuple[Path, ...]
    image: Path | None = None
    cache: Path | None = None

    @classmethod
    def of(
        cls, words: Sequence[str], *, folders: Sequence[Path], image: Path | None, cache: Path | None = None
    ) -> "Content":
        """A Python module with its arguments, `words`, which reads these folders beside those of the program itself."""
        package = Path(runner.__file__).resolve().parent
        # The folder of a virtual environment, that of the Python it was made from, and those of a checkout.
        own = [Path(sys.prefix), Path(sys.base_prefix).resolve(), package, LABS, PROFILES, *folders]
        return cls((sys.executable, "-m", *words), tuple(dict.fromkeys(own)), image, cache)

    def readable(self, channel: Path) -> dict[Path, Path]:
        """The machine's files that a box sees, each with its place in the box."""
        shown = {folder: folder for folder in self.folders}
        if self.image is not None:
            shown[_CACHE / NAME / f"lab-{Recipe.of_this_machine().hash}.tar"] = self.image
        if self.cache is not None:
            shown[_MADE] = self.cache
        return shown | {_CHANNEL: channel}


def open_box(
    resources: ClassResources, number: int, content: Content, size: Size, opened: Callable[[int], None]
) -> Enclosed:
    """Start a box; `opened` is called in it with the descriptor of its terminal's outer end, before its program starts.

    Call it in a separate process, without other threads or children.

    Raises:
        EngineError: a resource is missing, or cannot be set up.
    """
    init = find("docker-init") or require("tini")
    disk = resources.disk(number)
    if not disk.prepare():
        raise EngineError(
            "a learner's disk cannot be made here",
            remedy="install e2fsprogs and mount, and see that /dev/loop-control is there",
        )
    group, owner = resources.group(number), resources.first_id(number)
    programs = [init, *program_paths()]
    group.kill()
    group.divide(resources.limits, owner=owner)
    place = resources.mounts(number)

    def arrange() -> None:
        group.confine()
        disk.mount(place / "disk")
        for part in ("home", "engine"):
            _provide(place / "disk" / part, owner)
        daemon_root.build(
            place / "root",
            owner=owner,
            programs=programs,
            readable=content.readable(resources.channel(number)),
            writable={_HOME: place / "disk/home", _ENGINE: place / "disk/engine"},
            groups=group,
            scratch=[str((_CACHE / NAME).relative_to("/"))],
            home=str(_HOME),
        )

    def settle() -> None:
        if group.unified:
            Path("/sys/fs/cgroup/daemon/cgroup.procs").write_text("0")
        socket.sethostname("workshop")
        os.chdir(_HOME)
        if content.cache is not None:
            shutil.copytree(_MADE, _CACHE / NAME, dirs_exist_ok=True)
        take_terminal(size, opened)

    return namespaces.start(
        [init, "--", *content.command],
        ids=f"0 {owner} {IDS}\n",
        arrange=arrange,
        settle=settle,
        environment=_variables(programs),
        descriptors={},
        own_groups=True,
    )


def _provide(folder: Path, owner: int) -> None:
    """A folder at the top of the disk, which the box's users cannot change: no link of theirs is followed."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, owner)


def _variables(programs: list[str]) -> dict[str, str]:
    """The environment of the program: all that it learns of its machine."""
    return {
        "HOME": str(_HOME),
        "LOGNAME": "learner",
        "USER": "learner",
        "SHELL": "/bin/bash",
        "PATH": variables(programs)["PATH"],
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPATH": str(Path(runner.__file__).resolve().parent.parent),
        "XDG_CACHE_HOME": str(_CACHE),
        CHANNEL_VARIABLE: str(_CHANNEL / CHANNEL),
    }
