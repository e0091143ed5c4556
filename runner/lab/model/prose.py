"""Prose as runs of text: its content, without Markdown syntax."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from runner.lab.model.span import Span


class Words(NamedTuple):
    """Text in one style: any of `strong`, `emphasis`, `struck` and `code`; `link` is its target, "" for none."""

    text: str
    looks: tuple[str, ...] = ()
    link: str = ""


class PassageKind(StrEnum):
    """The kind of a passage; OTHER is content that needs more than runs of text, such as a picture."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ITEM = "item"
    TABLE = "table"
    OTHER = "other"


class Passage(NamedTuple):
    """A block of prose.

    An item has a `mark` and a `depth`, from 0; a table has `rows` of equally many cells, its head first. A block of
    another kind has only `markdown`.
    """

    kind: PassageKind
    words: tuple[Words, ...] = ()
    mark: str = ""
    depth: int = 0
    rows: tuple[tuple[tuple[Words, ...], ...], ...] = ()
    markdown: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown between two acting blocks, as written."""

    text: str
    span: Span
    _passages: tuple[Passage, ...] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages, parsed at the first use: only the user interface needs them."""
        if self._passages is None:
            from runner.lab.read.prose import passages  # noqa: PLC0415 (imports the parser)

            object.__setattr__(self, "_passages", passages(self.text))
        assert self._passages is not None
        return self._passages
