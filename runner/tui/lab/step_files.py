"""The files of the current step: put into the workspace, shown beside the text, and there again after a loss."""

import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from runner.errors import WorkshopError, told
from runner.lab.model.workshop import HOST, Step
from runner.language import tr
from runner.tui.jobs import in_thread

if TYPE_CHECKING:
    from runner.learner.session.session import LearnerSession
    from runner.tui.lab.view import LabView


class Ask(Protocol):
    """Runs a call that may wait, one at a time; what it is doing is shown, and a failure too."""

    def __call__(self, doing: str, call: Callable[[], None], /) -> Awaitable[object]: ...


class StepFiles:
    """Lives in the app's thread; calls that may wait run in others.

    `session` and `step` return the current ones, and `failed` shows an error.
    """

    def __init__(
        self,
        *,
        session: Callable[[], "LearnerSession | None"],
        step: Callable[[], Step],
        view: "LabView",
        ask: Ask,
        failed: Callable[[WorkshopError], None],
    ) -> None:
        self._session = session
        self._step = step
        self._view = view
        self._ask = ask
        self._failed = failed
        self._begun: set[str] = set()
        """The steps that were begun, and whose files were not put in place since."""

    def begin(self, step: Step) -> None:
        """Note that the learner is in a step for the first time; there may be no session yet."""
        self._begun.add(step.id)

    def place(self, session: "LearnerSession", *, fresh: bool = False) -> bool:
        """Put the step's files into the workspace before any slow work: the editor may be opened next.

        They are the lesson's versions if the step was just begun or is to be `fresh`, else the learner's stay. Returns
        False if that failed, which is shown.
        """
        step = self._step()
        try:
            session.place_files(step, fresh=fresh or step.id in self._begun)
        except (WorkshopError, OSError) as error:
            self._failed(told(error))
            return False
        self._begun.discard(step.id)
        return True

    def look(self) -> None:
        """Refresh their display."""
        if self._step().files:
            self._view.beside(self._show, only="files")

    async def _show(self) -> None:
        session, step = self._session(), self._step()
        if session is not None:
            from runner.learner.lesson_files import lesson_files

            texts = await in_thread(lambda: lesson_files(session.workspace, step))
            if self._step() is step:
                self._view.show_files(texts)

    @property
    def gone(self) -> bool:
        """True if somebody has removed the workspace."""
        session = self._session()
        return session is not None and not os.path.isdir(session.workspace.root)  # noqa: PTH112 - it raises nothing

    def keep(self) -> None:
        """Have a workspace that was removed there again at once, and the shells in it soon."""
        session = self._session()
        if session is not None and self.gone and self.place(session):
            self._view.beside(self.reopen_shells, only="workspace")

    async def reopen_shells(self) -> None:
        """Open the shells of a workspace that was removed in the one that is made anew."""
        session = self._session()
        if session is not None:
            await self._ask(tr("preparing the step"), lambda: session.show(HOST))
            await self._view.told()
