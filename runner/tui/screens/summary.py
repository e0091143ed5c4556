"""The end of a lab."""

import time
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Markdown, Static

from runner.lab.model.workshop import Lab, Workshop
from runner.language import tr
from runner.learner.progress.summary import summary_markdown
from runner.tui.gated import Gated
from runner.tui.lab.record import LabRecord
from runner.tui.widgets.key_bar import KeyBar
from runner.tui.widgets.save_line import SaveLine


class SummaryScreen(Gated, Screen[str]):
    """Shows the lab's lessons and results; the screen's result is `next`, `labs` or `back`.

    `late`: the learner may be typing when it comes up.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,enter,space", "next", "Next lab", key_display="n"),
        Binding("n,enter,space", "ending", "How it all went", key_display="n"),
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
    }
    """

    def __init__(
        self, workshop: Workshop, lab: Lab, record: LabRecord, *, following: Lab | None, late: bool = False
    ) -> None:
        super().__init__()
        # One of these has led here, as a rule.
        self.close_gate("n", "space", unasked=late)
        self._workshop = workshop
        self._lab = lab
        self._following = following
        self._record = record
        self._complete = record.complete
        self._text = summary_markdown(workshop, lab, record.state, seconds=record.seconds, now=time.time())

    def compose(self) -> ComposeResult:
        if self._complete:
            yield Static(tr("✓ {title}: done", title=self._lab.title), id="verdict", markup=False)
        else:
            yield Static(
                tr("○ {title}: some checks are still open", title=self._lab.title),
                id="verdict",
                classes="-open",
                markup=False,
            )
        with VerticalScroll():
            yield Markdown(_ticked(self._text), open_links=False)
        yield SaveLine()
        yield KeyBar()

    def say_too_soon(self) -> None:
        self.notify(tr("That key came too soon for this page: pause, then press it"))

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"next", "ending"}:
            return (self._following is None) == (action == "ending")
        return super().check_action(action, parameters)

    def action_next(self) -> None:
        """Go on to the next lab."""
        self.dismiss("next")

    def action_ending(self) -> None:
        """After the last lab: see what you did in all labs."""
        from runner.tui.screens.ending import EndingScreen

        self.app.push_screen(EndingScreen(self._record.standing), lambda _: self.dismiss("labs"))

    def action_write(self) -> None:
        """Write this to a file."""
        self.query_one(SaveLine).ask(f"{self._workshop.id}-{self._lab.id}.md", lambda _: self._text)


def _ticked(text: str) -> str:
    """The text with the app's own symbols for the check boxes of a file."""
    return text.replace("- [x] ", "- ✓ ").replace("- [ ] ", "- ○ ")
