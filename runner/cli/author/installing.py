"""Turn fetched files into installed workshops: find them, show them, ask, install."""

import argparse
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from runner.cli.output import agreed, say
from runner.errors import UsageError, harmless
from runner.language import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from runner.bundle.source import Fetched
    from runner.lab.model.workshop import Workshop

_MOST_SHOWN = 40


@contextmanager
def scratch_folder() -> "Iterator[Path]":
    """An empty folder beside the installed workshops, so that an accepted one can be renamed into place."""
    from runner.files import remove_tree
    from runner.installed import UNFINISHED, installed_folder, sweep

    parent = installed_folder()
    parent.mkdir(parents=True, exist_ok=True)
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=parent))
    try:
        yield folder
    finally:
        remove_tree(folder)


def found_in(folder: Path, source: str) -> "list[tuple[Path, Workshop]]":
    """Find the workshops in a fetched folder, at most one level deep.

    Raises:
        UsageError: there is none, one has errors, or an id cannot be used.
    """
    from runner.content import LABS
    from runner.lab.lint import lint_reading
    from runner.lab.model.span import Severity
    from runner.lab.read.folder import MANIFEST, find_workshops
    from runner.lab.read.workshop import read_workshop

    folders = find_workshops(folder) or tuple(
        deeper for inner in sorted(folder.iterdir()) if inner.is_dir() for deeper in find_workshops(inner)
    )
    if not folders:
        raise UsageError(f"{source}: no workshop in it", remedy=f"a workshop is a folder with a {MANIFEST}")
    shipped = {path.name for path in find_workshops(LABS)}
    found: list[tuple[Path, Workshop]] = []
    errors = 0
    for one in folders:
        reading = read_workshop(one)
        for problem in lint_reading(reading):
            if problem.severity is Severity.ERROR:
                errors += 1
                print(harmless(str(problem)).replace(f"{folder}/", ""), file=sys.stderr)
        if reading.workshop is not None:
            _check_id(reading.workshop.id, shipped)
            _check_folders(reading.workshop, one)
            if any(reading.workshop.id == other.id for _, other in found):
                raise UsageError(
                    f"{source}: two workshops in it have the id {reading.workshop.id!r}",
                    remedy="its author has to give one of them another id in workshop.toml",
                )
            found.append((one, reading.workshop))
    if errors:
        raise UsageError(
            f"{source}: {counted(errors, 'errors')} in it, so it is not installed",
            remedy="tell its author; `workshop lint` shows them with their text",
        )
    return found


def _check_id(name: str, shipped: set[str]) -> None:
    if name in shipped:
        raise UsageError(
            f"the workshop's id is {name!r}, as that of one that came with this program",
            remedy="its author has to give it another id in workshop.toml",
        )
    if not name or "/" in name or name.startswith(".") or not name.isprintable():
        raise UsageError(f"{name!r} is not an id that a folder can have")


def _check_folders(workshop: "Workshop", folder: Path) -> None:
    """Refuse folders of this machine: their files would come into the workspace, in reach of checks and containers."""
    outside = [str(path) for path in workshop.files if not path.is_relative_to(folder.resolve())]
    if outside:
        raise UsageError(
            f"the workshop {workshop.id!r} copies files from outside of its folder: {', '.join(outside)}",
            remedy="its author has to put them into it, and name them relative to it under 'files' in workshop.toml",
        )


def install_workshops(
    found: "Sequence[tuple[Path, Workshop]]", fetched: "Fetched", arguments: argparse.Namespace
) -> None:
    """Show the workshops, ask, and install them.

    Raises:
        UsageError: there is no terminal to ask in.
    """
    from runner.installed import installed_as, keep

    for _, workshop in found:
        for line in _told(workshop, whole=arguments.all):
            say(line)
        if (there := installed_as(workshop.id)) is not None:
            say(f"  It replaces the one that is installed in {there}.")
    where = fetched.source + (f" at commit {fetched.commit[:12]}" if fetched.commit else "")
    if not arguments.yes and not agreed(f"Trust this, from {where}, and install it?", doing="trusting it"):
        say("nothing was installed")
        return
    for folder, workshop in found:
        kept = keep(folder, workshop.id, fetched.source, commit=fetched.commit)
        say(f"installed {workshop.id} in {kept}")
        say(f"next: workshop verify {workshop.id}; workshop run {workshop.id}")


def _told(workshop: "Workshop", *, whole: bool) -> "Iterator[str]":
    from runner.bundle.summary import host_commands, summary

    yield from (" ".join(harmless(line).split("\n")) for line in summary(workshop))
    commands = host_commands(workshop)
    if not commands:
        yield "  It runs nothing outside containers."
        return
    yield f"  It runs {counted(len(commands), 'commands')} outside containers, as you, in a folder of its own:"
    shown = commands if whole else commands[:_MOST_SHOWN]
    for command in shown:
        lines = harmless(command).splitlines() or [""]
        yield f"    $ {lines[0]}"
        yield from (f"      {line}" for line in lines[1:])
    if len(shown) < len(commands):
        yield f"    … and {len(commands) - len(shown)} more: --all shows them"
