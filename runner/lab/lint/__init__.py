"""What only shows when a workshop is seen as a whole: names, files, proofs."""

from pathlib import Path

from runner.lab.lint.checks import lint_checks
from runner.lab.lint.containers import lint_containers
from runner.lab.lint.files import lint_files
from runner.lab.reader import read_workshop
from runner.lab.span import Problem


def lint_workshop(path: Path) -> tuple[Problem, ...]:
    """Every problem of the workshop at `path`, in the order of its files and lines."""
    reading = read_workshop(path)
    if reading.workshop is not None:
        for lab in reading.workshop.labs:
            source = reading.sources[lab.path]
            lint_containers(lab, source)
            lint_checks(lab, source)
            lint_files(lab, source, reading.workshop.files)
    problems = (problem for source in reading.sources.values() for problem in source.problems)
    return tuple(sorted(problems, key=lambda problem: (problem.span, problem.rule)))
