"""The workshops that a command line names, ready to run."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from runner.cli.output import counted
from runner.errors import UsageError
from runner.paths import look

if TYPE_CHECKING:
    from runner.lab.model.span import Problem
    from runner.lab.model.workshop import Lab, Workshop
    from runner.learner.workshop_cache import WorkshopCache


def load_workshops(
    paths: Sequence[Path], *, linted: bool = True
) -> list[tuple["Workshop", tuple["Lab", ...]]]:
    """Each workshop with the labs meant: all of them, or those that the paths name; the shipped ones without a path.

    Unless `linted`, only what keeps a lab from being read counts as an error, which takes a fraction of the time.

    Raises:
        UsageError: there is none, or one has errors, which are listed on standard error.
    """
    from runner.content import LABS
    from runner.lab.model.span import Severity

    loaded = []
    problems = []
    for path in list(paths) or [LABS]:
        for folder in workshop_folders(path):
            workshop, found = _read_linted(folder) if linted else _read(folder)
            problems += [problem for problem in found if problem.severity is Severity.ERROR]
            if workshop is not None:
                only = path.resolve() if path.suffix == ".md" else None
                labs = tuple(lab for lab in workshop.labs if only in {None, lab.path.resolve()})
                loaded.append((workshop, labs))
    if problems:
        for problem in problems:
            print(problem, file=sys.stderr)
        raise UsageError(
            f"{counted(len(problems), 'errors')} to fix first",
            remedy="run `workshop lint`, which shows them with their text",
        )
    return loaded


def chosen_lab(loaded: Sequence[tuple["Workshop", tuple["Lab", ...]]], name: str) -> tuple["Workshop", "Lab"]:
    """The lab with the id `name`.

    Raises:
        UsageError: there is none.
    """
    labs = [(workshop, lab) for workshop, chosen in loaded for lab in chosen]
    for workshop, lab in labs:
        if lab.id == name:
            return workshop, lab
    known = ", ".join(lab.id for _, lab in labs)
    raise UsageError(f"there is no lab {name!r}", remedy=f"name one of: {known}")


def clean_workshop(folder: Path) -> "Workshop | None":
    """The workshop if lint has found nothing in it as it is now, and that is known already."""
    cache = _cache(folder, linted=True)
    return None if cache is None else cache.recall()


def remember_clean(folder: Path, workshop: "Workshop") -> None:
    """Know from now on that lint finds nothing in it."""
    if (cache := _cache(folder, linted=True)) is not None:
        cache.keep(workshop, ())


def _cache(folder: Path, *, linted: bool) -> "WorkshopCache | None":
    from runner.folders import cache_folder
    from runner.learner.workshop_cache import WorkshopCache

    try:
        return WorkshopCache(folder, cache_folder(), linted=linted)
    except (UsageError, OSError):
        return None  # a user without a home folder has no cache either


def _read_linted(folder: Path) -> "tuple[Workshop | None, Sequence[Problem]]":
    if (workshop := clean_workshop(folder)) is not None:
        return workshop, ()
    from runner.lab.lint import lint_reading
    from runner.lab.read.workshop import read_workshop

    reading = read_workshop(folder)
    problems = tuple(lint_reading(reading))
    if reading.workshop is not None and not problems:
        remember_clean(folder, reading.workshop)
    return reading.workshop, problems


def _read(folder: Path) -> "tuple[Workshop | None, Sequence[Problem]]":
    """A workshop, from what is remembered of it if that holds good."""
    cache = _cache(folder, linted=False)
    if cache is not None and (workshop := cache.recall()) is not None:
        return workshop, ()
    from runner.lab.read.workshop import read_workshop

    reading = read_workshop(folder)
    if cache is not None and reading.workshop is not None and not reading.problems:
        cache.keep(reading.workshop, reading.sources)
    return reading.workshop, reading.problems


def workshop_folders(path: Path) -> tuple[Path, ...]:
    """The workshops that a path on the command line stands for.

    Raises:
        UsageError: there is none.
    """
    from runner.lab.read.folder import MANIFEST, find_workshops

    if folders := find_workshops(path):
        return folders
    what = look(path).problem or "no workshop here"
    raise UsageError(
        f"{path}: {what}",
        remedy=f"name a folder with a {MANIFEST}, or one of its labs; `workshop new PATH` makes one",
    )
