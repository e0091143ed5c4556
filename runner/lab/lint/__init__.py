"""The linter: checks that need a whole workshop, on names, files and proofs."""

from pathlib import Path

from runner.lab.collection import collection_paused
from runner.lab.lint.checks import lint_checks
from runner.lab.lint.containers import lint_containers
from runner.lab.lint.files import lint_files
from runner.lab.lint.glossary import lint_glossary
from runner.lab.lint.sources import lint_sources
from runner.lab.lint.translations import lint_translations
from runner.lab.model.span import Problem
from runner.lab.read.workshop import Reading, read_workshop


def lint_workshop(path: Path) -> tuple[Problem, ...]:
    """Return every problem of the workshop at `path`, in the order of its files and lines."""
    return lint_reading(read_workshop(path))


@collection_paused()
def lint_reading(reading: Reading) -> tuple[Problem, ...]:
    """Return every problem of a workshop: the reader's, and the linter's."""
    if reading.workshop is None:
        return reading.problems
    sources = {path: source.reopened() for path, source in reading.sources.items()}
    for lab in reading.workshop.labs:
        source = sources[lab.path]
        lint_containers(lab, source)
        lint_checks(lab, source)
        lint_files(lab, source, reading.workshop.files)
        lint_sources(lab, source)
    lint_glossary(reading.workshop, sources)
    problems = [*reading.problems, *(problem for source in sources.values() for problem in source.problems)]
    problems += lint_translations(reading.workshop)
    return tuple(sorted(problems, key=lambda problem: (problem.span, problem.rule)))
