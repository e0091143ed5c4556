"""The labs that a verification plays, and in their places the files that cannot be read."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.cli.output import say
from runner.cli.workshops import (
    default_folders,
    left_out,
    linted_workshop,
    no_such_lab,
    refuse,
    unlocking,
    with_name,
    workshop_folders,
)
from runner.errors import UsageError
from runner.lab.model.glossary import PAGE
from runner.lab.model.span import Problem, Severity, Span
from runner.lab.model.workshop import Workshop
from runner.lab.read.folder import MANIFEST
from runner.lab.read.rules import Rule
from runner.paths import closed, is_folder, look
from runner.verify.job import Place, Unreadable, lab_of, playable


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The labs of one folder in their order, with the files that cannot be read; and all its errors.

    The `faults` are those errors for which no file in `places` stands.
    """

    workshop: Workshop | None
    places: tuple[Place, ...]
    errors: Sequence[Problem] = ()
    faults: Sequence[Problem] = ()


def chosen_labs(paths: Sequence[Path], only: Sequence[str]) -> tuple[Place, ...]:
    """The labs in `paths`, or those of them with the ids or numbers `only`.

    Raises:
        UsageError: there is none, none can be read, or one has errors, which are listed on standard error.
    """
    numbered: list[tuple[int, Place]] = []
    shelves: list[_Shelf] = []
    spared = () if paths else default_folders()[1:]
    for path in paths or default_folders():
        for folder in _folders(path):
            shelf = _shelf(folder)
            if shelf.faults and left_out(folder, shelf.errors, spared):
                continue
            shelves.append(shelf)
            numbered += _on(shelf, path, folder)
    if any(shelf.faults for shelf in shelves):
        refuse([error for shelf in shelves for error in shelf.errors])
    if only:
        wanted = {lab_of(place).path for name in only for place in _named(name, numbered, shelves)}
        numbered = [(number, place) for number, place in numbered if lab_of(place).path in wanted]
    places = tuple(place for _, place in numbered)
    if places and not playable(places):
        raise _nothing(places)
    return places


def _folders(path: Path) -> Sequence[Path]:
    """The workshops' folders that a path means; a closed one stands for itself, for others it may be none."""
    if closed(path):
        of_a_file = not is_folder(path) and (path.suffix == ".md" or path.name == MANIFEST)
        return (path.parent if of_a_file else path,)
    found = workshop_folders(path)
    if path not in found and is_folder(path):
        for inner in sorted(path.iterdir()):
            if reason := closed(inner):
                say(f"note: {inner}: {reason}; if there is a workshop in it, it is not verified")
    return found


def _shelf(folder: Path) -> _Shelf:
    manifest = folder / MANIFEST
    name = folder.absolute().name
    if reason := closed(folder):
        problem = Problem(Span(manifest, 1, 1), Rule.NOT_READABLE, f"cannot be read: {reason}")
        return _Shelf(None, (Unreadable(manifest, _told(problem, folder), name),), [problem])
    workshop, found = linted_workshop(folder)
    errors = [problem for problem in found if problem.severity is Severity.ERROR]
    unread = {problem.span.path: problem for problem in errors if problem.rule == Rule.NOT_READABLE}
    if workshop is not None:
        name = workshop.id
    jobs: dict[Path, Place] = {}
    if manifest in unread:
        # Either the manifest itself, or a folder that all labs need.
        needed = (manifest,) if workshop is None else workshop.files
        at_fault = next(filter(closed, needed), manifest)
        jobs = {manifest: Unreadable(manifest, _told(unread[manifest], at_fault), name)}
    elif workshop is not None:
        jobs = {lab.path: (workshop, lab) for lab in workshop.labs}
        if unread:
            files = {path: Unreadable(path, _told(problem, path), name) for path, problem in unread.items()}
            jobs = {path: (files | jobs)[path] for path in _listed(folder) if path in files | jobs}
    faults = [one for one in errors if not (one.rule == Rule.NOT_READABLE and one.span.path in jobs)]
    return _Shelf(workshop, tuple(jobs.values()), errors, faults)


def _listed(folder: Path) -> Sequence[Path]:
    """The files that the manifest lists as labs, in its order."""
    from runner.lab.read.workshop import read_workshop

    sources = read_workshop(folder).sources
    return [path for path in sources if path.parent == folder and path.name not in {MANIFEST, PAGE}]


def _told(problem: Problem, at_fault: Path) -> str:
    """The message of a file that cannot be read, with the next step, which depends on the reason."""
    shut = closed(at_fault) or (
        look(at_fault).exists and not os.access(at_fault, os.R_OK, effective_ids=True)
    )
    step = unlocking(at_fault) if shut else "put a text file there, or list another"
    return f"{problem.message}\nnext: {step}"


def _on(shelf: _Shelf, path: Path, folder: Path) -> list[tuple[int, Place]]:
    """The places that a path of the command line means, numbered as in the list of labs.

    Raises:
        UsageError: it is a file that is no lab.
    """
    numbered = list(enumerate(shelf.places, 1))
    if path.suffix != ".md" or is_folder(path):
        return numbered
    these = {folder / MANIFEST, path.resolve()}
    chosen = [
        (number, place)
        for number, place in numbered
        if {lab_of(place).path, lab_of(place).path.resolve()} & these
    ]
    if not (chosen or shelf.faults):
        raise UsageError(f"{path}: not a lab of {folder}", remedy=f"name one that {folder / MANIFEST} lists")
    return chosen


def _named(name: str, numbered: Sequence[tuple[int, Place]], shelves: Iterable[_Shelf]) -> Sequence[Place]:
    """The places of the labs with the id `name` or, if there is none, with that number.

    Raises:
        UsageError: there is none.
    """
    if found := with_name(name, [(number, lab_of(place).id, place) for number, place in numbered]):
        return found
    labs = playable(place for _, place in numbered)
    if not labs:
        raise _nothing([place for _, place in numbered])
    workshops = [shelf.workshop for shelf in shelves if shelf.workshop is not None]
    loaded = [(one, tuple(lab for workshop, lab in labs if workshop is one)) for one in workshops]
    raise no_such_lab(loaded, name)


def _nothing(places: Sequence[Place]) -> UsageError:
    files = [place for place in places if isinstance(place, Unreadable)]
    return UsageError("\n".join(["nothing can be read:", *(f"{one.path}: {one.reason}" for one in files)]))
