"""A lab's session: opened in the background, and reopened when its engine is lost."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from runner.errors import EngineError, WorkshopError, told
from runner.language import tr
from runner.tui.jobs import Jobs, in_thread
from runner.tui.lab.record import LabRecord
from runner.tui.shared_engine import SharedEngine

if TYPE_CHECKING:
    from runner.engine.api import Loss
    from runner.lab.model.workshop import Step
    from runner.learner.session.session import LearnerSession
    from runner.tui.lab.view import LabView

WATCH_SECONDS = 2.0
"""Seconds between two checks that the engine is still there."""
_AGAIN_SECONDS = 120.0
"""An engine that is lost within so many seconds of its start is restarted only if the learner agrees."""


class Enter(Protocol):
    """Makes a new session enter the current step."""

    def __call__(self, session: "LearnerSession") -> Awaitable[None]: ...


class Opening:
    """Opens the session, monitors its engine, and asks the learner how to go on without one.

    Lives in the app's thread; `jobs` runs calls that may wait. `step` returns the current step, `enter` continues with
    a new session, and `lost` is called with one whose engine is gone.
    """

    def __init__(
        self,
        *,
        record: LabRecord,
        shared_engine: SharedEngine,
        view: "LabView",
        jobs: Jobs,
        step: Callable[[], "Step"],
        enter: Enter,
        lost: Callable[["LearnerSession"], None],
    ) -> None:
        self._record = record
        self._shared_engine = shared_engine
        self._view = view
        self._jobs = jobs
        self._step = step
        self._enter = enter
        self._lost = lost
        self._asking = False
        self._lost_at = float("-inf")
        self.session: LearnerSession | None = None
        self.under_way = True
        """True while an engine is being looked for."""
        self.left = False
        """True once the learner has left the lab."""
        self._handing_over = threading.Lock()
        self._opened: LearnerSession | None = None
        """The session to be closed when the learner leaves; `session` is the same, once it has been entered."""

    def ready(self) -> "LearnerSession | None":
        """The session; without one, the learner is told to wait, or the search for an engine is repeated."""
        if self.session is None and self.under_way:
            self._view.say(tr("There is no terminal yet."), severity="warning")
        elif self.session is None and not self._asking:
            self.open()
        return self.session

    def open(self) -> None:
        """Look for an engine, open a session on it, and enter the current step."""
        # At once, so that no second call opens it too.
        self.under_way = True
        self._view.beside(self._open)

    def leave(self) -> bool:
        """Close the session, and stop its work; False if that was done already."""
        if self.left:
            return False
        with self._handing_over:
            self.left = True
            session, self._opened = self._opened, None
        self.session = None
        if session is not None:
            self._shared_engine.leave_beside(session)
        return True

    async def _open(self) -> None:
        self._view.show_waiting(tr("Looking for a container engine …"))
        self._view.show_doing(tr("looking for an engine"))
        try:
            try:
                session = await self._jobs.run(self._open_session)
            finally:
                self.under_way = False
                self._view.show_doing("")
        except (WorkshopError, OSError) as error:
            await self._cannot_open(told(error))
            return
        if self.left:
            return
        self.session = session
        self._record.engine_back(self._step().id)
        self._view.beside(lambda: self._watch(session), only="watch")
        self._view.show_engine(session.engine)
        if session.workspace.shared:
            self._view.say(tr("This lab is open in another terminal too: both work on the same files."))
        if drafts := session.workspace.drafts.names:
            kept = tr("Not saved in the editor, and kept: {join}.", join=", ".join(drafts))
            self._view.say(kept, way_on=tr("`e` offers it again."), timeout=10)
        await self._enter(session)

    def _open_session(self) -> "LearnerSession":
        record = self._record
        return self._shared_engine.open(
            record.workshop, record.lab, self._view.tell, self._view.progress, self._take
        )

    def _take(self, session: "LearnerSession") -> bool:
        """Take the session, unless the learner has left meanwhile."""
        with self._handing_over:
            if self.left:
                return False
            self._opened = session
            return True

    async def _let_go(self) -> None:
        """Release the engine, which may take until it has ended."""
        self._view.show_doing(tr("letting go of the engine"))
        await self._jobs.run(self._shared_engine.lost)
        self._view.show_doing("")

    async def _watch(self, session: "LearnerSession") -> None:
        """Detect the loss of the engine, even while it is idle."""
        from runner.engine.api import EngineUnavailable

        while self.session is session:
            await asyncio.sleep(WATCH_SECONDS)
            try:
                await in_thread(session.ping)
            except EngineUnavailable as error:
                if self.session is session:
                    self.engine_lost(error)
            except (WorkshopError, OSError):
                # It is busy now; a caller that needs it gets the error.
                continue

    async def _cannot_open(self, error: WorkshopError) -> None:
        """Ask what to do without an engine; the lesson can be read anyway."""
        self._record.engine_trouble(self._step().id, str(error), lost=False)
        # Its module needs Docker, which the code that raised it has imported.
        from runner.engine.discovery import ConsentNeededError

        self._view.show_waiting(tr("No terminal: {error}", error=error))
        consent = isinstance(error, ConsentNeededError)
        self._asking = True
        try:
            again = await self._is_to_try_again(error, consent=consent)
            if again:
                self._shared_engine.agreed |= consent
                await self._let_go()
        finally:
            self._asking = False
        if again:
            self.open()
        else:
            self._view.show_no_terminal(tr("No terminal: {error}. t looks for an engine again.", error=error))

    async def _is_to_try_again(self, error: WorkshopError, *, consent: bool) -> bool:
        if consent:
            return await self._view.confirm(
                tr("Use this engine?"), str(error), yes=tr("Use it"), no=tr("Only read"), unasked=True
            )
        text = f"{error}\n\n{error.remedy}".strip()
        title = tr("There is no engine") if isinstance(error, EngineError) else tr("The lab cannot be opened")
        return await self._view.confirm(title, text, yes=tr("Try again"), no=tr("Only read"), unasked=True)

    def engine_lost(self, error: WorkshopError) -> None:
        """Handle the loss of the session's engine: report it, and look for one again if the learner wants that."""
        self._view.beside(lambda: self._engine_lost(error))

    async def _engine_lost(self, error: WorkshopError) -> None:
        session, self.session = self.session, None
        if self._asking or session is None:
            return
        self._asking = True
        self._opened = None
        self._lost(session)
        try:
            # Before the question: a learner who was typing into one goes on in the next that opens.
            await self._view.show_engine_lost()
            loss = await in_thread(session.loss)
            self._record.engine_trouble(self._step().id, loss.told or str(error), lost=True)
            again = await self._is_to_come_back(loss, error)
            # The next lab, or this one entered again, must not get the lost engine.
            await self._let_go()
        finally:
            self._asking = False
        if again:
            self.open()
        else:
            self._view.show_no_terminal(tr("No terminal: the engine went away. t looks for one again."))

    async def _is_to_come_back(self, loss: "Loss", error: WorkshopError) -> bool:
        """Report why the engine is gone.

        True if it is looked for at once, about which the learner is asked in doubt.
        """
        why = tr("The engine has ended: {why}.", why=loss.told) if loss.why else str(error)
        recent = time.monotonic() - self._lost_at < _AGAIN_SECONDS
        self._lost_at = time.monotonic()
        title = tr("The engine went away")
        # An engine that keeps ending would do so for ever, and one that was stopped was meant to be.
        if loss.why and not loss.wanted and not recent:
            text = "\n".join(filter(None, [why, loss.told_remedy, tr("It is started again.")]))
            self._view.say(text, title=title, severity="warning", timeout=20)
            return True
        text = tr(
            "{error}\n\nYour progress and your files are safe. The containers are gone; "
            "trying again launches those that ran, and those that this step needs.",
            error="\n".join(filter(None, [why, loss.told_remedy])),
        )
        return await self._view.confirm(title, text, yes=tr("Try again"), no=tr("Only read"), unasked=True)
