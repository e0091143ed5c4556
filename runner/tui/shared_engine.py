"""The engine that the app's labs share, opened when the first of them needs it."""

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from runner.errors import WorkshopError
from runner.lab.model.workshop import Lab, Workshop
from runner.language import tr
from runner.pace import MACHINE

if TYPE_CHECKING:
    from runner.engine.api import Engine
    from runner.learner.session.events import SessionEvent
    from runner.learner.session.session import LearnerSession


PATIENCE = 1.0
"""Seconds to wait for an engine or a session that is being opened, when the program ends."""


class OpenEngine(Protocol):
    """Opens the engine that the user chose; `agreed` once they have agreed to one that does not isolate."""

    def __call__(self, progress: Callable[[str], None], *, agreed: bool) -> "Engine": ...


class SharedEngine:
    """Opens the engine and sessions on it. Every call may wait: make it from a worker."""

    def __init__(self, open_engine: OpenEngine, lab_folder: Callable[[Workshop, Lab], Path]) -> None:
        self._open_engine = open_engine
        self._lab_folder = lab_folder
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._engine: Engine | None = None
        self._sessions: set[LearnerSession] = set()
        self._going: list[threading.Thread] = []
        self._closed = False
        self.agreed = False
        """True if the user has agreed to an engine that does not isolate containers."""

    def engine(self, progress: Callable[[str], None]) -> "Engine":
        """The engine, opened now if it is not yet.

        Raises:
            EngineError: there is none; ConsentNeededError if there is one once `agreed` is set.
        """
        with self._lock:
            if self._engine is None:
                self._engine = self._open_engine(progress, agreed=self.agreed)
            return self._engine

    def open(
        self,
        workshop: Workshop,
        lab: Lab,
        tell: Callable[["SessionEvent"], None],
        progress: Callable[[str], None],
        take: Callable[["LearnerSession"], bool] = lambda _: True,
    ) -> "LearnerSession":
        """A session in a lab; it is ended at once if `take` returns that it is no longer wanted.

        Raises:
            WorkshopError: there is no engine, or no workspace, or the program is ending.
        """
        # Docker and pexpect are slow to import, and the first paint does not need them.
        from runner.learner.session.session import LearnerSession

        engine = self.engine(progress)
        folder = self._lab_folder(workshop, lab)
        # One after another: a lab that was left while it was being opened is free when it is entered again.
        with self._opening:
            if self._closed:
                raise WorkshopError(tr("The workshop is being left."))
            self._see_off()
            session = LearnerSession(engine=engine, workshop=workshop, lab=lab, folder=folder, tell=tell)
            self._sessions.add(session)
            if self._closed or not take(session):
                self.leave(session)
        return session

    def bring_profiles(self, workshops: Iterable[Workshop]) -> None:
        """Copy the learner's profiles from the labs into the sandbox."""
        from runner.content import PROFILES
        from runner.learner.sandbox import bring_profiles, sandbox

        labs = [(lab.id, self._lab_folder(workshop, lab)) for workshop in workshops for lab in workshop.labs]
        bring_profiles(labs, self._lab_folder(*sandbox(PROFILES)), PROFILES)

    def leave_beside(self, session: "LearnerSession") -> None:
        """End a session and everything it started, without waiting.

        The next one to open, and `close`, wait for that.
        """
        self._sessions.discard(session)
        going = threading.Thread(target=self.leave, args=(session,), name="leaving", daemon=True)
        self._going = [*(other for other in self._going if other.is_alive()), going]
        going.start()

    def leave(self, session: "LearnerSession") -> None:
        """End a session and everything it started."""
        self._sessions.discard(session)
        with suppress(WorkshopError, OSError):
            session.close()

    def lost(self) -> None:
        """Release an engine that is gone; the next call opens one anew."""
        # A call that is still opening an engine must not keep the program from ending; anything it starts goes with it.
        if self._lock.acquire(timeout=MACHINE.stretched(PATIENCE)):
            engine, self._engine = self._engine, None
            self._lock.release()
        else:
            engine = None
        for session in list(self._sessions):
            self.leave(session)
        self._see_off()
        if engine is not None:
            with suppress(WorkshopError, OSError):
                engine.close()

    def close(self) -> None:
        """End every session and release the engine; none opens any more."""
        self._closed = True
        # One that is just being opened has made files, and sees then that it is to end.
        if self._opening.acquire(timeout=MACHINE.stretched(PATIENCE)):
            self._opening.release()
        self.lost()

    def _see_off(self) -> None:
        """Wait for the sessions that are being left."""
        for going in tuple(self._going):
            going.join()
