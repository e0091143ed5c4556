"""The workshops that a command line names, ready to run."""

import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from runner.errors import UsageError, printable
from runner.language import counted
from runner.paths import closed, look

if TYPE_CHECKING:
    from typing import NoReturn

    from runner.lab.model.span import Problem
    from runner.lab.model.workshop import Lab, Workshop
    from runner.learner.workshop_cache import WorkshopCache


_Listed = TypeVar("_Listed")


def load_workshops(
    paths: Sequence[Path], *, linted: bool = True, languages: Sequence[str] = ()
) -> list[tuple["Workshop", tuple["Lab", ...]]]:
    """Load each workshop with its selected labs: all, or those that the paths name. Without a path, load the shipped
    and installed workshops; an installed one that cannot be read is reported and left out.

    Unless `linted`, only faults that make a lab unreadable count as errors, which takes a fraction of the time; then
    the workshops are in the first of `languages` that they have, else in their original language.

    Raises:
        UsageError: there is none, or one has errors, which are listed on standard error.
    """
    from runner.installed import installed
    from runner.lab.model.span import Severity

    loaded = []
    problems = []
    spared = () if paths else installed()
    for path in paths or default_folders():
        for folder in workshop_folders(path):
            workshop, found = linted_workshop(folder) if linted else remembered_workshop(folder, languages)
            errors = [problem for problem in found if problem.severity is Severity.ERROR]
            if errors and left_out(folder, errors, spared):
                continue
            problems += errors
            if workshop is not None:
                only = path.resolve() if path.suffix == ".md" else None
                labs = tuple(lab for lab in workshop.labs if only in {None, lab.path.resolve()})
                loaded.append((workshop, labs))
    if problems:
        refuse(problems)
    return loaded


def left_out(folder: Path, errors: Sequence["Problem"], spared: Sequence[Path]) -> bool:
    """Whether a workshop with errors is one of those `spared`, which are reported and left out."""
    if folder in spared:
        print(f"{folder}: not shown: {counted(len(errors), 'errors')}; lint it", file=sys.stderr)
    return folder in spared


def refuse(errors: Sequence["Problem"]) -> "NoReturn":
    """List the errors of workshops on standard error, and raise `UsageError`."""
    for problem in errors:
        print(problem, file=sys.stderr)
    raise UsageError(
        f"{counted(len(errors), 'errors')} to fix first",
        remedy="run `workshop lint`, which shows them with their text",
    )


def along(named: Iterable["Workshop"], name: str) -> "Workshop":
    """Return the workshop that has the path `name`, reduced to the path's labs.

    Raises:
        UsageError: there is no such path, or several workshops have one.
    """
    from runner.suggest import did_you_mean

    # A workshop may be named twice.
    workshops = {workshop.path.resolve(): workshop for workshop in named}.values()
    found = [(workshop, path) for workshop in workshops for path in workshop.paths if path.id == name]
    if len(found) > 1:
        ids = " and ".join(workshop.id for workshop, _ in found)
        folders = " or ".join(shlex.quote(printable(str(workshop.path))) for workshop, _ in found)
        raise UsageError(
            f"{len(found)} workshops have a path {name!r}: {ids}", remedy=f"name its workshop too: {folders}"
        )
    for workshop, path in found:
        return workshop.along(path)
    paths = list(dict.fromkeys(path.id for workshop in workshops for path in workshop.paths))
    whose = "this workshop has" if len(workshops) == 1 else "these workshops have"
    known = f"name one of: {', '.join(paths)}" if paths else f"give none: {whose} no paths"
    raise UsageError(f"there is no path {name!r}{did_you_mean(name, paths)}", remedy=known)


def chosen_lab(loaded: Sequence[tuple["Workshop", tuple["Lab", ...]]], name: str) -> tuple["Workshop", "Lab"]:
    """Return the lab with the id `name`, or with that number in the list of labs.

    Raises:
        UsageError: there is no such lab, or several workshops have one.
    """
    found = labs_named(loaded, name)
    if len(found) > 1:
        several = " or ".join(workshop.id for workshop, _ in found)
        raise UsageError(
            f"{len(found)} workshops have a lab {name!r}", remedy=f"name its workshop too: {several}"
        )
    return found[0]


def labs_named(
    loaded: Sequence[tuple["Workshop", tuple["Lab", ...]]], name: str
) -> list[tuple["Workshop", "Lab"]]:
    """Return the labs with the id `name` or, if no lab has that id, with that number in their workshop's list.

    Raises:
        UsageError: there is none.
    """
    labs = [(workshop, lab) for workshop, chosen in loaded for lab in chosen]
    listed = [(workshop.labs.index(lab) + 1, lab.id, (workshop, lab)) for workshop, lab in labs]
    if found := with_name(name, listed):
        return found
    raise no_such_lab(loaded, name)


def with_name(name: str, listed: Sequence[tuple[int, str, _Listed]]) -> list[_Listed]:
    """What has the id `name` or, if nothing has, that number in its workshop's list; `listed` has both of each."""
    by_id = [one for _, lab, one in listed if lab == name]
    return by_id or [one for number, _, one in listed if f"{number}" == name]


