"""The end of a lab."""

import time
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Markdown, Static

from runner.files import replace_text
from runner.lab.model.workshop import Lab, Workshop
from runner.learner.summary import summary_markdown
from runner.paths import why
from runner.tui.record import LabRecord
from runner.tui.widgets.key_bar import KeyBar


class SummaryScreen(Screen[str]):
    """Says what was learnt and how it went; the result is `next`, `labs` or `back`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,enter", "dismiss('next')", "Next lab", key_display="n"),
        Binding("w", "write", "Write to a file"),
        Binding("b,escape", "dismiss('back')", "Back to the lab", key_display="b"),
        Binding("q", "dismiss('labs')", "Labs"),
    ]
    DEFAULT_CSS = """
    SummaryScreen {
        #verdict { padding: 1 3 0 3; text-style: bold; color: $success; }
        #verdict.-open { color: $warning; }
        VerticalScroll { padding: 0 3; height: 1fr; align-horizontal: left; }
        Markdown { max-width: 100; background: transparent; padding: 0; }
        MarkdownH1 { display: none; }
        Input { display: none; margin: 0 2; }
        Input.-asked { display: block; }
    }
    """

    def __init__(self, workshop: Workshop, lab: Lab, record: LabRecord, *, following: Lab | None) -> None:
        super().__init__()
        self._lab = lab
        self._following = following
        self._complete = record.complete
        self._text = summary_markdown(workshop, lab, record.state, seconds=record.seconds, now=time.time())

    def compose(self) -> ComposeResult:
        if self._complete:
            yield Static(f"✓ {self._lab.title}: done", id="verdict", markup=False)
        else:
            yield Static(
                f"○ {self._lab.title}: some checks are still open",
                id="verdict",
                classes="-open",
                markup=False,
            )
        with VerticalScroll():
            yield Markdown(_ticked(self._text), open_links=False)
        yield Input(f"seccomp-{self._lab.id}.md", placeholder="a file to write")
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "dismiss" and parameters == ("next",):
            return self._following is not None
        return super().check_action(action, parameters)

    def action_write(self) -> None:
        """Ask where to write the summary."""
        asked = self.query_one(Input)
        asked.add_class("-asked")
        asked.focus()

    @on(Input.Submitted)
    def _write(self, event: Input.Submitted) -> None:
        try:
            path = Path(event.value).expanduser().absolute()
            replace_text(path, self._text)
        except (OSError, ValueError, RuntimeError) as error:
            reason = why(error) if isinstance(error, OSError | ValueError) else str(error)
            self.notify(f"cannot write {event.value}: {reason}", severity="error", markup=False)
            return
        event.input.remove_class("-asked")
        self.query_one(VerticalScroll).focus()
        self.notify(f"Written to {path}", markup=False)


def _ticked(text: str) -> str:
    """With the app's own symbols for the boxes of a file."""
    return text.replace("- [x] ", "- ✓ ").replace("- [ ] ", "- ○ ")
