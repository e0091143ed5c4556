"""The instructor's screen as an app."""

import time
from collections.abc import Callable
from pathlib import Path

from runner.files import replace_text
from runner.instructor.board import BoardScreen
from runner.instructor.notes import PrivateNotes
from runner.lab.model.workshop import Workshop
from runner.language import tr
from runner.record.store import EventStore
from runner.report.course.html import course_html
from runner.report.course.tables import course_csv
from runner.teaching.control import ClassControl
from runner.teaching.standing import Standing
from runner.tui.internals.key_order import KeyOrderApp
from runner.tui.themes import DARK, THEMES


class InstructorApp(KeyOrderApp):
    """Shows a running class from its `store`, and sends the instructor's orders through `control`.

    Leaving the app ends nothing; `written` is the report's path once the instructor has ended the class.
    """

    TITLE = "workshop classroom"
    ENABLE_COMMAND_PALETTE = False
    DEFAULT_CSS = """
    InstructorApp {
        ToastRack { dock: top; margin: 1 1 0 0; max-height: 50%; }
        Toast { width: auto; max-width: 60; padding: 0 1; background: $panel; }
    }
    """

    def __init__(
        self,
        *,
        control: ClassControl,
        store: EventStore,
        workshop: Workshop,
        folder: Path,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`folder` is the instructor's own: their notes and the report are written there."""
        super().__init__()
        self._control = control
        self._workshop = workshop
        self._folder = folder
        self._standing = Standing(store, workshop, clock=clock)
        self._notes = PrivateNotes(folder / "notes.json")
        self.written = ""
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name

    def on_mount(self) -> None:
        self.push_screen(BoardScreen(self._control, self._standing, self._notes, self._write_report))

    def _write_report(self) -> None:
        """Write the report beside the notes.

        Raises:
            OSError: the report cannot be written.
        """
        self._standing.refresh(self._control.status())
        report = self._standing.report()
        stem = self._folder / f"report-{time.strftime('%Y-%m-%d-%H%M')}"
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        title = f"{self._workshop.title}, {time.strftime('%Y-%m-%d')}"
        page, table = stem.with_suffix(".html"), stem.with_suffix(".csv")
        replace_text(page, course_html(report, title))
        replace_text(table, course_csv(report))
        self.written = tr("the report is in {page} and {table}", page=page, table=table)
