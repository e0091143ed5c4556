"""Prose: paragraphs and lists as plain runs of text, anything else as Textual shows Markdown."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from runner.lab.model.glossary import term_of
from runner.lab.model.prose import Passage, PassageKind, Words
from runner.tui.widgets.lesson.hanging import Hanging, HangingContent, StackedContent

if TYPE_CHECKING:
    from textual.visual import Visual

_LOOKS = {"strong": "bold", "emphasis": "italic", "struck": "strike", "code": "$text-warning on $warning 10%"}
_INDENT = 2


def reading(passages: Iterable[Passage]) -> Iterator[Widget]:
    """The widgets that show the passages; all but the items of a list before its last have the class `apart`."""
    for kind, group in groupby(passages, key=lambda passage: passage.kind):
        if kind is PassageKind.PARAGRAPH:
            # In one, since each widget costs as much as all of its text.
            text = Content("\n\n").join(_content(passage.words) for passage in group)
            yield Static(text, classes="apart")
            continue
        widgets = [_shown(passage) for passage in group]
        for widget in widgets[-1:] if kind is PassageKind.ITEM else widgets:
            widget.add_class("apart")
        yield from widgets


def in_one(passages: Iterable[Passage]) -> StackedContent:
    """Paragraphs, headings and lists as one content, to be shown at once; anything else as its Markdown."""
    parts: list[Visual] = []
    before = None
    for passage in passages:
        if before is not None and (before, passage.kind) != (PassageKind.ITEM, PassageKind.ITEM):
            parts.append(Content(" "))
        before = passage.kind
        match passage.kind:
            case PassageKind.ITEM:
                parts.append(HangingContent(*_marked(passage)))
            case PassageKind.HEADING:
                parts.append(_heading(passage))
            case _:
                parts.append(_content(passage.words) or Content(passage.markdown))
    return StackedContent(parts)


class Written(Vertical):
    """Any Markdown, in the style of the lesson's own prose."""

    DEFAULT_CSS = """
    Written { height: auto; margin-bottom: 1; .apart { margin-bottom: 1; } & > *:last-child { margin-bottom: 0; } }
    """

    def __init__(self, text: str) -> None:
        from runner.lab.read.prose import passages

        super().__init__(*reading(passages(text)))


def markdown(text: str) -> Widget:
    """A widget that shows any Markdown."""
    from textual.widgets import Markdown

    return Markdown(text, open_links=False)


def _shown(passage: Passage) -> Widget:
    match passage.kind:
        case PassageKind.ITEM:
            return Hanging(*_marked(passage))
        case PassageKind.TABLE:
            head, *rows = passage.rows
            cells = [[_content(cell).stylize("bold") for cell in head]]
            cells += [[_content(cell) for cell in row] for row in rows]
            from runner.tui.widgets.lesson.table import TableContent

            return Static(TableContent(cells))
        case PassageKind.HEADING:
            return Static(_heading(passage))
        case _:
            return markdown(passage.markdown)


def _marked(passage: Passage) -> tuple[Content, Content]:
    return Content(" " * _INDENT * passage.depth + passage.mark), _content(passage.words)


def _heading(passage: Passage) -> Content:
    return _content(passage.words).stylize("$primary bold")


def _content(words: Iterable[Words]) -> Content:
    return Content.assemble(*((text, _style(looks, link)) for text, looks, link in words))


def _style(looks: tuple[str, ...], link: str) -> str:
    styles = [_LOOKS[look] for look in looks]
    if term := term_of(link):
        styles += ["underline", f"@click=screen.define({_quoted(term)})"]
    elif link:
        styles += ["underline", f"link={_quoted(link)}"]
    return " ".join(styles)


def _quoted(address: str) -> str:
    """An address as a string in a style, with what would end the string written as in a URL."""
    return "'" + address.replace("'", "%27").replace("\\", "%5C") + "'"
