"""The lab screen as far as one goes through the lab: from step to step, back to a beginning, and out."""

import asyncio
from collections.abc import Awaitable, Callable

from textual import on, work

from runner.lab.model import Lab, Workshop
from runner.session.events import Kind
from runner.session.journal import Journal
from runner.tui import messages
from runner.tui.engine_room import EngineRoom
from runner.tui.jobs import Jobs
from runner.tui.screens.lab_base import LabBase
from runner.tui.screens.question import Question


class LabTravel(LabBase):
    """Goes to other steps, begins a step or the lab again, and ends the lab; one thing after another."""

    def __init__(self, workshop: Workshop, lab: Lab, journal: Journal, room: EngineRoom) -> None:
        super().__init__(workshop, lab, journal, room)
        self._acting = asyncio.Lock()

    @work
    async def _act(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do what the learner asked for, once what they asked for before is done."""
        async with self._acting:
            await act()

    def action_next(self) -> None:
        """Go to the next step; after the last one, to the summary."""
        self._act(lambda: self._go(+1))

    @on(messages.NextAsked)
    def _next_asked(self) -> None:
        self.action_next()

    def action_previous(self) -> None:
        """Go to the step before."""
        self._act(lambda: self._go(-1))

    async def _go(self, by: int) -> None:
        place = self._lab.steps.index(self._step) + by
        if place < 0:
            self.notify("This is the first step.")
        elif place >= len(self._lab.steps):
            await self._finish()
        else:
            await self._go_to(place)

    async def _go_to(self, place: int) -> None:
        self._step = self._lab.steps[place]
        fresh = not self._record.entered(self._step)
        await self._show_step()
        if self._session is not None:
            await self._enter(self._session, fresh=fresh)

    async def _finish(self) -> None:
        if self._record.complete and not self._record.state.finished:
            self._note(Kind.FINISHED)
        labs = self._workshop.labs
        following = next(iter(labs[labs.index(self._lab) + 1 :]), None)
        from runner.tui.screens.summary import SummaryScreen  # noqa: PLC0415 (the first paint does not need it)

        wish = await self.app.push_screen_wait(
            SummaryScreen(self._workshop, self._lab, self._record, following=following)
        )
        if wish != "back":
            await self._leave(following if wish == "next" else None)

    @work
    async def action_leave(self) -> None:
        """Go back to the list of labs."""
        await self._leave(None)

    async def _leave(self, following: Lab | None) -> None:
        if self._leaving:
            return
        self._leaving = True
        session, self._session = self._session, None
        if session is not None:
            self._status.busy = "cleaning up"
            # Not in turn: it ends what is at work for the session as well.
            await Jobs().run(lambda: self._room.leave(session))
        self.dismiss(following)

    def action_reset_step(self) -> None:
        """Begin the step again."""
        self._act(self._reset_step)

    async def _reset_step(self) -> None:
        session = self._ready()
        if session is None or not await self.app.push_screen_wait(
            Question(
                "Begin this step again?",
                "Its files go back to how the lesson has them, its containers and your shell start afresh, "
                "and its checks are open again.",
                yes="Begin again",
                no="Keep it",
            )
        ):
            return
        self._note(Kind.STEP_RESET, self._step.id)
        known = self._record.solutions_known
        await self._ask("resetting the step", lambda: session.reset_step(done=known))
        await self._show_step()

    def action_reset_lab(self) -> None:
        """Begin the lab again."""
        self._act(self._reset_lab)

    async def _reset_lab(self) -> None:
        session = self._ready()
        if session is None or not await self.app.push_screen_wait(
            Question(
                "Begin this lab again?",
                "All its steps are open again, its containers go, and the workspace is as it was at the "
                "beginning. Your files are moved aside, not deleted.",
                yes="Begin again",
                no="Keep it",
            )
        ):
            return
        kept = await self._ask("resetting the lab", session.reset_lab)
        if kept is not None:
            self._note(Kind.LAB_RESET)
            self.notify(f"Your files of before are in {kept}", timeout=10, markup=False)
            await self._go_to(0)
