"""Shows a verification's progress: a live display on a terminal, else a line for each finished lab."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TextIO

from runner.lab.model.workshop import Lab
from runner.report.text import lab_details, lab_line
from runner.verify.job import Unreadable
from runner.verify.run import Event, LabFinished


class Report(Protocol):
    """Shows the progress of a verification."""

    def note(self, text: str) -> None:
        """Show what is being prepared."""

    def event(self, event: Event) -> None:
        """Show an event."""


@contextmanager
def follow(labs: Sequence[Lab | Unreadable], out: TextIO) -> Iterator[Report]:
    """Open the report that suits `out`; its lines on finished labs stay when the block is left."""
    if not out.isatty():
        yield _Lines(labs, out)
        return
    from rich.console import Console  # noqa: PLC0415 - slow to import, and for terminals only

    from runner.report.live import LiveReport  # noqa: PLC0415 - as above

    live = LiveReport(labs, Console(file=out))
    with live.shown():
        yield live


class _Lines:
    def __init__(self, labs: Sequence[Lab | Unreadable], out: TextIO) -> None:
        self._width = max((len(lab.id) for lab in labs), default=0)
        self._out = out

    def note(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def event(self, event: Event) -> None:
        if isinstance(event, LabFinished):
            print(
                lab_line(event.result, self._width),
                *lab_details(event.result),
                sep="\n",
                file=self._out,
                flush=True,
            )
