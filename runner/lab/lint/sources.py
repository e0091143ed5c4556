"""Lint: a lab's sources come at its end, each with its year."""

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from runner.lab.model.prose import Prose
from runner.lab.model.workshop import Lab
from runner.lab.read.rules import Rule

if TYPE_CHECKING:
    from runner.lab.read.syntax.source import Source

HEADING = "### Sources"
_ITEM = re.compile(r"- .*\b(?:19|20)\d\d\b.*")


def lint_sources(lab: Lab, source: "Source") -> None:
    """Report a section of sources that is not at the end of the lab, and items without a year."""
    for prose in lab.prose:
        lines = prose.text.split("\n")
        if HEADING not in lines:
            continue
        start = lines.index(HEADING)
        below = [*takewhile(lambda line: not line.startswith("#"), lines[start + 1 :])]
        if prose is not _end(lab) or start + 1 + len(below) < len(lines):
            message = "the sources end a lab: nothing comes after them"
            source.report(Rule.SOURCES, message, prose.span.line + start)
        for number, item in _items(below, prose.span.line + start + 1):
            if not _ITEM.fullmatch(item):
                message = "a source is an item of a list that names a year, like '- [title](https://…), whose, 2016'"
                source.report(Rule.SOURCES, message, number)


def _end(lab: Lab) -> Prose | None:
    last = lab.steps[-1].blocks[-1] if lab.steps and lab.steps[-1].blocks else None
    return last if isinstance(last, Prose) else None


def _items(lines: list[str], first: int) -> list[tuple[int, str]]:
    """Each item with its line; a wrapped item as one text."""
    items: list[tuple[int, str]] = []
    for number, line in enumerate(lines, first):
        if items and line.startswith("  "):
            items[-1] = items[-1][0], f"{items[-1][1]} {line.strip()}"
        elif line.strip():
            items.append((number, line.rstrip()))
    return items
