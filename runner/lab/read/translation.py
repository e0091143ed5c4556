"""The files of a language's folder → texts by their ids, and a workshop in that language.

A file has texts, each below a mark with its id and a checksum of the original that it translates:
`<!-- step/first/1 8a61c2f0 -->`.
"""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from runner.lab.model.glossary import PAGE
from runner.lab.model.span import Severity
from runner.lab.model.texts import Put, glossary_with, lab_with, manifest_with
from runner.lab.read.rules import Rule

if TYPE_CHECKING:
    from runner.lab.model.workshop import Lab, Workshop
    from runner.lab.read.syntax.source import Source

WORKSHOP_PAGE = "workshop.md"
"""The file for the texts of the manifest."""
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
UNTRANSLATED = "0" * 8
"""The checksum of a text that is still the original."""
_MARK = re.compile(r"<!-- ((?:[^\W_A-Z]|[/-])+)(?: ([0-9a-f]{8}))? -->")
"""Ids hold what slugs of headings hold, in any script."""
_NEARLY = re.compile(r"<!--\s*(?:\S*/\S*|title|summary)(?:\s+[0-9A-Fa-f]+)?\s*-->", re.IGNORECASE)
"""A line that is meant as a mark; without a report, it and its text would belong to the text above."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in another language; `made_from` is the checksum of its original, "" if it is new."""

    text: str
    made_from: str
    line: int

    def serves(self, original: str) -> bool:
        """True if it translates the current original."""
        return bool(self.text) and self.made_from in {"", check_sum(original)}


def check_sum(original: str) -> str:
    """Eight digits that depend on the words of a text, but not on its line breaks."""
    return f"{zlib.crc32(' '.join(original.split()).encode()):08x}"


def read_texts(source: "Source") -> Mapping[str, Text]:
    """Read the texts of one file, by their ids."""
    texts: dict[str, Text] = {}
    marks = [(number, _MARK.fullmatch(line.strip())) for number, line in enumerate(source.lines, 1)]
    for number, mark in marks:
        if mark is None and _NEARLY.fullmatch(source.lines[number - 1].strip()):
            message = "this is no mark: write its id, and eight digits if any, like <!-- title 54f52e3d -->"
            source.report(Rule.BAD_TRANSLATION, message, number, severity=Severity.WARNING)
    starts = [(number, mark) for number, mark in marks if mark is not None]
    ends = [*(number for number, _ in starts), len(source.lines) + 1][1:]
    for (number, mark), end in zip(starts, ends, strict=True):
        if mark[1] in texts:
            source.report(Rule.DUPLICATE_ID, f"the text {mark[1]!r} is there twice", number)
            continue
        text = "\n".join(source.lines[number : end - 1]).strip()
        texts[mark[1]] = Text(text, mark[2] or "", number)
    return texts


def languages(folder: Path) -> tuple[str, ...]:
    """The languages other than its own that a workshop's folder has texts in."""
    found = (path.parent for path in folder.glob("*/*.md"))
    return tuple(sorted({one.name for one in found if LANGUAGE.fullmatch(one.name)}))


def pages(workshop: "Workshop") -> Iterator[tuple[str, Callable[[Put], object]]]:
    """Each translation file's name, with a function that visits its texts."""
    yield WORKSHOP_PAGE, lambda put: manifest_with(workshop, put)
    if workshop.glossary:
        yield PAGE, lambda put: glossary_with(workshop.glossary, put)
    for lab in workshop.labs:
        yield lab.path.name, _through(lab)


def originals(through: Callable[[Put], object]) -> dict[str, str]:
    """The texts that a function of `pages` visits, by id."""
    found: dict[str, str] = {}

    def note(identity: str, text: str) -> str:
        found[identity] = text
        return text

    through(note)
    return found


def _through(lab: "Lab") -> Callable[[Put], object]:
    return lambda put: lab_with(lab, put)


def translated(workshop: "Workshop", texts: Mapping[str, Mapping[str, Text]]) -> "Workshop":
    """The workshop with the originals replaced by `texts`, by file and id; texts without a translation stay."""
    labs = tuple(lab_with(lab, _put(texts.get(lab.path.name, {}))) for lab in workshop.labs)
    glossary = glossary_with(workshop.glossary, _put(texts.get(PAGE, {})))
    return replace(manifest_with(workshop, _put(texts.get(WORKSHOP_PAGE, {}))), labs=labs, glossary=glossary)


def _put(texts: Mapping[str, Text]) -> Put:
    def put(identity: str, original: str) -> str:
        text = texts.get(identity)
        return text.text if text is not None and text.serves(original) else original

    return put
