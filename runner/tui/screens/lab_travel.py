"""The lab screen as far as one goes through the lab: from step to step, back to a beginning, and out."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from textual import on

from runner.lab.model.workshop import Lab, Workshop
from runner.learner.events import Kind
from runner.learner.journal import Journal
from runner.tui import messages
from runner.tui.screens.lab_base import LabBase
from runner.tui.shared_engine import SharedEngine

if TYPE_CHECKING:
    from runner.learner.session import LearnerSession

_Result = TypeVar("_Result")


class LabTravel(LabBase):
    """Goes to other steps, begins a step or the lab again, and ends the lab; one thing after another."""

    def __init__(self, workshop: Workshop, lab: Lab, journal: Journal, room: SharedEngine) -> None:
        super().__init__(workshop, lab, journal, room)
        self._acting = asyncio.Lock()
        self._at_rest = asyncio.Event()

    def on_unmount(self) -> None:
        # What has not begun yet is cancelled with the screen.
        self._at_rest.set()

    async def _act(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do what the learner asked for, once what they asked for before is done.

        Waits for that as far as it goes at once; what has to wait for the engine or for its turn goes on beside.
        """
        at_rest = self._at_rest = asyncio.Event()

        async def in_turn() -> None:
            try:
                async with self._acting:
                    await act()
            finally:
                at_rest.set()

        if self._acting.locked():
            at_rest.set()
        self.run_worker(in_turn())
        await at_rest.wait()

    async def _ask(self, doing: str, call: Callable[[], _Result]) -> _Result | None:
        self._at_rest.set()
        return await super()._ask(doing, call)

    async def action_next(self) -> None:
        """Go to the next step; after the last one, to the summary."""
        await self._act(lambda: self._go(+1))

    @on(messages.NextAsked)
    async def _next_asked(self) -> None:
        await self.action_next()

    async def action_previous(self) -> None:
        """Go to the step before."""
        await self._act(lambda: self._go(-1))

    async def _go(self, by: int) -> None:
        place = self._lab.steps.index(self._step) + by
        if place < 0:
            self.notify("This is the first step.")
        elif place >= len(self._lab.steps):
            self._finish()
        else:
            await self._go_to(place)

    async def _go_to(self, place: int) -> None:
        self._step = self._lab.steps[place]
        fresh = not self._record.entered(self._step)
        await self._show_step()
        if self._session is not None:
            await self._enter(self._session, fresh=fresh)

    def _finish(self) -> None:
        if self._record.complete and not self._record.state.finished:
            self._note(Kind.FINISHED)
        labs = self._workshop.labs
        following = next(iter(labs[labs.index(self._lab) + 1 :]), None)
        from runner.tui.screens.summary import SummaryScreen

        def chosen(wish: str | None) -> None:
            if wish != "back":
                self._leave(following if wish == "next" else None)

        self.app.push_screen(
            SummaryScreen(self._workshop, self._lab, self._record, following=following), chosen
        )

    def action_leave(self) -> None:
        """Go back to the list of labs."""
        self._leave(None)

    def _leave(self, following: Lab | None) -> None:
        if self._leaving:
            return
        self._leaving = True
        session, self._session = self._session, None
        if session is not None:
            # It also ends what is at work for the session.
            self._room.leave_beside(session)
        self.dismiss(following)

    def action_reset_step(self) -> None:
        """Begin the step again."""
        self._ask_first(
            "Begin this step again?",
            "Its files go back to how the lesson has them, its containers and your shell start afresh, "
            "and its checks are open again.",
            self._reset_step,
        )

    def _ask_first(self, title: str, text: str, act: Callable[["LearnerSession"], Awaitable[None]]) -> None:
        from runner.tui.screens.question import Question

        session = self._ready()
        if session is None:
            return

        async def answered(yes: bool | None) -> None:
            if yes:
                await self._act(lambda: act(session))

        self.app.push_screen(Question(title, text, yes="Begin again", no="Keep it"), answered)

    async def _reset_step(self, session: "LearnerSession") -> None:
        self._note(Kind.STEP_RESET, self._step.id)
        known = self._record.solutions_known
        self._place_files(session, fresh=True)
        await self._ask("resetting the step", lambda: session.reset_step(done=known))
        await self._show_step()

    def action_reset_lab(self) -> None:
        """Begin the lab again."""
        self._ask_first(
            "Begin this lab again?",
            "All its steps are open again, its containers go, and the workspace is as it was at the "
            "beginning. Your files are moved aside, not deleted.",
            self._reset_lab,
        )

    async def _reset_lab(self, session: "LearnerSession") -> None:
        kept = await self._ask("resetting the lab", session.reset_lab)
        if kept is not None:
            self._note(Kind.LAB_RESET)
            self.notify(f"Your files of before are in {kept}", timeout=10, markup=False)
            await self._go_to(0)
