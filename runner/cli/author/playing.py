"""The labs that a verification plays, and in their places those that cannot be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from runner.cli.output import say
from runner.cli.workshops import (
    default_folders,
    labs_named,
    left_out,
    linted_workshop,
    refuse,
    unlocking,
    workshop_folders,
)
from runner.errors import UsageError
from runner.lab.model.container import ContainerSpec
from runner.lab.model.span import Problem, Severity, Span
from runner.lab.model.workshop import Lab, Workshop
from runner.lab.read.folder import MANIFEST
from runner.lab.read.rules import Rule
from runner.lab.read.workshop import read_workshop
from runner.paths import closed, is_folder

Job = tuple[Workshop, Lab]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen labs in order; some stand only for a file that cannot be read, and `unreadable` says why."""

    jobs: Sequence[Job]
    unreadable: Mapping[Path, str]


def chosen_labs(paths: Sequence[Path], only: Sequence[str]) -> Chosen:
    """The labs in `paths`, or those of them with the ids or numbers `only`.

    Raises:
        UsageError: there is none, none can be read, or one has errors, which are listed on standard error.
    """
    loaded: list[tuple[Workshop, tuple[Lab, ...]]] = []
    unreadable: dict[Path, str] = {}
    errors: list[Problem] = []
    spared = () if paths else default_folders()[1:]
    for path in paths or default_folders():
        for folder in _folders(path):
            workshop, found = _read(folder)
            stands_for = {lab.path: lab for lab in workshop.labs}
            others = [problem for problem in found if problem.span.path not in stands_for]
            if others and left_out(folder, others, spared):
                continue
            errors += others
            unreadable |= {one.span.path: _told(one) for one in found if one.span.path in stands_for}
            only_path = path.resolve() if path.suffix == ".md" else None
            labs = tuple(lab for lab in workshop.labs if only_path in {None, lab.path.resolve()})
            loaded.append((workshop, labs))
    if errors:
        refuse(errors)
    wanted = {lab.path for name in only for _, lab in labs_named(loaded, name)}
    jobs = [(workshop, lab) for workshop, labs in loaded for lab in labs if not only or lab.path in wanted]
    if jobs and all(lab.path in unreadable for _, lab in jobs):
        reasons = "\n".join(f"{lab.path}: {unreadable[lab.path]}" for _, lab in jobs)
        raise UsageError(f"nothing can be read:\n{reasons}")
    return Chosen(jobs, {lab.path: unreadable[lab.path] for _, lab in jobs if lab.path in unreadable})


def _folders(path: Path) -> Sequence[Path]:
    """The workshops' folders that a path means; a closed one stands for itself, for others it may be none."""
    if closed(path):
        return (path,)
    found = workshop_folders(path)
    if path not in found and is_folder(path):
        for inner in sorted(path.iterdir()):
            if reason := closed(inner):
                say(f"note: {inner}: {reason}; if there is a workshop in it, it is not verified")
    return found


def _read(folder: Path) -> tuple[Workshop, Sequence[Problem]]:
    """A workshop with a stand-in for each lab that cannot be read, or one for all of it; and its errors."""
    manifest = folder / MANIFEST
    if reason := closed(folder):
        problem = Problem(Span(manifest, 1, 1), Rule.NOT_READABLE, f"cannot be read: {reason}")
        return _unknown(folder), [problem]
    workshop, found = linted_workshop(folder)
    errors = [problem for problem in found if problem.severity is Severity.ERROR]
    unread = {problem.span.path for problem in errors if problem.rule == Rule.NOT_READABLE}
    if manifest in unread or workshop is None:
        return _unknown(folder), errors
    labs = {lab.path: lab for lab in workshop.labs}
    if unread:
        order = read_workshop(folder).sources
        labs = {path: labs.get(path) or _stand_in(path) for path in order if path in {*labs, *unread}}
    return replace(workshop, labs=tuple(labs.values())), errors


def _unknown(folder: Path) -> Workshop:
    """A workshop of which nothing is known: its manifest stands for all of its labs."""
    return Workshop(
        folder.absolute().name, "", "", ContainerSpec(), (), (_stand_in(folder / MANIFEST),), folder
    )


def _stand_in(path: Path) -> Lab:
    return Lab(path.name, path.name, 0, (), (), (), path)


def _told(problem: Problem) -> str:
    return f"{problem.message}\nnext: {unlocking(problem.span.path)}"
