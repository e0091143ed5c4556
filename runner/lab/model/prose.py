"""Prose as runs of text: what there is to read, without the Markdown that it was written in."""

from enum import StrEnum
from typing import NamedTuple


class Words(NamedTuple):
    """Text in one look: any of `strong`, `emphasis`, `struck` and `code`; `link` is where it leads, "" if nowhere."""

    text: str
    looks: tuple[str, ...] = ()
    link: str = ""


class PassageKind(StrEnum):
    """What a passage is; OTHER is all that needs more than runs of text, such as a picture."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    TABLE = "table"
    OTHER = "other"


class Passage(NamedTuple):
    """A block of prose.

    An item has a `mark` and a `depth`, from 0; a table `rows` of cells, its head the first, each with as many. A block
    of another kind is `markdown` only.
    """

    kind: PassageKind
    words: tuple[Words, ...] = ()
    mark: str = ""
    depth: int = 0
    rows: tuple[tuple[tuple[Words, ...], ...], ...] = ()
    markdown: str = ""
