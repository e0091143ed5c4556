"""A learner's progress, kept up to date and saved."""

import time
from collections.abc import Callable
from contextlib import suppress

from runner.errors import UsageError
from runner.learner.progress.state import LabState, Progress, apply, fold
from runner.record.event import Event, Happening
from runner.record.sqlite.store import SqliteStore


class Journal:
    """One learner's events: recorded in the log and folded into `progress`, by one thread.

    Whatever becomes of the log, `progress` has what is recorded; `trouble` says why that is not on disk.
    """

    def __init__(self, log: SqliteStore, learner: str, clock: Callable[[], float] = time.time) -> None:
        self._log = log
        self._learner = learner
        self._clock = clock
        self.told: Callable[[], None] = lambda: None
        """Called after an event is recorded."""
        self._refused = ""
        """The reason why the log takes nothing now: another version of the program has written it meanwhile."""
        self.progress: Progress = fold(log.events(learner))

    @property
    def learner(self) -> str:
        """The learner's name."""
        return self._learner

    @property
    def log(self) -> SqliteStore:
        """The log that it writes to."""
        return self._log

    @property
    def trouble(self) -> str:
        """The reason why progress is not on disk now; "" if it is."""
        return self._refused or self._log.trouble

    @property
    def unread(self) -> bool:
        """True if `progress` lacks the events on disk."""
        return self._log.unread

    @property
    def notice(self) -> str:
        """A message on a repaired problem with the log; "" if there was none."""
        return self._log.notice

    @property
    def unsaved(self) -> int:
        """The number of events not on disk."""
        return self._log.unwritten

    def lab(self, workshop: str, lab: str) -> LabState:
        """The learner's state in a lab."""
        return self.progress.lab(workshop, lab)

    def record(self, happening: Happening, workshop: str, lab: str, step: str = "") -> None:
        """Record a happening."""
        event = Event(
            learner=self._learner,
            workshop=workshop,
            lab=lab,
            step=step,
            time=self._clock(),
            happening=happening,
        )
        self.progress = apply(self.progress, event)
        try:
            self._log.append(event)
            if self._log.unread and not self._log.trouble:
                # Events that could not be read at the beginning can be now.
                self.progress = fold(self._log.events(self._learner))
        except UsageError as error:
            self._refused = str(error)
        else:
            self._refused = ""
        self.told()

    def catch_up(self) -> bool:
        """Take in what another program has recorded for this learner since; True if there is anything.

        While there is trouble, nothing is taken in: the events on disk are not all.
        """
        try:
            if self.trouble or not (self._log.changed() or self._log.unread):
                return False
            found = fold(self._log.events(self._learner))
        except UsageError:
            return False
        if self.trouble or self._log.unread or found == self.progress:
            return False
        self.progress = found
        return True

    def events(self) -> tuple[Event, ...]:
        """All recorded events of the learner that can be read."""
        try:
            return self._log.events(self._learner)
        except UsageError:
            return ()

    def forget(self) -> int:
        """Delete all recorded events of the learner; returns the number deleted.

        Raises:
            WorkshopError: they cannot be deleted now.
        """
        deleted = self._log.delete(self._learner)
        self.progress = fold(())
        return deleted

    def close(self) -> None:
        """Close the log."""
        with suppress(UsageError):
            self._log.close()
