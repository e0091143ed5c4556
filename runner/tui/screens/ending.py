"""The end of a workshop."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from runner.language import tr
from runner.learner.home import learner_name
from runner.learner.progress.certificate import certificate_markdown, certificate_svg
from runner.learner.progress.standing import WorkshopStanding
from runner.learner.progress.summary import duration, notes_markdown
from runner.tui import marks
from runner.tui.messages import SandboxAsked
from runner.tui.widgets.key_bar import KeyBar
from runner.tui.widgets.lesson.hanging import HangingContent
from runner.tui.widgets.lesson.table import TableContent
from runner.tui.widgets.save_line import SaveLine

_NEXT = (
    ("workshop profile lint FILE", "finds the traps of your own profiles"),
    ("workshop profile explain FILE CALL", "says what a profile decides for a call, and by which line"),
    ("workshop profile diff default FILE", "compares a profile with Docker's, by meaning"),
    ("workshop profile import LOG", "makes a profile of what a program was seen to call"),
    ("workshop new FOLDER", "begins a workshop of your own"),
)


class EndingScreen(Screen[None]):
    """Shows the results of all labs and what comes next; writes a certificate."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "certificate", "Certificate"),
        Binding("N", "notes", "Notes"),
        Binding("b", "sandbox", "Sandbox"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
        Binding("escape,q", "back", "Back", key_display="q"),
    ]
    DEFAULT_CSS = """
    EndingScreen {
        #verdict { padding: 1 3 0 3; text-style: bold; color: $success; }
        #verdict.-open { color: $warning; }
        VerticalScroll { padding: 1 3 0 3; height: 1fr; }
        .part { margin-bottom: 1; max-width: 100; }
        .heading { color: $primary; text-style: bold; }
        #name { display: none; margin: 0 2; }
        #name.-asked { display: block; }
    }
    """

    def __init__(self, standing: WorkshopStanding) -> None:
        super().__init__()
        self._standing = standing

    def compose(self) -> ComposeResult:
        standing, title = self._standing, self._standing.workshop.title
        if standing.complete:
            yield Static(
                tr("{symbol} {title}: done", symbol=marks.LAB_DONE.symbol, title=title),
                id="verdict",
                markup=False,
            )
        else:
            far = tr(
                "{symbol} {title}: {done} of {number} labs done",
                symbol=marks.LAB_BEGUN.symbol,
                title=title,
                done=standing.done,
                number=len(standing.labs),
            )
            yield Static(far, id="verdict", classes="-open", markup=False)
        with VerticalScroll():
            yield Static(tr("What you did"), classes="heading")
            yield Static(_table(standing), classes="part")
            yield Static(tr("What next"), classes="heading")
            for mark, text in _ways_on(standing):
                yield Static(HangingContent(mark, text))
        yield Input(placeholder=tr("the name that it is for"), id="name")
        yield SaveLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "notes":
            return bool(notes_markdown(self._standing))
        return super().check_action(action, parameters)

    def action_certificate(self) -> None:
        """Write a certificate, as a picture or as text."""
        name = self.query_one("#name", Input)
        name.value = name.value or learner_name()
        name.add_class("-asked")
        name.border_title = tr("The name on it: Enter goes on to the file")
        name.focus()

    @on(Input.Submitted, "#name")
    def _named(self, event: Input.Submitted) -> None:
        event.stop()
        event.input.remove_class("-asked")
        name = event.value.strip() or learner_name()

        def content(path: Path) -> str:
            write = certificate_svg if path.suffix.lower() == ".svg" else certificate_markdown
            return write(self._standing, name, now=time.time())

        # At once, so that it has the focus after the file is written.
        self.set_focus(self.query_one(VerticalScroll))
        line = self.query_one(SaveLine)
        line.ask(f"{self._standing.workshop.id}-certificate.svg", content)
        line.border_title = tr("The file, .svg or .md: Enter writes it, Esc doesn't")

    def action_back(self) -> None:
        """Go back; from the name, to what you did."""
        name = self.query_one("#name", Input)
        if name.has_class("-asked"):
            name.remove_class("-asked")
            self.query_one(VerticalScroll).focus()
        else:
            self.dismiss()

    def action_notes(self) -> None:
        """Write all your notes to a file."""
        text = notes_markdown(self._standing)
        self.query_one(SaveLine).ask(f"{self._standing.workshop.id}-notes.md", lambda _: text)

    def action_sandbox(self) -> None:
        """Open the sandbox: containers under any profile."""
        self.post_message(SandboxAsked())


def _table(standing: WorkshopStanding) -> TableContent:
    head = ["", tr("checks"), tr("time"), tr("hints"), tr("solved for you")]
    rows = [[Content.styled(cell, "bold") for cell in head]]
    for lab in standing.labs:
        mark = marks.LAB_DONE if lab.done else marks.LAB_BEGUN if lab.state.begun else marks.LAB_NEW
        title = Content.assemble((f"{mark.symbol} ", mark.colour), lab.lab.title)
        spent = duration(lab.state.seconds) if lab.state.begun else "-"
        cells = [f"{lab.passed}/{lab.checks}", spent, str(lab.state.hints), ", ".join(lab.helped) or "-"]
        rows.append([title, *(Content(cell) for cell in cells)])
    total = [
        tr("all"),
        f"{standing.passed}/{standing.checks}",
        duration(standing.seconds),
        str(standing.hints),
        str(standing.helped or "-"),
    ]
    rows.append([Content.styled(cell, "bold") for cell in total])
    return TableContent(rows)


def _ways_on(standing: WorkshopStanding) -> Iterator[tuple[Content, Content]]:
    dot = Content("• ")
    for lab in standing.labs:
        if not lab.done:
            left = lab.checks - lab.passed
            yield (
                dot,
                Content(tr("{title} is still open: {left} of its checks.", title=lab.lab.title, left=left)),
            )
    yield dot, Content(tr("b opens the sandbox: containers under any profile, without a task."))
    yield dot, Content(tr("w writes a certificate to keep."))
    for command, does in _NEXT:
        yield dot, Content.assemble((command, "$text-warning on $warning 10%"), f" {tr(does)}.")
    yield (
        dot,
        Content(tr("man 2 seccomp, and https://docs.docker.com/engine/security/seccomp/, have it all.")),
    )
