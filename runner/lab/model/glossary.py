"""A workshop's terms, and their uses in its prose."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from runner.lab.model.prose import Passage, PassageKind, Prose, Words
from runner.lab.model.span import Span

PAGE = "glossary.md"
"""The file that a link to a term names; the part after `#` is the term's id."""


class Term(NamedTuple):
    """A technical term: `forms` are its spellings, the title first; `prose` explains it."""

    id: str
    forms: tuple[str, ...]
    prose: Prose
    span: Span

    @property
    def title(self) -> str:
        """The form under which the term is listed."""
        return self.forms[0]


def term_of(link: str) -> str:
    """The id of the term that a link in prose points to; "" if it points to something else."""
    page, _, anchor = link.partition("#")
    return anchor if page == PAGE else ""


def uses(text: str, terms: tuple[Term, ...]) -> Iterator[tuple[int, int, Term]]:
    """The places of terms in a text, as start, end and term, in order."""
    pattern, known = _matcher(terms)
    for found in pattern.finditer(text):
        yield found.start(), found.end(), known[_one_line(found[0])]


class TermLinks:
    """Links terms in a text that is read in several pieces: each term once, at its first use."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = tuple(terms)
        self.used: list[str] = []
        """The ids of the terms found, in order."""

    def linked(self, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """The passages with the first uses of terms as links, except in headings."""
        return tuple(self._passage(passage) for passage in passages) if self._terms else tuple(passages)

    def _passage(self, passage: Passage) -> Passage:
        if passage.kind in {PassageKind.HEADING, PassageKind.OTHER}:
            return passage
        rows = tuple(tuple(self._words(cell) for cell in row) for row in passage.rows)
        return passage._replace(words=self._words(passage.words), rows=rows)

    def _words(self, words: tuple[Words, ...]) -> tuple[Words, ...]:
        return tuple(piece for one in words for piece in self._pieces(one))

    def _pieces(self, words: Words) -> Iterator[Words]:
        if words.link:
            if (name := term_of(words.link)) and name not in self.used:
                self.used.append(name)
            yield words
            return
        place = 0
        for start, end, term in uses(words.text, self._terms):
            # In code, a term counts only if it is the whole code.
            if term.id in self.used or ("code" in words.looks and (start, end) != (0, len(words.text))):
                continue
            self.used.append(term.id)
            if start > place:
                yield words._replace(text=words.text[place:start])
            yield words._replace(text=words.text[start:end], link=f"{PAGE}#{term.id}")
            place = end
        if place < len(words.text):
            yield words._replace(text=words.text[place:])


@cache
def _matcher(terms: tuple[Term, ...]) -> tuple[re.Pattern[str], dict[str, Term]]:
    """A pattern for all forms of the terms, the longest first, and the term of each form.

    A form with a capital letter matches only as written: `ALLOW` is not the verb "allow".
    """
    known = {_one_line(form): term for term in terms for form in term.forms}
    forms = sorted((form for term in terms for form in term.forms), key=len, reverse=True)
    choices = (_written(form) if form != form.lower() else f"(?i:{_written(form)})" for form in forms)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(choices) or '(?!)'})(?![\w-])"), known


def _written(form: str) -> str:
    """A pattern for a form that also matches if its words are on two lines."""
    return r"\s+".join(map(re.escape, form.split()))


def _one_line(text: str) -> str:
    return " ".join(text.casefold().split())
