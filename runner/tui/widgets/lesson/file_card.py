"""A file of the lesson that is in the learner's workspace."""

from collections import Counter
from collections.abc import Iterable

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from runner.lab.model.workshop import FileBlock
from runner.learner.file_diff import Change, DiffLine, difference
from runner.tui import marks
from runner.tui.messages import EditAsked
from runner.tui.widgets.lesson.hanging import HangingContent, StackedContent
from runner.tui.widgets.lesson.reading import markdown

_MARKS = {
    Change.SAME: marks.Mark(" ", "", ""),
    Change.ADDED: marks.LINE_ADDED,
    Change.REMOVED: marks.LINE_REMOVED,
    Change.LEFT_OUT: marks.Mark("⋯", marks.QUIET, ""),
}


class FileCard(Vertical):
    """Shows a file as it is in the workspace, with its difference from the lesson's; one can open it in the editor."""

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
        MarkdownFence { margin: 0; background: transparent; }
        .now { display: none; }
        &.-changed .now { display: block; }
        &.-changed Markdown { display: none; }
    }
    """

    def __init__(self, block: FileBlock) -> None:
        super().__init__()
        self.block = block

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(self._titled(""), classes="name", markup=False)
            yield Button("✎ Edit" if self.block.edit else "✎ Open", compact=True)
        fence = "`" * (3 + self.block.content.count("```"))
        yield markdown(f"{fence}{self.block.language}\n{self.block.content.rstrip()}\n{fence}")
        yield Static(classes="now")

    def show(self, text: str | None) -> None:
        """Show the file's text as it is now; None if there is none."""
        if not self.is_mounted:
            return
        changed = text != self.block.content
        self.set_class(changed, "-changed")
        title, shown = self._titled(""), StackedContent([])
        if text is None:
            title = self._titled("gone: x puts it back")
        elif changed:
            lines = difference(self.block.content, text)
            title = self._titled(_counted(lines))
            shown = StackedContent([_line(line) for line in lines or ()])
        self.query_one(".name", Static).update(title)
        self.query_one(".now", Static).update(shown)

    def _titled(self, state: str) -> str:
        """What stands above it; how it has changed has a line of its own."""
        note = "yours to change" if self.block.edit else "in your workspace"
        return f"{self.block.name}\n{state}" if state else f"{self.block.name}   {note}"

    def on_button_pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(EditAsked(self.block))

    def on_click(self, event: events.Click) -> None:
        event.stop()


def _counted(lines: Iterable[DiffLine] | None) -> str:
    if lines is None:
        return "changed, too long to show"
    counts = Counter(line.change for line in lines)
    added, removed = counts[Change.ADDED], counts[Change.REMOVED]
    if not added and not removed:
        return "yours: other line ends"
    return f"yours: {added} added, {removed} removed"


def _line(line: DiffLine) -> HangingContent:
    mark = _MARKS[line.change]
    printable = "".join(
        character if character.isprintable() else "·" for character in line.text.expandtabs(4)
    )
    colour = mark.colour if line.change is not Change.SAME else ""
    return HangingContent(Content.styled(f"{mark.symbol} ", colour), Content.styled(printable, colour))
