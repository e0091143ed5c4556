"""`glossary.md` → the terms of a workshop."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runner.lab.model.glossary import Term
from runner.lab.model.prose import Prose
from runner.lab.read.rules import Rule
from runner.lab.read.slug import slug
from runner.lab.read.syntax.markdown import Fence, Heading, Piece, pieces

if TYPE_CHECKING:
    from runner.lab.read.syntax.source import Source

_ALSO = "Also: "


def read_glossary(source: "Source") -> tuple[Term, ...]:
    """Read a term for each heading of level 2, explained by the text below it.

    The first line may be `Also: …`, with other forms of the term, separated by commas.
    """
    terms: dict[str, Term] = {}
    forms: dict[str, Term] = {}
    for heading, below in _entries(source):
        if (term := _term(source, heading, below)) is None:
            continue
        if term.id in terms:
            source.report(Rule.DUPLICATE_ID, f"the term {term.title!r} is there twice", heading.line)
            continue
        for form in term.forms:
            if owner := forms.get(form.casefold()):
                message = f"{form!r} is a form of {owner.title!r} already"
                source.report(Rule.DUPLICATE_ID, message, heading.line)
            forms.setdefault(form.casefold(), term)
        terms[term.id] = term
    return tuple(terms.values())


def _entries(source: "Source") -> Iterator[tuple[Heading, list[Piece]]]:
    entries: list[tuple[Heading, list[Piece]]] = []
    for piece in pieces(source, 1):
        if isinstance(piece, Heading) and piece.level == 2:
            entries.append((piece, []))
        elif entries and not (isinstance(piece, Fence) and piece.nested):
            entries[-1][1].append(piece)
    yield from entries


def _term(source: "Source", heading: Heading, below: list[Piece]) -> Term | None:
    first, end = (below[0].line, below[-1].end) if below else (heading.line, heading.line - 1)
    also = ""
    if first <= end and source.lines[first - 1].startswith(_ALSO):
        also, first = source.lines[first - 1].removeprefix(_ALSO), first + 1
    while first <= end and not source.lines[first - 1].strip():
        first += 1
    text = "\n".join(source.lines[first - 1 : end]).rstrip()
    forms = [form for form in (heading.text.strip(), *map(str.strip, also.split(","))) if form]
    if not text or not slug(heading.text):
        source.report(
            Rule.EMPTY_TEXT, f"the term {heading.text!r} needs a name and an explanation", heading.line
        )
        return None
    prose = Prose(text, source.span(first, end))
    return Term(slug(heading.text), tuple(dict.fromkeys(forms)), prose, source.span(heading.line, end))
