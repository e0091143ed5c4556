"""A step's solution, carried out in the terminals for the learner to watch."""

from typing import TYPE_CHECKING

from runner.check.outcome import Broken, Errored, Failed, Passed
from runner.errors import EngineError, WorkshopError
from runner.lab.model.workshop import FileBlock
from runner.language import tr
from runner.record.event import StepSkipped, StepSolved
from runner.tui.lab.controller import LabController

if TYPE_CHECKING:
    from runner.check.outcome import Outcome
    from runner.learner.session.busy import ShellBusyError
    from runner.tui.lab.view import LabView

_FAILURE_SECONDS = 60.0
"""Seconds for which a failed solution is explained: the learner reads what was typed as well."""


class Solution:
    """Solves the current step, after asking."""

    def __init__(self, controller: LabController, view: "LabView") -> None:
        self._controller = controller
        self._view = view

    async def offer(self) -> None:
        """Ask whether the step is to be solved in the terminal, for the learner to watch."""
        if self._controller.ready() is None:
            return
        self._view.unsay()
        if self._controller.record.done(self._controller.step):
            title = tr("You have done this step. Solve it all the same?")
            text = tr(
                "You can still watch its solution: its commands are typed, and its files are written. "
                "Nothing changes in what counts as done."
            )
            no = tr("Leave it")
        else:
            title, text, no = tr("Solve this step?"), self._warning(), tr("Not yet")
        if await self._confirm(title, text, yes=tr("Solve it"), no=no, key="s"):
            await self.solve(StepSolved(), "s")

    def _warning(self) -> str:
        step = self._controller.step
        text = tr(
            "You can watch: its commands are typed, and its files are written. It then counts as solved for you."
        )
        left = len(step.hints) - self._controller.record.of(step).hints
        if left > 0:
            text += "\n\n" + tr(
                "Hints that you have not seen yet: {left}. In the lesson, h shows the next.", left=left
            )
        return text

    async def solve(self, happening: StepSolved | StepSkipped, key: str, *, end: bool = False) -> bool:
        """Solve the step; False if that failed: then it is left to the learner, and not counted as solved for them.

        `end` ends busy programs in the needed terminals; the learner is asked first, and `key` pressed again agrees.
        """
        session = self._controller.ready()
        if session is None:
            return False
        step = self._controller.step
        # What the learner has done is not solved for them.
        done = self._controller.record.done(step)

        def solve() -> "Outcome | ShellBusyError":
            from runner.learner.session.busy import ShellBusyError

            try:
                return session.solve(end=end)
            except ShellBusyError as busy:
                return busy

        solved = await self._controller.ask(tr("solving"), solve)
        # The checks' results are in the record before the summary, say, is made from it.
        await self._view.told()
        self._controller.files.look()
        match solved:
            case Passed():
                if not done:
                    self._controller.note(happening, step.id)
                self._say_what_was_written()
                return True
            case Failed(expected=expected, actual=actual):
                self._say_what_stopped_it(expected, actual)
            case Broken(reason, _) | Errored(reason, _):
                self._controller.failed(EngineError(reason))
            case WorkshopError() as busy:
                again = await self._confirm(
                    tr("A shell is busy"),
                    busy.sentences,
                    yes=tr("End it, and solve"),
                    no=tr("Leave it"),
                    key=key,
                )
                return again and await self.solve(happening, key, end=True)
        return False

    def _say_what_stopped_it(self, expected: str, actual: str) -> None:
        """Say why the solution went no further, and the way on: something is not as the lesson left it."""
        self._view.say(
            tr("expected: {expected}\nseen: {actual}", expected=expected, actual=actual),
            way_on=tr(
                "`x` begins the step again, with its files; if that is not enough, `X` begins the lab again."
            ),
            title=tr("That did not work"),
            severity="error",
            timeout=_FAILURE_SECONDS,
            topic="task",
        )

    def _say_what_was_written(self) -> None:
        """Name the files that the solution wrote: they show nowhere but in the lesson."""
        actions = self._controller.step.actions
        files = [block.name for block, solves in actions if solves and isinstance(block, FileBlock)]
        if files:
            self._view.say(tr("{name} was written.", name=", ".join(files)), way_on=tr("`e` shows it."))

    async def _confirm(self, title: str, text: str, *, yes: str, no: str, key: str) -> bool:
        # The question takes the next keys, so no key waits for the answer to be passed on.
        late = not self._controller.turns.rest()
        return await self._view.confirm(title, text, yes=yes, no=no, key=key, unasked=late)
