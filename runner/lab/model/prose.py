"""Prose as runs of text: what there is to read, without the Markdown that it was written in."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from runner.lab.model.span import Span


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


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown between two acting blocks, as written."""

    text: str
    span: Span
    _passages: tuple[Passage, ...] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """What there is to read, parsed when it is first asked for: only the user interface does."""
        if self._passages is None:
            from runner.lab.read.prose import passages  # noqa: PLC0415 (imports the parser)

            object.__setattr__(self, "_passages", passages(self.text))
        assert self._passages is not None
        return self._passages
