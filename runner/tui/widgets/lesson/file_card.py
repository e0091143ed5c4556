"""A lesson's file in the learner's workspace."""

from collections import Counter
from collections.abc import Iterable

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from runner.lab.model.workshop import FileBlock
from runner.language import tr
from runner.learner.file_diff import Change, DiffLine, difference, in_short
from runner.tui import marks
from runner.tui.messages import EditAsked
from runner.tui.widgets.json_colours import coloured
from runner.tui.widgets.lesson.hanging import HangingContent, StackedContent

_MARKS = {
    Change.SAME: marks.Mark(" ", "", ""),
    Change.ADDED: marks.LINE_ADDED,
    Change.REMOVED: marks.LINE_REMOVED,
    Change.LEFT_OUT: marks.Mark("⋯", marks.QUIET, ""),
}


class FileCard(Vertical):
    """Shows the workspace's version of a file, with its difference from the lesson's, and opens it in the editor."""

    DEFAULT_CSS = """
    FileCard {
        height: auto;
        margin: 0 0 1 0;
        padding: 0 1;
        background: $surface;
        border-left: outer $secondary 60%;
        Horizontal { height: auto; }
        .name { width: 1fr; height: auto; color: $text-muted; }
        Button { min-width: 10; height: 1; border: none; }
    }
    """

    def __init__(self, block: FileBlock) -> None:
        super().__init__()
        self.block = block
        # Not looked up: a card that is leaving the screen may have lost them already.
        self._heading = Static(self._titled(""), classes="name", markup=False)
        self._contents = Static(self._shown(difference(block.content, block.content)), classes="now")

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield self._heading
            yield Button(tr("✎ Edit") if self.block.edit else tr("✎ Open"), compact=True)
        yield self._contents

    def show(self, text: str | None) -> None:
        """Show the file's current text; None if there is none."""
        lines = [] if text is None else difference(self.block.content, text)
        state = tr("gone: x puts it back") if text is None else _counted(lines)
        self._heading.update(self._titled("" if text == self.block.content else state))
        self._contents.update(self._shown(lines))

    def _shown(self, lines: Iterable[DiffLine] | None) -> StackedContent:
        json = self.block.language == "json"
        return StackedContent([_line(line, json=json) for line in in_short(lines or ())])

    def _titled(self, state: str) -> str:
        """The heading; the change has its own line."""
        note = tr("yours to change") if self.block.edit else tr("in your workspace")
        return f"{self.block.name}\n{state}" if state else f"{self.block.name}   {note}"

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(EditAsked(self.block))

    def on_click(self, event: events.Click) -> None:
        event.stop()


def _counted(lines: Iterable[DiffLine] | None) -> str:
    if lines is None:
        return tr("changed, too long to show")
    counts = Counter(line.change for line in lines)
    added, removed = counts[Change.ADDED], counts[Change.REMOVED]
    if not added and not removed:
        return tr("yours: other line ends")
    return tr("yours: {added} added, {removed} removed", added=added, removed=removed)


def _line(line: DiffLine, *, json: bool) -> HangingContent:
    mark = _MARKS[line.change]
    printable = "".join(
        character if character.isprintable() else "·" for character in line.text.expandtabs(4)
    )
    # A wrapped line continues below its first word, where it belongs.
    text = printable.lstrip(" ")
    indent = " " * (len(printable) - len(text))
    if line.change is Change.SAME:
        return HangingContent(Content(f"{mark.symbol} {indent}"), coloured(text) if json else Content(text))
    return HangingContent(
        Content.styled(f"{mark.symbol} {indent}", mark.colour), Content.styled(text, mark.colour)
    )
