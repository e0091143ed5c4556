"""A piece of Markdown → its blocks as runs of text."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from runner.lab.model.prose import Passage, PassageKind, Words

if TYPE_CHECKING:
    from markdown_it.token import Token

_LOOKS = {"strong": "strong", "em": "emphasis", "s": "struck"}


def passages(text: str) -> tuple[Passage, ...]:
    """The blocks of a piece of Markdown, in order."""
    tokens = _parser().parse(text)
    lines = text.split("\n")  # the parser's lines: a form feed or a separator of Unicode's ends none
    return tuple(passage for block in _blocks(tokens) for passage in _passages(block, lines))


class _NotPlainError(Exception):
    """The block has more than runs of text."""


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("gfm-like", {"linkify": False})


def _blocks(tokens: Sequence["Token"]) -> Iterator[Sequence["Token"]]:
    """The tokens of each block at the margin."""
    start = 0
    for index, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            yield tokens[start : index + 1]
            start = index + 1


def _passages(block: Sequence["Token"], lines: Sequence[str]) -> list[Passage]:
    try:
        match block[0].type:
            case "paragraph_open":
                return [Passage(PassageKind.PARAGRAPH, _words(block[1]))]
            case "heading_open":
                return [Passage(PassageKind.HEADING, _words(block[1]))]
            case "bullet_list_open" | "ordered_list_open":
                return list(_items(block))
            case "table_open":
                return [Passage(PassageKind.TABLE, rows=tuple(_rows(block)))]
    except _NotPlainError:
        pass
    first, end = block[0].map or (0, len(lines))
    return [Passage(PassageKind.OTHER, markdown="\n".join(lines[first:end]).rstrip())]


def _items(block: Sequence["Token"]) -> Iterator[Passage]:
    """The items of a list and of its inner lists, each of one paragraph."""
    counters: list[int | None] = []
    mark = ""
    for token in block:
        match token.type:
            case "bullet_list_open":
                counters.append(None)
            case "ordered_list_open":
                counters.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                counters.pop()
            case "list_item_open":
                number = counters[-1]
                mark = "• " if number is None else f"{number}. "
                counters[-1] = None if number is None else number + 1
            case "inline":
                if not mark:
                    raise _NotPlainError
                yield Passage(PassageKind.ITEM, _words(token), mark, len(counters) - 1)
                mark = ""
            case "paragraph_open" | "paragraph_close" | "list_item_close":
                pass
            case _:
                raise _NotPlainError


def _rows(block: Sequence["Token"]) -> Iterator[tuple[tuple[Words, ...], ...]]:
    cells: list[tuple[Words, ...]] = []
    for token in block:
        match token.type:
            case "tr_open":
                cells = []
            case "inline":
                cells.append(_words(token))
            case "tr_close":
                yield tuple(cells)


def _words(inline: "Token") -> tuple[Words, ...]:
    alike = groupby(_pieces(inline), key=lambda words: words[1:])
    return tuple(Words("".join(words.text for words in group), *look) for look, group in alike)


def _pieces(inline: "Token") -> Iterator[Words]:
    looks: list[str] = []
    link = ""
    for token in inline.children or ():
        name, _, edge = token.type.rpartition("_")
        match token.type:
            case "text" | "softbreak" | "hardbreak":
                text = {"softbreak": " ", "hardbreak": "\n"}.get(token.type, token.content)
                yield Words(text, tuple(looks), link)
            case "code_inline":
                yield Words(token.content, (*looks, "code"), link)
            case "link_open":
                link = str(token.attrs.get("href", ""))
            case "link_close":
                link = ""
            case _ if name in _LOOKS and edge == "open":
                looks.append(_LOOKS[name])
            case _ if name in _LOOKS and edge == "close":
                looks.remove(_LOOKS[name])
            case _:
                raise _NotPlainError
