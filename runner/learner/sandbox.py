"""Containers outside the labs: a workshop of one lab without a task."""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from runner.lab.model.container import ContainerSpec
from runner.lab.model.span import Span
from runner.lab.model.workshop import ContainerBlock, Lab, Step, Workshop
from runner.language import tr
from runner.stage.persistent import WORKSPACE

ID = "sandbox"
FROM_LABS = "labs"
"""The folder of the sandbox's workspace with the learner's profiles from the labs."""


class Capabilities(StrEnum):
    """The capabilities of a container; the value is the text that a user reads."""

    ALL = "all capabilities"
    DEFAULT = "the default capabilities"
    NONE = "no capabilities"


@dataclass(frozen=True, slots=True)
class Wish:
    """A container that a learner wants: `profile` is a file of the workspace, `unconfined`, or "" for the default."""

    image: str
    profile: str
    capabilities: Capabilities

    def block(self, name: str) -> ContainerBlock:
        """The container as a lab would define it."""
        spec = ContainerSpec(
            image=self.image,
            command=("sh",),
            cap_add=("ALL",) if self.capabilities is Capabilities.ALL else (),
            cap_drop=("ALL",) if self.capabilities is Capabilities.NONE else (),
            security_opt=("apparmor=unconfined", *([f"seccomp={self.profile}"] if self.profile else [])),
        )
        return ContainerBlock(name, spec, starts=True, span=_NOWHERE)


_NOWHERE = Span(Path(ID), 1, 1)


def sandbox(profiles: Path) -> tuple[Workshop, Lab]:
    """The sandbox, whose workspace gets a copy of the folder `profiles`."""
    step = Step(ID, "Sandbox", (), _NOWHERE)
    lab = Lab(
        id=ID,
        title=tr("Sandbox"),
        minutes=0,
        objectives=(),
        introduction=(),
        steps=(step,),
        path=Path(ID),
    )
    workshop = Workshop(
        id=ID,
        title=tr("containers under any profile"),
        summary="",
        defaults=ContainerSpec(),
        files=(profiles,),
        labs=(lab,),
    )
    return workshop, lab


def bring_profiles(labs: Iterable[tuple[str, Path]], sandbox: Path, shipped: Path) -> None:
    """Copy the learner's changed profiles from the labs into the sandbox.

    `labs` are the labs' ids and the folders kept for them, `sandbox` is the folder kept for the sandbox.
    Unreadable and unwritable files are left out, and so are unchanged ones, which are in the sandbox anyway.
    """
    for lab, folder in labs:
        for path in (folder / WORKSPACE).rglob("*.json"):
            name = path.relative_to(folder / WORKSPACE)
            with suppress(OSError):
                if path.is_symlink() or not path.is_file() or _same(path, shipped.parent / name):
                    continue
                copy = sandbox / WORKSPACE / FROM_LABS / lab / name
                if not copy.exists() or copy.stat().st_mtime < path.stat().st_mtime:
                    copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                    shutil.copy2(path, copy)


def _same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()
