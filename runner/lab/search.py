"""Full-text search in all lessons of a workshop."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from runner.lab.model.glossary import Term
from runner.lab.model.prose import Passage, Prose
from runner.lab.model.workshop import ConsoleBlock, Lab, QuizBlock, Step, Workshop

_BEFORE, _EXCERPT = 25, 88
_JOINT = " · "


class Place(NamedTuple):
    """A place in a workshop: a step of a lab, or the explanation of a term, which has no lab."""

    title: str
    text: str
    line: int
    lab: Lab | None = None
    step: Step | None = None
    term: Term | None = None


class Found(NamedTuple):
    """A place with all the words, and the text around the first of them.

    `words` are those to look for in the step, as `folded` makes them; none if its title has them all.
    """

    place: Place
    excerpt: str
    words: tuple[str, ...] = ()


class Index:
    """All texts of some workshops that a learner reads, without hints and solutions."""

    def __init__(self, workshops: Iterable[Workshop]) -> None:
        self._entries = [
            (workshop, place, folded(place.title), folded(place.text))
            for workshop in workshops
            for place in _places(workshop)
        ]

    def find(self, words: Sequence[str], limit: int = 50) -> list[tuple[Workshop, Found]]:
        """Find the places that have all of `words`, in any case and with or without accents, the best first.

        Words in a title, and whole words, rank a place higher.
        """
        wanted = [folded(word) for word in words if word.strip()]
        if not wanted:
            return []
        scored = [
            (-sum(_weight(word, title, text) for word in wanted), number)
            for number, (_, _, title, text) in enumerate(self._entries)
            if all(word in title or word in text for word in wanted)
        ]
        found = []
        for _, number in sorted(scored)[:limit]:
            workshop, place, title, text = self._entries[number]
            words = () if all(word in title for word in wanted) else tuple(wanted)
            found.append((workshop, Found(place, _excerpt(place.text, text, wanted), words)))
        return found


def _places(workshop: Workshop) -> Iterator[Place]:
    for lab in workshop.labs:
        for number, step in enumerate(lab.steps):
            title = f"{lab.title} · {step.title}"
            opening = (*lab.objectives, *_plain(lab.introduction)) if number == 0 else ()
            text = _JOINT.join((*opening, *_texts(step)))
            yield Place(title, text, step.span.line, lab, step)
    for term in workshop.glossary:
        text = _JOINT.join((", ".join(term.forms), *_plain([term.prose])))
        yield Place(term.title, text, term.span.line, term=term)


def _texts(step: Step) -> Iterator[str]:
    for block in step.blocks:
        match block:
            case Prose():
                yield from _plain([block])
            case ConsoleBlock(commands=commands):
                yield from (command.text for command in commands)
            case QuizBlock(question=question):
                yield question
    yield from (check.describe for check in step.checks)


def _plain(proses: Iterable[Prose]) -> Iterator[str]:
    for prose in proses:
        yield from (_readable(passage) for passage in prose.passages)


def _readable(passage: Passage) -> str:
    cells = (words for row in passage.rows for words in row)
    texts = ["".join(word.text for word in words) for words in (passage.words, *cells)]
    return " ".join(filter(None, [*texts, passage.markdown]))


def folded(text: str) -> str:
    """The text in lower case without accents, character by character, so that positions stay the same."""
    if text.isascii():
        return text.lower()
    return "".join(unicodedata.normalize("NFKD", character)[0].lower()[0] for character in text)


def _weight(word: str, title: str, text: str) -> int:
    return 8 * (word in title) + 2 * _whole(word, title) + 4 * _whole(word, text) + min(text.count(word), 3)


def _whole(word: str, text: str) -> bool:
    """True if the first match of a word has no letter or digit beside it."""
    place = text.find(word)
    if place < 0:
        return False
    before, after = text[max(0, place - 1) : place], text[place + len(word) : place + len(word) + 1]
    return not before.isalnum() and not after.isalnum()


def _excerpt(text: str, folded_text: str, words: Sequence[str]) -> str:
    place = next((place for word in words if (place := folded_text.find(word)) >= 0), 0)
    start = max(0, place - _BEFORE)
    if start and (space := text.find(" ", start, place)) >= 0:
        start = space + 1
    end = min(len(text), start + _EXCERPT)
    if end < len(text) and (space := text.rfind(" ", place, end)) >= 0:
        end = space
    shown = " ".join(text[start:end].split())
    return f"{'… ' if start else ''}{shown}{' …' if end < len(text) else ''}"
