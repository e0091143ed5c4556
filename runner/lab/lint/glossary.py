"""Lint: terms that the prose links to are explained, and explained terms are used."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from runner.lab.model.glossary import PAGE, Term, uses
from runner.lab.model.span import Severity, Span
from runner.lab.model.workshop import Workshop
from runner.lab.read.rules import Rule
from runner.suggest import nearest

if TYPE_CHECKING:
    from runner.lab.read.syntax.source import Source

_LINK = re.compile(rf"\]\({re.escape(PAGE)}(?:#([^)\s]*))?\)")


def lint_glossary(workshop: Workshop, sources: "Mapping[Path, Source]") -> None:
    """Report links to terms that are not explained, and terms that no lesson uses."""
    known = {term.id: term for term in workshop.glossary}
    used = set()
    for path, text, span in _texts(workshop):
        linked, unknown = _links(text, known)
        used |= linked
        if path != workshop.path / PAGE:
            used |= {term.id for _, _, term in uses(text, workshop.glossary)}
        for name, offset in unknown:
            near = nearest(name, known)
            hint = f" (did you mean {near!r}?)" if near else f"; explain it in {PAGE}"
            message = f"no term {name!r} is in the glossary{hint}"
            sources[path].report(Rule.UNKNOWN_TERM, message, span.line + text.count("\n", 0, offset))
    for term in workshop.glossary:
        if term.id not in used:
            message = f"no lesson uses the term {term.title!r}, nor one of its other forms"
            source = sources[workshop.path / PAGE]
            source.report(Rule.UNUSED_TERM, message, term.span.line, severity=Severity.WARNING)


def _texts(workshop: Workshop) -> Iterator[tuple[Path, str, Span]]:
    yield from ((lab.path, prose.text, prose.span) for lab in workshop.labs for prose in lab.prose)
    glossary = workshop.path / PAGE
    for term in workshop.glossary:
        yield glossary, term.prose.text, term.prose.span


def _links(text: str, known: "Mapping[str, Term]") -> tuple[set[str], Iterable[tuple[str, int]]]:
    """The terms that a text links to, and the links to unknown terms, with their places."""
    found = [(link[1] or "", link.start()) for link in _LINK.finditer(text)]
    return {name for name, _ in found if name in known}, [one for one in found if one[0] not in known]
