"""The learner's notes."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import TextArea

from runner.language import tr
from runner.tui.boxed import BoxedScreen
from runner.tui.widgets.save_line import SaveLine

if TYPE_CHECKING:
    from textual.timer import Timer

    from runner.tui.lab.record import LabRecord

KEEP_SECONDS = 1.0
"""The most seconds that typed text stays in the screen alone."""


def notes_on(record: "LabRecord") -> "NotesScreen":
    """The notes on a lab, kept in its record."""
    lab, workshop = record.lab, record.workshop
    # The sandbox is both.
    name = "-".join(dict.fromkeys([workshop.id, lab.id]))
    return NotesScreen(lab.title, f"{name}-notes.md", record.state.notes, record.keep_notes)


class NotesScreen(BoxedScreen[None]):
    """Notes on a lab, kept by themselves: `keep` is called with the text as it changes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close"),
        Binding("ctrl+s", "export", "Write the notes to a file"),
    ]
    DEFAULT_CSS = """
    NotesScreen {
        #box { height: 80%; }
        TextArea, TextArea:focus { height: 1fr; border: none; padding: 0; background: $surface; }
        SaveLine { margin: 0; }
    }
    """

    def __init__(self, title: str, name: str, text: str, keep: Callable[[str], None]) -> None:
        """`name` is the proposed file for them."""
        super().__init__()
        self._title = title
        self._file = name
        self._kept = text
        self._keep = keep
        self._later: Timer | None = None
        # At hand also while the screen goes, since the last keys are kept then.
        self._area = TextArea(text, soft_wrap=True, tab_behavior="focus")

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = Content(tr("Notes: {title}", title=self._title))
            box.border_subtitle = tr("kept as you type · Ctrl+S writes a file · Esc closes")
            yield self._area
            yield SaveLine()

    def on_mount(self) -> None:
        self._area.focus()
        self._area.move_cursor(self._area.document.end)

    @on(TextArea.Changed)
    def _changed(self) -> None:
        if self._later is None:
            self._later = self.set_timer(KEEP_SECONDS, self._keep_now, name="notes")

    def _keep_now(self) -> None:
        self._later = None
        if self._area.text != self._kept:
            self._kept = self._area.text
            self._keep(self._kept)

    def on_unmount(self) -> None:
        self._keep_now()

    def action_close(self) -> None:
        """Go back."""
        self._keep_now()
        self.dismiss()

    def action_export(self) -> None:
        """Write the notes to a file."""
        title = self._title
        self.query_one(SaveLine).ask(self._file, lambda _: f"# {title}\n\n{self._area.text.strip()}\n")
