"""A verification's progress on a terminal: finished labs scroll by, running ones are shown below them."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from runner.errors import harmless
from runner.lab.model.workshop import Lab
from runner.report.text import MARKS, lab_details, lab_line
from runner.verify.job import Unreadable
from runner.verify.lab import CheckProved, StepStarted
from runner.verify.result import OutcomeKind
from runner.verify.run import Event, LabFinished, LabStarted

if TYPE_CHECKING:
    from pathlib import Path

_STYLES = {
    OutcomeKind.PASSED: "green",
    OutcomeKind.FAILED: "bold red",
    OutcomeKind.ERROR: "bold red",
    OutcomeKind.BROKEN: "bold yellow",
    OutcomeKind.SKIPPED: "dim",
}


_SECONDS_BETWEEN = 1 / 12


@dataclass
class _Running:
    name: str
    began: float = field(default_factory=time.monotonic)
    spinner: Spinner = field(default_factory=lambda: Spinner("dots"))
    step: str = ""
    proved: int = 0


class LiveReport:
    """Shows the progress of a verification on a terminal; all that it shows of a lab is also in the plain report."""

    def __init__(self, labs: Sequence[Lab | Unreadable], console: Console) -> None:
        self._width = max((len(lab.id) for lab in labs), default=0)
        self._running: dict[Path, _Running] = {}
        self._note = ""
        self._console = console
        # Not refreshed by itself: Live would do that between finding the position of a line and writing it
        # there.
        self._live = Live(get_renderable=self._render, console=console, transient=True, auto_refresh=False)
        self._one_at_a_time = threading.Lock()

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Keep the display up to date until the block ends, and leave only the finished lines behind."""
        over = threading.Event()

        def keep_up() -> None:
            while not over.wait(_SECONDS_BETWEEN):
                self.refresh()

        with self._live:
            refreshing = threading.Thread(target=keep_up, daemon=True)
            refreshing.start()
            try:
                yield
            finally:
                over.set()
                refreshing.join()

    def refresh(self) -> None:
        """Show the current state."""
        with self._one_at_a_time:
            self._live.refresh()

    def note(self, text: str) -> None:
        """Show what is being prepared."""
        self._note = text

    def event(self, event: Event) -> None:
        """Show an event; may be called from any thread."""
        with self._one_at_a_time:
            self._heard(event)

    def _heard(self, event: Event) -> None:
        self._note = ""
        match event:
            case LabStarted(lab):
                self._running[lab.path] = _Running(lab.id)
            case StepStarted(lab, step):
                self._running[lab.path].step = harmless(step.title)
            case CheckProved(lab, _check, _result):
                self._running[lab.path].proved += 1
            case LabFinished(lab, result):
                self._running.pop(lab.path, None)
                line = Text(lab_line(result, self._width))
                line.stylize(_STYLES[result.kind], 0, len(MARKS[result.kind]))
                self._console.print(
                    line, *lab_details(result), sep="\n", markup=False, highlight=False, soft_wrap=True
                )

    def _render(self) -> RenderableType:
        rows: list[RenderableType] = [Text(self._note, style="dim")] if self._note else []
        for running in self._running.values():
            seconds = time.monotonic() - running.began
            running.spinner.update(
                text=Text(f"{running.name:<{self._width}}  {seconds:4.0f} s  {running.step}")
            )
            rows.append(running.spinner)
        return Group(*rows)
