"""The workshops that a command line names, ready to run."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from runner.errors import UsageError

if TYPE_CHECKING:
    from runner.lab.model import Lab, Workshop
    from runner.lab.reader import Reading
    from runner.lab.span import Problem


def load_workshops(
    paths: Sequence[Path], *, linted: bool = True
) -> list[tuple["Workshop", tuple["Lab", ...]]]:
    """Each workshop with the labs meant: all of them, or those that the paths name; the shipped ones without a path.

    Unless `linted`, only what keeps a lab from being read counts as an error, which takes a fraction of the time.

    Raises:
        UsageError: there is none, or one has errors, which are listed on standard error.
    """
    from runner.content import LABS
    from runner.lab.reader import find_workshops, read_workshop
    from runner.lab.span import Severity

    named = list(paths) or [LABS]
    loaded = []
    problems = []
    for path in named:
        folders = find_workshops(path)
        if not folders:
            raise UsageError(
                f"{path}: no workshop here",
                remedy="name a folder with a workshop.toml, or one of its labs; `workshop new PATH` makes one",
            )
        for folder in folders:
            reading = read_workshop(folder)
            found = _linted(reading) if linted else reading.problems
            problems += [problem for problem in found if problem.severity is Severity.ERROR]
            if reading.workshop is not None:
                only = path.resolve() if path.suffix == ".md" else None
                labs = reading.workshop.labs
                loaded.append(
                    (reading.workshop, tuple(lab for lab in labs if only in {None, lab.path.resolve()}))
                )
    if problems:
        for problem in problems:
            print(problem, file=sys.stderr)
        count = "1 error" if len(problems) == 1 else f"{len(problems)} errors"
        raise UsageError(f"{count} to mend first", remedy="`workshop lint` shows them with their text")
    return loaded


def _linted(reading: "Reading") -> "Sequence[Problem]":
    from runner.lab.lint import lint_reading

    return tuple(lint_reading(reading))