def no_such_lab(loaded: Sequence[tuple["Workshop", tuple["Lab", ...]]], name: str) -> UsageError:
    """The error that there is no lab `name`."""
    from runner.suggest import did_you_mean

    labs = [(workshop, lab) for workshop, chosen in loaded for lab in chosen]
    meant = did_you_mean(name.casefold(), [lab.id for _, lab in labs])
    default = {path.resolve() for folder in default_folders() for path in (folder, *workshop_folders(folder))}
    own = [workshop.path for workshop, _ in loaded if workshop.path.resolve() not in default]
    listing = " ".join(["workshop list", *(shlex.quote(str(path)) for path in own)])
    return UsageError(
        f"there is no lab {name!r}{meant}", remedy=f"`{listing}` shows the ids and numbers of the labs"
    )


def named_workshop(path: Path | None, lab: str | None) -> tuple[list[Path], str | None]:
    """Return the workshops and the lab in `[WORKSHOP] [LAB]` on a command line: a single word that is not a workshop is
    a lab.

    Raises:
        UsageError: it is neither a workshop nor the name of a lab.
    """
    if path is None:
        return [], lab
    try:
        workshop_folders(path)
    except UsageError as none:
        name = str(path)
        if lab is not None or path.name != name or path.suffix:
            raise
        # Problems in one of them are reported when they are loaded.
        known = [
            remembered_workshop(folder, ())[0]
            for root in default_folders()
            for folder in workshop_folders(root)
        ]
        loaded = [(workshop, workshop.labs) for workshop in known if workshop is not None]
        try:
            labs_named(loaded, name)
        except UsageError:
            from runner.suggest import did_you_mean

            ids = [workshop.id for workshop, _ in loaded]
            ids += [one.id for _, labs in loaded for one in labs]
            raise UsageError(
                f"{none}, and no lab has this id or number{did_you_mean(name.casefold(), ids)}",
                remedy=f"`workshop list` shows the labs; or {none.remedy}",
            ) from none
        return [], name
    return [path], lab


def linted_workshop(folder: Path) -> "tuple[Workshop | None, Sequence[Problem]]":
    """A workshop and its lint findings, from the cache if that is still valid."""
    cache = _cache(folder, linted=True)
    if cache is not None and (workshop := cache.recall()) is not None:
        return workshop, cache.problems
    from runner.lab.lint import lint_reading
    from runner.lab.model.span import Severity
    from runner.lab.read.workshop import read_workshop

    stamps = dict(cache.look()) if cache is not None else {}
    reading = read_workshop(folder)
    if cache is not None and reading.workshop is not None:
        # Lint reads these, and only the workshop names them.
        stamps |= cache.look(reading.workshop.files)
    problems = tuple(lint_reading(reading))
    usable = not any(problem.severity is Severity.ERROR for problem in problems)
    if cache is not None and reading.workshop is not None and usable:
        cache.keep(reading.workshop, (), stamps, problems)
    return reading.workshop, problems


def _cache(folder: Path, *, linted: bool, language: str = "") -> "WorkshopCache | None":
    from runner.folders import cache_folder
    from runner.learner.workshop_cache import WorkshopCache

    try:
        return WorkshopCache(folder, cache_folder(), linted=linted, language=language)
    except (UsageError, OSError):
        return None  # a user without a home folder has no cache either


def remembered_workshop(
    folder: Path, languages: Sequence[str]
) -> "tuple[Workshop | None, Sequence[Problem]]":
    """A workshop in the first of `languages` that it has, from the cache if that is still valid."""
    language = next((name for name in languages if (folder / name).is_dir()), "")
    cache = _cache(folder, linted=False, language=language)
    if cache is not None and (workshop := cache.recall()) is not None:
        return workshop, ()
    from runner.lab.read.workshop import read_workshop

    stamps = cache.look() if cache is not None else {}
    reading = read_workshop(folder, language)
    if cache is not None and reading.workshop is not None and not reading.problems:
        cache.keep(reading.workshop, reading.sources, stamps)
    return reading.workshop, reading.problems


def default_folders() -> tuple[Path, ...]:
    """The workshops to use if none is named: the shipped and the installed ones."""
    from runner.content import LABS
    from runner.installed import installed

    return (LABS, *installed())


def located(path: Path) -> Path:
    """A path of the command line, or the folder of the shipped or installed workshop with that id."""
    return path if look(path).exists else _known_as(str(path)) or path


def _known_as(name: str) -> Path | None:
    """The folder of the installed or shipped workshop with the id `name`."""
    from runner.content import LABS
    from runner.installed import installed_as
    from runner.lab.read.folder import find_workshops

    return installed_as(name) or next((path for path in find_workshops(LABS) if path.name == name), None)


def unlocking(path: Path) -> str:
    """The next step if `path` is closed to this user."""
    return f"open it with `chmod -R u+rX {shlex.quote(printable(str(path)))}`, or run this as its owner"


def workshop_folders(path: Path) -> tuple[Path, ...]:
    """Return the folders of the workshops that a path on the command line means; the id of a shipped or installed one
    works like its path.

    Raises:
        UsageError: there is none.
    """
    from runner.lab.read.folder import MANIFEST, find_workshops

    if folders := find_workshops(path):
        return folders
    if (folder := _known_as(str(path))) is not None:
        return (folder,)
    if reason := closed(path):
        raise UsageError(f"{path}: {reason}", remedy=unlocking(path))
    what = look(path).problem or "no workshop here"
    raise UsageError(
        f"{path}: {what}",
        remedy=f"name a folder with a {MANIFEST}, or one of its labs; `workshop new PATH` makes one",
    )
